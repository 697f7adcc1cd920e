import Synchronization

/// A number of places that tests take turns in, first come, first served.
///
/// All tests begin at once. Hundreds of servers and clients side by side have thousands of files open, and
/// each of them waits minutes for a processor; Foundation's `Process` reads beyond the end of a list of more
/// than some 1,300 open files.
final class Places: Sendable {
  private struct State {
    var free: Int
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let state: Mutex<State>

  init(_ count: Int) { state = Mutex(State(free: count)) }

  static let sandboxes = Places(16)
  /// Whether the test that runs has one of them.
  @TaskLocal static var isHeld = false

  func take() async {
    await withCheckedContinuation { continuation in
      let isFree = state.withLock { state in
        guard state.free > 0 else {
          state.waiting.append(continuation)
          return false
        }
        state.free -= 1
        return true
      }
      if isFree { continuation.resume() }
    }
  }

  func giveBack() {
    let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
      guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
      state.free += 1
      return nil
    }
    next?.resume()
  }
}
