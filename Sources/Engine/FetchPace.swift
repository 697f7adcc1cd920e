import Core
import GitStore
import ManifestModel

/// How fast a run may fetch at a moment. Pure: what it is told decides.
struct FetchPace {
  enum State: Equatable {
    /// So many bytes in a second; `nil`: all that comes.
    case going(Int64?)
    /// The manifest wants nothing fetched until that minute of the day; `nil`: at no time.
    case quiet(until: Int?)

    /// What the client is told.
    var rate: Int64? {
      if case .going(let rate) = self { rate } else { 0 }
    }
  }

  /// `nil`: the rate is the same at all times.
  let schedule: RateSchedule?
  private(set) var state: State

  /// - Parameter rate: the client's, where no schedule says otherwise.
  init(schedule: RateSchedule?, rate: Int64?) {
    self.schedule = schedule
    state = .going(rate)
  }

  /// Decides anew.
  /// - Returns: what there is to say of the change.
  mutating func look(at time: GitTime) -> String? {
    let next = wanted(at: time)
    guard next != state else { return nil }
    defer { state = next }
    switch (state, next) {
    case (_, .quiet(let end)):
      return "paused\(end.map { " until \(Self.clock($0))" } ?? ""), as `limitRate` says"
    case (.quiet, .going): return "goes on, as `limitRate` says"
    case (.going, .going): return nil
    }
  }

  private func wanted(at time: GitTime) -> State {
    guard let schedule else { return state }
    let local = (time.seconds + Int64(time.offsetMinutes) * 60) % 86_400
    let minute = Int(local < 0 ? local + 86_400 : local) / 60
    switch schedule.rate(at: minute) {
    case .limit(let rate): return .going(rate.bytes)
    case .pause: return .quiet(until: schedule.pauseEnds(after: minute))
    case nil: return .going(nil)
    }
  }

  private static func clock(_ minute: Int) -> String {
    let (hours, minutes) = (minute / 60, minute % 60)
    return "\(hours < 10 ? "0" : "")\(hours):\(minutes < 10 ? "0" : "")\(minutes)"
  }
}
