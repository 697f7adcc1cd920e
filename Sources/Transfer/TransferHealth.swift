/// How well fetching goes as a whole, and whether to go carefully: one connection for one file.
///
/// Times are seconds on any clock that only goes forward.
package struct TransferHealth: Sendable {
  package enum Change: Sendable, Equatable {
    /// Into safe mode.
    case careful(reason: String)
    case usual
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
  private var hour = LastHour()

  package init() {}

  /// One connection brought its part, or was answered.
  package mutating func succeeded(at now: Double) -> Change? {
    failuresInRow = 0
    successesInRow += 1
    hour.add(.answered, at: now)
    guard isCareful, successesInRow >= Self.calm else { return nil }
    isCareful = false
    // What is over shall not count against what comes.
    hour = LastHour()
    return .usual
  }

  /// - Parameter broughtNothing: what failed on the way did bring a part of the file.
  package mutating func failed(
    isTimeout: Bool, broughtNothing: Bool, at now: Double
  ) -> Change? {
    successesInRow = 0
    failuresInRow = broughtNothing ? failuresInRow + 1 : 0
    hour.add(isTimeout ? .timedOut : .failed, at: now)
    guard !isCareful, let reason = reason(at: now) else { return nil }
    isCareful = true
    return .careful(reason: reason)
  }

  private func reason(at now: Double) -> String? {
    if failuresInRow >= Self.mostInRow { return "\(failuresInRow) failures in a row" }
    let tries = hour.sum(at: now)
    func share(_ count: Int, _ most: Double, _ word: String) -> String? {
      guard count >= Self.leastToCount, Double(count) > most * Double(tries.count) else {
        return nil
      }
      return "\(count) of the last \(tries.count) tries \(word)"
    }
    return share(tries.errors, Self.errorShare, "failed")
      ?? share(tries.timeouts, Self.timeoutShare, "timed out")
  }
}
