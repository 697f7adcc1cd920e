/// A number of places that operations take turns in, first come, first served.
///
/// API calls and downloads have a set each, so that many of the one never hold up the other. A
/// place is held for a whole operation, redirects included: otherwise every waiting download would
/// resolve its URL (and use up quota) long before its turn to fetch.
final class Slots: Sendable {
  private struct State {
    var width: Int
    var taken = 0
    var waiting: [(ticket: Int, continuation: CheckedContinuation<Bool, Never>)] = []
    /// Tickets whose task was cancelled before it began to wait.
    var dropped: Set<Int> = []
    var nextTicket = 0
  }

  private enum Turn { case now, later, never }

  // The lock's race: a cancellation may come before, while or after its task joins the queue.
  private let state: Locked<State>

  init(_ count: Int) {
    self.state = Locked(State(width: max(1, count)))
  }

  /// How many could be had at once.
  var free: Int { state.withLock { $0.width - $0.taken } }

  /// Waits for a place; each success is to be paired with one `release()`.
  /// - Throws: `.cancelled` when the task is cancelled before its turn.
  func acquire() async throws(TransferError) {
    let ticket = state.withLock { state in
      state.nextTicket += 1
      return state.nextTicket
    }
    let isMine = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        switch join(ticket, continuation) {
        case .now: continuation.resume(returning: true)
        case .never: continuation.resume(returning: false)
        case .later: break
        }
      }
    } onCancel: {
      drop(ticket)
    }
    state.withLock { _ = $0.dropped.remove(ticket) }
    guard isMine else { throw .cancelled }
  }

  func release() {
    let next = state.withLock { state in
      state.taken -= 1
      return Self.admit(&state)
    }
    for continuation in next { continuation.resume(returning: true) }
  }

  /// Changes how many there are. Those above it that are taken stay so until they are given back.
  func resize(to count: Int) {
    let next = state.withLock { state in
      state.width = max(1, count)
      return Self.admit(&state)
    }
    for continuation in next { continuation.resume(returning: true) }
  }

  /// Those whose turn it is now.
  private static func admit(_ state: inout State) -> [CheckedContinuation<Bool, Never>] {
    let count = min(max(0, state.width - state.taken), state.waiting.count)
    defer { state.waiting.removeFirst(count) }
    state.taken += count
    return state.waiting.prefix(count).map(\.continuation)
  }

  private func join(_ ticket: Int, _ continuation: CheckedContinuation<Bool, Never>) -> Turn {
    state.withLock { state in
      if state.dropped.contains(ticket) { return .never }
      if state.taken < state.width {
        state.taken += 1
        return .now
      }
      state.waiting.append((ticket, continuation))
      return .later
    }
  }

  private func drop(_ ticket: Int) {
    let waiter = state.withLock { state -> CheckedContinuation<Bool, Never>? in
      guard let index = state.waiting.firstIndex(where: { $0.ticket == ticket }) else {
        state.dropped.insert(ticket)
        return nil
      }
      return state.waiting.remove(at: index).continuation
    }
    waiter?.resume(returning: false)
  }
}
