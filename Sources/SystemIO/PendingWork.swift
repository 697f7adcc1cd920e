internal import Dispatch

/// Work on other threads that somebody has to wait for before its subject is given up.
package final class PendingWork: Sendable {
  private let group = DispatchGroup()

  package init() {}

  package func start(on executor: BlockingExecutor, _ body: @escaping @Sendable () -> Void) {
    group.enter()
    executor.start {
      body()
      self.group.leave()
    }
  }

  /// Blocks until all of it has ended.
  package func wait() { group.wait() }
}
