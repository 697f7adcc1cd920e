internal import Glibc

/// A value that one thread at a time may touch.
///
/// A `pthread_mutex_t` and not `Synchronization.Mutex`, for which the thread sanitizer reports
/// races that are none.
@safe package final class Locked<Value: ~Copyable>: @unchecked Sendable {
  // Safety: `value` is touched only between lock and unlock of `mutex`, which is allocated once
  // and keeps its address until deinit, when no other reference exists.
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private var value: Value

  package init(_ value: consuming Value) {
    self.value = value
    unsafe mutex = .allocate(capacity: 1)
    unsafe mutex.initialize(to: pthread_mutex_t())
    unsafe pthread_mutex_init(mutex, nil)
  }

  deinit {
    unsafe pthread_mutex_destroy(mutex)
    unsafe mutex.deallocate()
  }

  /// Calls `body` with the value while no other thread can.
  package func withLock<Result: ~Copyable, Failure: Error>(
    _ body: (inout Value) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    return try body(&value)
  }
}
