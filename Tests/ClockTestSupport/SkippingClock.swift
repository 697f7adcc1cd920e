import Synchronization

/// A clock on which nobody waits: who sleeps finds the time passed. The waits are remembered.
package final class SkippingClock: Clock {
  package struct Instant: InstantProtocol {
    var offset: Duration

    package func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
    package func duration(to other: Instant) -> Duration { other.offset - offset }
    package static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
  }

  private struct State {
    var time = Duration.zero
    var sleeps: [Duration] = []
  }

  private let state = Mutex(State())

  package init() {}

  package var now: Instant { Instant(offset: waited) }
  package var minimumResolution: Duration { .zero }
  /// The waits, each as far as others had not waited for it already.
  package var sleeps: [Duration] { state.withLock { $0.sleeps } }
  /// All of them together.
  package var waited: Duration { state.withLock { $0.time } }

  package func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    try Task.checkCancellation()
    // Whoever waits for another's work must let it run.
    await Task.yield()
    state.withLock { state in
      let rest = max(.zero, deadline.offset - state.time)
      state.sleeps.append(rest)
      state.time += rest
    }
  }
}
