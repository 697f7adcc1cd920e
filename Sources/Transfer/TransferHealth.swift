/// How well fetching goes as a whole, and whether to go carefully: one connection for one file.
///
/// Times are seconds on any clock that only goes forward.
package struct TransferHealth: Sendable {
  package enum Change: Sendable, Equatable {
    /// Into safe mode.
    case careful(reason: String)
    case usual
  }

  private struct Minute {
    var number: Int
    var tries = 0
    var errors = 0
    var timeouts = 0
  }

  /// Failures in a row, and shares of the last hour's tries, that are too many. A share counts from so
  /// many failures on: of a few tries it tells nothing.
  private static let mostInRow = 3
  private static let errorShare = 0.05
  private static let timeoutShare = 0.01
  private static let leastToCount = 5
  /// Tries in a row that went well before all is taken to be well.
  private static let calm = 8

  package private(set) var isCareful = false
  private var failuresInRow = 0
  private var successesInRow = 0
  private var hour: [Minute] = []

  package init() {}

  /// One connection brought its part, or was answered.
  package mutating func succeeded(at now: Double) -> Change? {
    failuresInRow = 0
    successesInRow += 1
    note(at: now) { $0.tries += 1 }
    guard isCareful, successesInRow >= Self.calm else { return nil }
    isCareful = false
    // What is over shall not count against what comes.
    hour = []
    return .usual
  }

  /// - Parameter broughtNothing: what failed on the way did bring a part of the file.
  package mutating func failed(
    isTimeout: Bool, broughtNothing: Bool, at now: Double
  ) -> Change? {
    successesInRow = 0
    failuresInRow = broughtNothing ? failuresInRow + 1 : 0
    note(at: now) { minute in
      minute.tries += 1
      minute.errors += 1
      if isTimeout { minute.timeouts += 1 }
    }
    guard !isCareful, let reason else { return nil }
    isCareful = true
    return .careful(reason: reason)
  }

  private var reason: String? {
    if failuresInRow >= Self.mostInRow { return "\(failuresInRow) failures in a row" }
    let tries = hour.reduce(0) { $0 + $1.tries }
    func share(_ count: Int, _ most: Double, _ word: String) -> String? {
      guard count >= Self.leastToCount, Double(count) > most * Double(tries) else { return nil }
      return "\(count) of the last \(tries) tries \(word)"
    }
    return share(hour.reduce(0) { $0 + $1.errors }, Self.errorShare, "failed")
      ?? share(hour.reduce(0) { $0 + $1.timeouts }, Self.timeoutShare, "timed out")
  }

  private mutating func note(at now: Double, _ change: (inout Minute) -> Void) {
    let number = Int(now / 60)
    hour.removeAll { $0.number <= number - 60 }
    if hour.last?.number != number { hour.append(Minute(number: number)) }
    change(&hour[hour.count - 1])
  }
}
