internal import Dispatch

/// A value that another thread makes while this one does something else.
package final class Later<Value: Sendable>: Sendable {
  private let made = Locked<Value?>(nil)
  private let group = DispatchGroup()

  package init(_ make: @escaping @Sendable () -> Value) {
    DispatchQueue.global().async(group: group) {
      let value = make()
      self.made.withLock { $0 = value }
    }
  }

  /// Waits for it. Blocks.
  package var value: Value {
    group.wait()
    guard let value = made.withLock({ $0 }) else { preconditionFailure("made before the end") }
    return value
  }
}
