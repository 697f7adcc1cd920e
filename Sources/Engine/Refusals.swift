import CatalogueModel
import Core
import FoundationEssentials
import SystemIO

/// Final refusals that downloads met, kept so that the next plan knows them: `refusals.jsonl`, one
/// line each, appended; of several about one entry the last counts.
struct Refusals {
  /// How long a refusal without an end of its own is believed.
  static let lifetime: Int64 = 24 * 3_600

  private struct Line: Codable {
    var version = 1
    var time: Int64
    var model: Int64
    var modelVersion: Int64
    var file: Int64
    var sha256: String
    var code: String
    /// For `gated`: until when, in milliseconds since 1970.
    var until: Int64?
    /// Whether a token was sent: one that comes later changes the answer.
    var withToken: Bool
  }

  private let path: AbsolutePath
  private let fileSystem: FileSystem

  init(path: AbsolutePath, fileSystem: FileSystem) {
    self.path = path
    self.fileSystem = fileSystem
  }

  /// The refusals that still hold. A line that cannot be read is passed over: it only saves a call.
  func current(now: Int64, hasToken: Bool) -> [EntryIdentity: BlockedReason] {
    var found: [EntryIdentity: BlockedReason] = [:]
    guard let bytes = try? fileSystem.read(path, limit: 64 << 20) else { return [:] }
    for text in bytes.split(separator: UInt8(ascii: "\n")) {
      guard let line = try? JSONDecoder().decode(Line.self, from: Data(text)),
        line.version == 1, let digest = Digest(hex: line.sha256), let reason = Self.reason(line)
      else { continue }
      let identity = EntryIdentity(
        key: FileKey(
          model: ModelID(line.model), version: VersionID(line.modelVersion),
          file: FileID(line.file)), digest: digest)
      found[identity] = Self.holds(line, reason, now: now, hasToken: hasToken) ? reason : nil
    }
    return found
  }

  private static func holds(
    _ line: Line, _ reason: BlockedReason, now: Int64, hasToken: Bool
  ) -> Bool {
    if hasToken, !line.withToken { return false }
    if case .gated(let until?) = reason { return now * 1_000 < until.milliseconds }
    return now < line.time + lifetime
  }

  private static func reason(_ line: Line) -> BlockedReason? {
    switch line.code {
    case "login-required": .loginRequired
    case "quota": .quota
    case "region": .region
    case "gated": .gated(until: line.until.map { Timestamp(milliseconds: $0) })
    case "no-grant": .noGrant
    case "downloads-disabled": .downloadsDisabled
    case "archived": .archived
    case "gone": .gone
    default: nil
    }
  }

  /// Remembers what a run met.
  func append(
    _ refusals: [(EntryIdentity, BlockedReason)], now: Int64, withToken: Bool
  ) throws(SystemError) {
    guard !refusals.isEmpty else { return }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var bytes: [UInt8] = []
    // Another token is tried at once: what one was refused is not remembered.
    for (identity, reason) in refusals where reason != .tokenRefused {
      var until: Int64?
      if case .gated(let end) = reason { until = end?.milliseconds }
      let line = Line(
        time: now, model: identity.key.model.rawValue, modelVersion: identity.key.version.rawValue,
        file: identity.key.file.rawValue, sha256: identity.digest.hex, code: reason.code,
        until: until, withToken: withToken)
      guard let data = try? encoder.encode(line) else { continue }
      bytes += Array(data) + [UInt8(ascii: "\n")]
    }
    try fileSystem.append(bytes, to: path)
  }
}
