/// How often one host may be asked, learned from how quickly it answers. A value: whoever has the
/// clock hands in the times, as durations since any one beginning.
///
/// A bucket of tokens: a run that asks little is never held up, one that asks much goes at `rate`.
package struct Pace: Sendable {
  /// In calls.
  private let burst: Double
  /// In calls a second.
  private let base: Double
  package private(set) var rate: Double
  private var tokens: Double
  private var filled: Duration
  private var answers: [Double] = []
  private var sinceChange = 0
  private var pausedUntil: Duration?
  /// Refusals in a row that named no time.
  private var refusals = 0

  /// Over how many answers the mean is taken, in how small a number of them it may change the rate
  /// again, and what counts as slow and quick, in seconds.
  private static let window = 100
  private static let step = 10
  private static let slow = 2.0
  private static let quick = 0.5
  /// After a refusal without a time: the first wait, doubled each time up to the longest.
  private static let refusalPause: Duration = .seconds(60)
  private static let longestPause: Duration = .seconds(600)

  /// - Parameters:
  ///   - base: calls a second to begin with; the rate never exceeds twice that, nor falls below a
  ///     tenth.
  ///   - burst: calls that may be made before the rate counts.
  package init(base: Double = 10, burst: Int = 40, now: Duration = .zero) {
    self.base = base
    self.burst = Double(burst)
    rate = base
    tokens = Double(burst)
    filled = now
  }

  /// Takes one call's turn.
  /// - Returns: how long to wait before it is made.
  package mutating func take(at now: Duration) -> Duration {
    tokens = min(burst, tokens + (now - filled).inSeconds * rate)
    filled = now
    tokens -= 1
    let turn: Duration = tokens < 0 ? .seconds(-tokens / rate) : .zero
    return max(turn, (pausedUntil ?? now) - now)
  }

  /// A call was answered, well or badly.
  package mutating func answered(in took: Duration) {
    answers.append(took.inSeconds)
    if answers.count > Self.window { answers.removeFirst() }
    sinceChange += 1
    guard sinceChange >= Self.step else { return }
    sinceChange = 0
    let mean = answers.reduce(0, +) / Double(answers.count)
    if mean > Self.slow { rate = max(base / 10, rate * 0.8) }
    if mean < Self.quick { rate = min(base * 2, rate * 1.1) }
  }

  /// The host refused for being asked too often (429), or asked for a pause.
  /// - Parameter asked: for how long, where it said so; else the pause is long, and longer each time.
  /// - Returns: how long nobody asks it.
  @discardableResult
  package mutating func refused(asked: Duration?, at now: Duration) -> Duration {
    let own = min(Self.longestPause, Self.refusalPause * (1 << min(refusals, 4)))
    if asked == nil { refusals += 1 }
    let pause = asked ?? own
    pausedUntil = max(pausedUntil ?? now, now + pause)
    return pause
  }

  /// The host served a call again.
  package mutating func served() { refusals = 0 }
}

extension Duration {
  package var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) / 1e18
  }
}
