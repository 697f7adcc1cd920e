package import Core
internal import SystemIO

/// Receives the bytes of one object, hashes them as they pass, and holds the object's lock.
///
/// Used from one thread at a time: `start`, `append`… , then one of ``finish()``, ``abandon()`` and
/// ``discard()``. Dropped without any of them it is abandoned.
package final class ObjectWriter: ObjectSink {
  struct State: ~Copyable {
    /// The locked partial file; `nil` when there is nothing to write (any more).
    var file: OpenFile?
    var hasher = ContentHasher()
    var received: Int64 = 0
    var journal = PartialJournal()
    /// Up to where the disk has been told to begin writing.
    var flushed: Int64 = 0
    /// Whether the object is in the store, or verified and waits to be published.
    var isComplete = false
  }

  package let digest: Digest
  /// The object's length where the catalogue or the lock knows it.
  package let length: Int64?
  private let store: ContentStore
  private let state: Locked<State>

  init(_ digest: Digest, length: Int64?, store: ContentStore, state: consuming State) {
    self.digest = digest
    self.length = length
    self.store = store
    self.state = Locked(state)
  }

  /// How many bytes are there in good order; they have been hashed.
  package var received: Int64 { state.withLock { $0.received } }
  package var validator: String? { state.withLock { $0.journal.validator } }

  /// Nothing need be fetched: the store has the object, or all its bytes were found on the disk
  /// and proved right. ``finish()`` may be called at once.
  package var isComplete: Bool { state.withLock { $0.isComplete } }

  package func start(
    at offset: Int64, validator: String?, total: Int64?
  ) throws(StoreError) {
    try state.withLock { state throws(StoreError) in
      guard state.file != nil else { throw .closed(digest) }
      if let length, let total, length != total {
        throw .lengthMismatch(digest: digest, expected: length, actual: total)
      }
      guard offset == 0 || offset == state.received else {
        throw .wrongOffset(digest: digest, expected: state.received, actual: offset)
      }
      let journal = PartialJournal(validator: validator, total: total ?? length)
      try onDisk { () throws(SystemError) in
        if offset == 0 {
          try state.file?.truncate(to: 0)
          state.received = 0
          state.flushed = 0
          state.hasher = ContentHasher()
        }
        if journal != state.journal || offset == 0 {
          try store.writeJournal(journal, digest)
          state.journal = journal
        }
        if let total = journal.total { try reserve(total, &state) }
      }
    }
  }

  /// Takes the room now, so that a full disk shows before hours of fetching and not after.
  private func reserve(_ total: Int64, _ state: inout State) throws(SystemError) {
    guard total > state.received else { return }
    do {
      try state.file?.reserve(total)
    } catch  where error.isUnsupported {
      // Then the disk shows it when it is full.
    }
  }

  package func append(_ bytes: UnsafeRawBufferPointer) throws(StoreError) {
    try state.withLock { state throws(StoreError) in
      guard state.file != nil else { throw .closed(digest) }
      let end = state.received + Int64(bytes.count)
      if let expected = length ?? state.journal.total, end > expected {
        throw .lengthMismatch(digest: digest, expected: expected, actual: end)
      }
      try onDisk { () throws(SystemError) in
        try unsafe state.file?.write(bytes, at: state.received)
      }
      unsafe state.hasher.update(bytes)
      state.received = end
      if end - state.flushed >= Self.flushSize {
        // A hint: where it is not taken, publishing waits a little longer.
        try? state.file?.startWriteback(at: state.flushed, length: end - state.flushed)
        state.flushed = end
      }
    }
  }

  private static let flushSize: Int64 = 32 << 20

  /// Ends the writing: compares length and digest, and leaves the object to
  /// ``ContentStore/publish()``. Does nothing when ``isComplete``.
  /// - Throws: ``StoreError/lengthMismatch(digest:expected:actual:)`` when bytes are missing: they
  ///   stay for another attempt. ``StoreError/digestMismatch(expected:actual:length:)`` when they
  ///   are wrong: they are gone.
  package func finish() throws(StoreError) {
    try state.withLock { state throws(StoreError) in
      if state.isComplete { return }
      guard state.file != nil else { throw .closed(digest) }
      if let expected = length ?? state.journal.total, expected != state.received {
        throw .lengthMismatch(digest: digest, expected: expected, actual: state.received)
      }
      let actual = state.hasher.digest()
      guard actual == digest else {
        let length = state.received
        try onDisk { () throws(SystemError) in try removeFiles(&state) }
        throw .digestMismatch(expected: digest, actual: actual, length: length)
      }
      try onDisk { () throws(SystemError) in
        if let file = state.file.take() {
          try store.acceptVerified(file, digest)
        }
      }
      state.isComplete = true
    }
  }

  /// Ends the writing and keeps what came, so that a later writer goes on there.
  package func abandon() {
    state.withLock { state in
      if state.received == 0 {
        try? removeFiles(&state)
      } else {
        // Gives back the room that was reserved behind the last byte.
        try? state.file?.truncate(to: state.received)
        state.file = nil
      }
    }
  }

  /// Ends the writing and throws away what came. An object that is complete stays.
  package func discard() throws(StoreError) {
    try state.withLock { state throws(StoreError) in
      try onDisk { () throws(SystemError) in try removeFiles(&state) }
    }
  }

  /// For the store's own ways of filling an object.
  func withState(
    _ body: (inout State) throws(SystemError) -> Void
  ) throws(StoreError) {
    try state.withLock { state throws(StoreError) in
      try onDisk { () throws(SystemError) in try body(&state) }
    }
  }

  private func removeFiles(_ state: inout State) throws(SystemError) {
    guard state.file != nil else { return }
    defer { state.file = nil }
    state.received = 0
    try store.files.unlink(store.partialPath(digest))
    try store.files.unlink(store.journalPath(digest))
  }
}
