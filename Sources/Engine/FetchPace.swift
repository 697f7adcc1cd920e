import Core
import GitStore
import ManifestModel
import SystemIO

/// How fast a run may fetch at a moment. Pure: what it is told decides.
struct FetchPace {
  enum State: Equatable {
    /// So many bytes in a second; `nil`: all that comes.
    case going(Int64?)
    /// The manifest wants nothing fetched until that minute of the day; `nil`: at no time.
    case quiet(until: Int?)
    /// The disk has less room than is to stay free, since so many seconds after 1970.
    case full(since: Int64)

    /// What the client is told.
    var rate: Int64? {
      if case .going(let rate) = self { rate } else { 0 }
    }

    /// What the user is told.
    var hold: FetchHold? {
      switch self {
      case .going: nil
      case .quiet(let end): .quiet(until: end.map(FetchPace.clock))
      case .full: .full
      }
    }
  }

  /// What is seen at one look.
  struct Sight {
    var time: GitTime
    /// On the store's file system; `nil` where that is not known or does not matter.
    var space: FreeSpace?
    /// What the process holds; likewise.
    var memory: ByteCount?
  }

  /// For how many seconds a run waits for room.
  static let patience: Int64 = 600

  /// Where no schedule says otherwise.
  let usual: Int64?
  /// `nil`: the rate is the same at all times.
  let schedule: RateSchedule?
  let limits: LimitsSpec
  private(set) var state: State
  /// One file at a time, over one connection, because memory is short.
  private(set) var isNarrow = false
  private var saidNarrow = false

  init(usual: Int64?, schedule: RateSchedule?, limits: LimitsSpec = LimitsSpec()) {
    self.usual = usual
    self.schedule = schedule
    self.limits = limits
    state = .going(usual)
  }

  /// Whether there has been no room for too long.
  func isOver(_ sight: Sight) -> Bool {
    if case .full(let since) = state { sight.time.seconds - since >= Self.patience } else { false }
  }

  /// What is to stay free on a disk of that size.
  func reserve(_ space: FreeSpace) -> ByteCount { limits.disk?.bytes(of: space.total) ?? .zero }

  /// Decides anew.
  /// - Returns: what there is to say of the change.
  mutating func look(_ sight: Sight) -> [String] {
    let next = wanted(sight)
    defer { state = next }
    let notes = [next == state ? nil : note(of: next, sight), narrow(sight)]
    return notes.compactMap { $0 }
  }

  private func note(of next: State, _ sight: Sight) -> String? {
    switch (state, next) {
    case (_, .quiet(let end)):
      return "paused\(end.map { " until \(Self.clock($0))" } ?? ""), as `limitRate` says"
    case (_, .full):
      guard let space = sight.space else { return nil }
      return "paused: \(space.available) free on the disk of the store, \(reserve(space)) are to "
        + "stay free; goes on when there is room, Ctrl-C stops and keeps what came"
    case (.quiet, .going): return "goes on, as `limitRate` says"
    case (.full, .going): return "goes on: there is room again"
    case (.going, .going): return nil
    }
  }

  private func wanted(_ sight: Sight) -> State {
    let byClock = byClock(sight.time)
    guard case .going = byClock, let space = sight.space else { return byClock }
    let reserve = reserve(space).bytes
    if case .full = state {
      // A little more than that, so that it does not stop at once again.
      return space.available.bytes - reserve >= reserve / 20 ? byClock : state
    }
    return space.available.bytes < reserve ? .full(since: sight.time.seconds) : byClock
  }

  private func byClock(_ time: GitTime) -> State {
    guard let schedule else { return .going(usual) }
    let local = (time.seconds + Int64(time.offsetMinutes) * 60) % 86_400
    let minute = Int(local < 0 ? local + 86_400 : local) / 60
    switch schedule.rate(at: minute) {
    case .limit(let rate): return .going(rate.bytes)
    case .pause: return .quiet(until: schedule.pauseEnds(after: minute))
    case nil: return .going(nil)
    }
  }

  /// Above the limit for memory less is done at once, until a tenth of it is free again.
  private mutating func narrow(_ sight: Sight) -> String? {
    guard let limit = limits.memory, let memory = sight.memory else { return nil }
    if isNarrow {
      isNarrow = memory.bytes >= limit.bytes / 10 * 9
      return nil
    }
    guard memory > limit else { return nil }
    isNarrow = true
    defer { saidNarrow = true }
    return saidNarrow
      ? nil
      : "one file at a time, over one connection: civsync holds \(memory) of memory, and `limits` "
        + "says \(limit)"
  }

  private static func clock(_ minute: Int) -> String {
    let (hours, minutes) = (minute / 60, minute % 60)
    return "\(hours < 10 ? "0" : "")\(hours):\(minutes < 10 ? "0" : "")\(minutes)"
  }
}
