internal import Dispatch

/// Threads of their own for work that blocks, so that it never holds up the cooperative pool,
/// which has only as many threads as the machine has processors.
package final class BlockingExecutor: Sendable {
  private typealias Work = @Sendable () -> Void

  private struct State {
    var running = 0
    var waiting: [Work] = []
    /// Where the next piece of work stands; the ones before it are done.
    var next = 0

    mutating func takeNext() -> Work? {
      guard next < waiting.count else {
        waiting.removeAll()
        next = 0
        return nil
      }
      defer { next += 1 }
      return waiting[next]
    }
  }

  private let queue: DispatchQueue
  private let width: Int
  private let state = Locked(State())

  /// - Parameters:
  ///   - label: shows in debuggers.
  ///   - width: how many pieces of work may run at once, at least 1; with 1 they run in order.
  package init(label: String, width: Int) {
    queue = DispatchQueue(label: label, attributes: .concurrent)
    self.width = max(1, width)
  }

  /// Runs `body` on one of the threads and waits for it without blocking the caller's thread.
  /// Cancellation does not interrupt it: `body` asks a flag of its own.
  package func run<Value: Sendable, Failure: Error>(
    _ body: @escaping @Sendable () throws(Failure) -> Value
  ) async throws(Failure) -> Value {
    let result = await withCheckedContinuation {
      (continuation: CheckedContinuation<Result<Value, Failure>, Never>) in
      submit { continuation.resume(returning: Result { () throws(Failure) in try body() }) }
    }
    return try result.get()
  }

  /// Runs `body` on one of the threads, some time later.
  package func start(_ body: @escaping @Sendable () -> Void) { submit(body) }

  private func submit(_ work: @escaping Work) {
    let startsThread = state.withLock { state in
      state.waiting.append(work)
      guard state.running < width else { return false }
      state.running += 1
      return true
    }
    if startsThread { queue.async { self.drain() } }
  }

  /// Works until nothing waits; counting down under the same lock as the last look, so that no
  /// work is left behind.
  private func drain() {
    while true {
      let work: Work? = state.withLock { state in
        let work = state.takeNext()
        if work == nil { state.running -= 1 }
        return work
      }
      guard let work else { return }
      work()
    }
  }
}
