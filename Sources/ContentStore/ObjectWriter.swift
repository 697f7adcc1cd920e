package import Core
internal import SystemIO

/// Receives the bytes of one object in pieces of any order, and holds the object's lock.
///
/// The digest follows the contiguous front on a thread of its own, which reads what was written while
/// it is still in memory. Another one has the system write whole pieces out early and notes them in
/// the journal, for a later writer to go on from.
///
/// `start`, `write`… come from one thread at a time, then one of ``finish()``, ``abandon()`` and
/// ``discard()``. Dropped without any of them it is abandoned.
package final class ObjectWriter: ObjectSink {
  struct State {
    /// The locked partial file; `nil` when there is nothing to write (any more).
    var file: ObjectFile?
    var origin = PartialOrigin()
    var table = PieceTable()
    var journal: OpenJournal?
    /// Whether there may be a journal's file: an earlier writer left bytes, or this one made it.
    var mayHaveJournal = false
    /// It could not be made: the last try is when the writing ends.
    var hasNoJournal = false
    /// Whether a thread is at work on the digest, or on its way there; and up to where one was.
    var isHashing = false
    var hashed: Int64 = 0
    /// Whole pieces that are not in the journal yet.
    var unsaved: [PieceTable.Record] = []
    var isSaving = false
    /// Whether the object is in the store, or verified and waits to be published.
    var isComplete = false

    /// Whether there is something to note. A small object, or one that is whole at a stroke, is not
    /// worth a journal.
    var isWorthSaving: Bool {
      if journal != nil { return !unsaved.isEmpty }
      return !hasNoJournal && table.received > ObjectWriter.journalLimit
        && table.received != table.total
    }
  }

  /// Objects up to here are hashed at once, from the bytes in hand; of longer ones so many bytes wait
  /// before a thread is woken for them.
  private static let smallLimit: Int64 = 1 << 20
  /// Objects up to here are not worth a journal while they come.
  private static let journalLimit: Int64 = 128 << 10

  package let digest: Digest
  /// The object's length where the catalogue or the lock knows it.
  package let length: Int64?
  let store: ContentStore
  let state: Locked<State>
  let front: Locked<FrontHasher>
  private let work = PendingWork()
  /// One thread at a time makes, replaces or removes the journal.
  private let journalling = Locked<Void>(())

  init(
    _ digest: Digest, length: Int64?, store: ContentStore, state: State,
    front: consuming FrontHasher = FrontHasher()
  ) {
    self.digest = digest
    self.length = length
    self.store = store
    self.state = Locked(state)
    self.front = Locked(front)
  }

  package var received: Int64 { state.withLock { $0.table.received } }
  package var validator: String? { state.withLock { $0.origin.validator } }
  package var total: Int64? { state.withLock { $0.table.total } }
  package var missing: [Range<Int64>] { state.withLock { $0.table.missing } }
  package var pieceSize: Int64 { PieceTable.pieceSize }

  /// Nothing need be fetched: the store has the object, or all its bytes were found on the disk
  /// and proved right. ``finish()`` may be called at once.
  package var isComplete: Bool { state.withLock { $0.isComplete } }

  package func start(
    keeping: Bool, validator: String?, total: Int64?
  ) throws(StoreError) {
    let file = try file()
    if let length, let total, length != total {
      throw .lengthMismatch(digest: digest, expected: length, actual: total)
    }
    let origin = PartialOrigin(
      validator: validator, total: total ?? length, boot: store.currentBoot())
    if !keeping { try drop(file) }
    let isNew = state.withLock { state in
      let isNew = state.origin != origin
      state.origin = origin
      if let total = origin.total { state.table.learn(total: total) }
      return isNew
    }
    try onDisk { () throws(SystemError) in
      if isNew { try rewriteJournal() }
      if let total = origin.total { try reserve(total, file) }
    }
  }

  private func removeJournal() throws(SystemError) {
    try journalling.withLock { _ throws(SystemError) in
      guard state.withLock({ $0.mayHaveJournal }) else { return }
      try store.files.unlink(store.journalPath(digest))
      try store.files.unlink(store.formerJournalPath(digest))
      state.withLock { state in
        state.mayHaveJournal = false
        state.journal = nil
      }
    }
  }

  /// Forgets what came.
  private func drop(_ file: ObjectFile) throws(StoreError) {
    // In this order: who hashes asks for the state while it holds the front.
    try front.withLock { front throws(StoreError) in
      front = FrontHasher()
      let isEmpty = state.withLock { state in
        defer {
          state.table = PieceTable()
          state.origin = PartialOrigin()
          state.journal = nil
          state.unsaved = []
          state.hashed = 0
        }
        return state.table.received == 0
      }
      if isEmpty { return }
      try onDisk { () throws(SystemError) in
        try file.handle.truncate(to: 0)
        try removeJournal()
      }
    }
  }

  /// Where there is something to go on from, a journal says of what.
  func rewriteJournal() throws(SystemError) {
    try journalling.withLock { _ throws(SystemError) in
      let (origin, records) = state.withLock { ($0.origin, $0.table.records) }
      guard !records.isEmpty else { return }
      let journal = try OpenJournal(store.journalPath(digest), origin, records, store.files)
      state.withLock { state in
        state.journal = journal
        state.mayHaveJournal = true
      }
    }
  }

  /// Takes the room for a large object now, so that a full disk shows before hours of fetching and not
  /// after.
  private func reserve(_ total: Int64, _ file: ObjectFile) throws(SystemError) {
    guard total > max(received, Self.smallLimit) else { return }
    do {
      try file.handle.reserve(total)
    } catch  where error.isUnsupported {
      // Then the disk shows it when it is full.
    }
  }

  package func write(_ bytes: UnsafeRawBufferPointer, at offset: Int64) throws(StoreError) {
    let file = try file()
    let end = offset + Int64(bytes.count)
    let (next, total) = state.withLock { ($0.table.next(at: offset), $0.table.total) }
    if let expected = length ?? total, end > expected {
      throw .lengthMismatch(digest: digest, expected: expected, actual: end)
    }
    guard offset == next else {
      throw .wrongOffset(digest: digest, expected: next, actual: offset)
    }
    try onDisk { () throws(SystemError) in try unsafe file.handle.write(bytes, at: offset) }
    let isSmall = (total ?? end) <= Self.smallLimit
    if isSmall { front.withLock { unsafe $0.take(bytes, at: offset) } }
    let (hashes, saves) = state.withLock { state -> (Bool, Bool) in
      state.unsaved += unsafe state.table.take(bytes, at: offset)
      let hashes =
        !isSmall && !state.isHashing && state.table.front >= state.hashed + Self.smallLimit
      state.isHashing = state.isHashing || hashes
      let saves = !state.isSaving && state.isWorthSaving
      state.isSaving = state.isSaving || saves
      return (hashes, saves)
    }
    if hashes { work.start(on: store.hashers) { self.hashAhead() } }
    if saves { work.start(on: store.savers) { self.savePieces() } }
  }

  private func file() throws(StoreError) -> ObjectFile {
    guard let file = state.withLock({ $0.file }) else { throw .closed(digest) }
    return file
  }

  /// Ends the writing: compares length and digest, and leaves the object to
  /// ``ContentStore/publish()``. Does nothing when ``isComplete``.
  /// - Throws: ``StoreError/lengthMismatch(digest:expected:actual:)`` when bytes are missing: they
  ///   stay for another attempt. ``StoreError/digestMismatch(expected:actual:length:)`` when they
  ///   are wrong: they are gone.
  package func finish() throws(StoreError) {
    if isComplete { return }
    let file = try file()
    let (received, total, isWhole) = state.withLock {
      ($0.table.received, length ?? $0.table.total, $0.table.front == $0.table.received)
    }
    if let total, total != received || !isWhole {
      throw .lengthMismatch(digest: digest, expected: total, actual: received)
    }
    work.wait()
    let actual = try front.withLock { front throws(StoreError) in
      try onDisk { () throws(SystemError) in try front.follow(file.handle, to: received) }
      return front.digest
    }
    guard actual == digest else {
      try onDisk { () throws(SystemError) in try removeFiles() }
      throw .digestMismatch(expected: digest, actual: actual, length: received)
    }
    try onDisk { () throws(SystemError) in
      try store.acceptVerified(file, digest, size: received)
      try removeJournal()
    }
    state.withLock { state in
      state.file = nil
      state.journal = nil
      state.isComplete = true
    }
  }

  /// Ends the writing and keeps what came, so that a later writer goes on there.
  package func abandon() {
    guard let file = state.withLock({ $0.file }) else { return }
    work.wait()
    if received == 0 {
      try? removeFiles()
    } else {
      try? keepRecords()
      // Gives back the room that was reserved behind the last byte.
      if let size = try? file.handle.status().size { try? file.handle.truncate(to: size) }
    }
    state.withLock { state in
      state.file = nil
      state.journal = nil
    }
  }

  /// Notes what the thread for it did not come to, and pieces that are only begun.
  private func keepRecords() throws(SystemError) {
    let (journal, records) = state.withLock { state in
      defer { state.unsaved = [] }
      return (state.journal, state.unsaved + state.table.begun)
    }
    guard let journal else { return try rewriteJournal() }
    try journal.add(records)
  }

  /// Ends the writing and throws away what came. An object that is complete stays.
  package func discard() throws(StoreError) {
    work.wait()
    try onDisk { () throws(SystemError) in try removeFiles() }
  }

  private func removeFiles() throws(SystemError) {
    let file = state.withLock { state in
      defer {
        state.file = nil
        state.journal = nil
        state.table = PieceTable()
      }
      return state.file
    }
    guard let file else { return }
    defer { withExtendedLifetime(file) {} }
    // While the lock is held: nobody else's files.
    try store.files.unlink(store.partialPath(digest))
    try removeJournal()
  }

  deinit { abandon() }
}

/// The partial file: its lock ends with the last who uses it.
final class ObjectFile: Sendable {
  let handle: OpenFile

  init(_ handle: consuming OpenFile) { self.handle = handle }
}
