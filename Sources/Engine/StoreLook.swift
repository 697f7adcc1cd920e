import ContentStore
import Core
import SystemIO

/// Tells pure decisions whether the store has an object. They cannot throw: what went wrong is raised
/// afterwards, before anything is done on such an answer.
final class StoreLook: Sendable {
  private let store: ContentStore
  private let failure = Locked<StoreError?>(nil)

  init(_ store: ContentStore) { self.store = store }

  /// Whether it is there, by its looks in good order.
  func has(_ digest: Digest) -> Bool {
    do {
      return try store.stat(digest)?.isSealed ?? false
    } catch {
      failure.withLock { $0 = $0 ?? error }
      return false
    }
  }

  /// - Throws: when the store could not be asked.
  func requireAnswers() throws(EngineError) {
    guard let error = failure.withLock({ $0 }) else { return }
    throw EngineError(
      "C032", "cannot look at the store `\(store.root)`: \(error)", notes: ["nothing was changed"])
  }
}
