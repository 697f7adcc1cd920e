internal import Glibc

/// A mutual exclusion lock around a value that one thread at a time may use.
///
/// `pthread_mutex` and not `Synchronization.Mutex`, of which the thread sanitizer reports races
/// that are none.
@safe final class PosixLock<Value>: @unchecked Sendable {
  // Safety: `value` is reached only in `withLock`, which holds `mutex`, and in `deinit`, when
  // nobody else holds the object. The mutex lives on the heap, where its address never changes.
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private var value: Value

  init(_ value: Value) {
    unsafe mutex = .allocate(capacity: 1)
    unsafe mutex.initialize(to: pthread_mutex_t())
    unsafe pthread_mutex_init(mutex, nil)
    self.value = value
  }

  deinit {
    unsafe pthread_mutex_destroy(mutex)
    unsafe mutex.deallocate()
  }

  func withLock<Result, Failure: Error>(
    _ body: (inout Value) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    return try body(&value)
  }
}
