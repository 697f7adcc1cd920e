/// Keeps a host that fails from being asked again and again. A value: whoever has the clock hands in
/// the times, as durations since any one beginning.
///
/// Closed, everybody may ask. After so many failures in a row it opens: nobody asks for a while, then
/// one probe does. A probe that succeeds closes it, one that fails opens it for twice as long.
package struct Breaker: Sendable {
  package enum Admission: Sendable, Equatable {
    case ask
    /// Ask, alone: whether the host is back depends on it.
    case probe
    /// Not before so long.
    case wait(Duration)
    /// Not in this run any more.
    case down
  }

  /// What a result changed, for those who tell people.
  package enum Change: Sendable, Equatable {
    case opened(for: Duration)
    case closed
    case gaveUp
  }

  private enum State {
    case closed
    case open(until: Duration)
    case probing
    case down
  }

  private var state = State.closed
  private var failures = 0
  private var failedProbes = 0
  private var pause = Self.firstPause

  private static let firstPause: Duration = .seconds(30)
  private static let longestPause: Duration = .seconds(300)
  /// How long those wait who come while a probe is under way.
  private static let probeTime: Duration = .seconds(1)

  /// Failures in a row that open it, and probes in a row whose failure is the end of it.
  private let threshold: Int
  private let mostProbes: Int

  package init(threshold: Int = 5, mostProbes: Int = 2) {
    self.threshold = threshold
    self.mostProbes = mostProbes
  }

  package var isOpen: Bool {
    switch state {
    case .closed: false
    case .open, .probing, .down: true
    }
  }

  /// What ``admit(at:)`` would say, without taking a probe's turn.
  package func foresee(at now: Duration) -> Admission {
    var copy = self
    return copy.admit(at: now)
  }

  package mutating func admit(at now: Duration) -> Admission {
    switch state {
    case .closed: return .ask
    case .down: return .down
    case .probing: return .wait(Self.probeTime)
    case .open(let until) where until > now: return .wait(until - now)
    case .open:
      state = .probing
      return .probe
    }
  }

  /// The host answered like one that works.
  package mutating func succeeded() -> Change? {
    failures = 0
    guard isOpen else { return nil }
    if case .down = state { return nil }
    state = .closed
    failedProbes = 0
    pause = Self.firstPause
    return .closed
  }

  /// It answered like one that does not, or not at all.
  package mutating func failed(at now: Duration) -> Change? {
    failures += 1
    switch state {
    case .down: return nil
    case .closed:
      guard failures >= threshold else { return nil }
      return open(at: now)
    // A call that was under way when it opened says nothing new.
    case .open: return nil
    case .probing:
      failedProbes += 1
      guard failedProbes < mostProbes else {
        state = .down
        return .gaveUp
      }
      pause = min(Self.longestPause, pause * 2)
      return open(at: now)
    }
  }

  /// A probe ended without any word on the host, because its task was cancelled: the next one probes.
  package mutating func abandoned(at now: Duration) {
    if case .probing = state { state = .open(until: now) }
  }

  /// It is not asked any more in this run.
  package mutating func giveUp() { state = .down }

  private mutating func open(at now: Duration) -> Change {
    state = .open(until: now + pause)
    return .opened(for: pause)
  }
}
