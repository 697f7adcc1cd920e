internal import Core
internal import NIOConcurrencyHelpers

/// What all connections share: the catalogue as it stands, faults, counters, limits.
///
/// A value behind one lock; whoever needs more than one fact takes a copy (`snapshot`) and works on
/// that without the lock.
final class World: Sendable {
  struct State: Sendable {
    var catalogue: Catalogue
    var faults = FaultBook()
    var counts = RequestCounts()
    /// What the account has marked; `nil`: the models whose id divides by 7.
    var favorites: Set<ModelID>?
    var throttle: Int?
    /// Successful resolutions that are left before 429, where a quota is set.
    var quota: Int?
    /// Signed addresses that were rejected for good, by their signature.
    var revoked: Set<String> = []
    /// Resolutions so far.
    var serial: Int64 = 0
    /// Versions published by the control route so far.
    var published: Int64 = 0
    /// Replacements made by the control route so far.
    var replacements: Int64 = 0
  }

  let tokens: Set<String>
  let givesValidators: Bool
  let seed: UInt64
  let signatureLifetime: Int64
  let digests = DigestCache()
  private let state: NIOLockedValueBox<State>
  private let started = ContinuousClock.now

  init(catalogue: Catalogue, options: SandboxOptions) {
    tokens = options.tokens
    givesValidators = options.givesValidators
    seed = options.seed
    signatureLifetime = options.signatureLifetime
    state = NIOLockedValueBox(
      State(catalogue: catalogue, throttle: options.throttleBytesPerSecond))
  }

  var snapshot: State { state.withLockedValue { $0 } }

  func change<Result>(_ body: (inout State) throws -> Result) rethrows -> Result {
    try state.withLockedValue { try body(&$0) }
  }

  func nextSerial() -> Int64 {
    change { state in
      state.serial += 1
      return state.serial
    }
  }

  /// Seconds since 1970 by the sandbox's own clock: it starts at the same moment in every run, so
  /// that what it publishes carries the same dates in every run.
  var now: Int64 { SandboxDate.epoch + (ContinuousClock.now - started).components.seconds }
}

/// Dates as the site writes them.
enum SandboxDate {
  /// 2026-10-01T00:00:00Z: later than every date of the made catalogue.
  static let epoch: Int64 = 1_790_812_800

  /// The `days`-th day after the sandbox's epoch, at noon.
  static func day(_ days: Int64) -> String { text(epoch + days * 86_400 + 43_200) }

  /// ISO 8601 in UTC with milliseconds (civil-from-days over the Gregorian cycle of 400 years).
  static func text(_ seconds: Int64) -> String {
    let days = seconds / 86_400 + 719_468
    let rest = seconds % 86_400
    let era = days / 146_097
    let dayOfEra = days - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shifted + 2) / 5 + 1
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return "\(year)-\(two(month))-\(two(day))"
      + "T\(two(rest / 3_600)):\(two(rest / 60 % 60)):\(two(rest % 60)).000Z"
  }

  private static func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : String(value) }
}
