package import Core
internal import SystemIO

extension ContentStore {
  /// Opens an object for writing, going on where an earlier writer stopped. What that one left is
  /// read once, to hash it: this may take a second for a gigabyte.
  /// - Parameter length: the object's length where it is known.
  /// - Returns: a writer that `isComplete` when nothing need be fetched.
  /// - Throws: ``StoreError/busy(_:)`` when another writer is at work on the object.
  package func writer(for digest: Digest, length: Int64?) throws(StoreError) -> ObjectWriter {
    // Another process may finish, or give up, between our look and our lock: look again then.
    for _ in 0..<16 {
      if let size = try completeSize(digest, length: length) {
        var state = ObjectWriter.State()
        state.isComplete = true
        state.received = size
        return ObjectWriter(digest, length: length, store: self, state: state)
      }
      var state = ObjectWriter.State()
      let isOurs = try onDisk { () throws(SystemError) in try lockPartial(digest, &state) }
      guard let isOurs else { throw .busy(digest) }
      if isOurs {
        try onDisk { () throws(SystemError) in
          try takeUp(digest, length: length, &state)
        }
        return ObjectWriter(digest, length: length, store: self, state: state)
      }
    }
    throw .busy(digest)
  }

  /// The size of the object when its content is at hand, published or verified. A damaged object
  /// is moved out of the way.
  private func completeSize(_ digest: Digest, length: Int64?) throws(StoreError) -> Int64? {
    if let object = try stat(digest) {
      if object.isSealed, length == nil || length == object.size { return object.size }
      if case .ok(let size) = try verify(digest, reseal: true) { return size }
      try removeIfDamaged(digest)
    }
    return try onDisk { () throws(SystemError) in try verifiedSize(digest) }
  }

  /// The size of an object that was verified and not published, perhaps by a process that was
  /// killed. Such a file is read again unless this process itself has verified it.
  private func verifiedSize(_ digest: Digest) throws(SystemError) -> Int64? {
    let path = verifiedPath(digest)
    guard let status = try files.status(path) else { return nil }
    if pending.withLock({ $0.contains(digest) }) { return status.size }
    let hashed: HashedFile?
    do throws(SystemError) {
      hashed = try files.hashFile(path)
    } catch {
      // Another process published it meanwhile: the caller's next look finds the object.
      if error.isMissing { return nil }
      throw error
    }
    guard hashed?.digest == digest else {
      try files.unlink(path)
      return nil
    }
    try files.seal(path, as: digest)
    try files.setMode(path, 0o444)
    pending.withLock { _ = $0.insert(digest) }
    return status.size
  }

  /// Opens and locks the partial file.
  /// - Returns: `nil` when another descriptor has the lock; `false` when the file was renamed or
  ///   removed by the former holder meanwhile.
  private func lockPartial(
    _ digest: Digest, _ state: inout ObjectWriter.State
  ) throws(SystemError) -> Bool? {
    let path = partialPath(digest)
    let file = try files.open(path, .updateOrCreate, mode: 0o600)
    guard try file.tryLock() else { return nil }
    guard let named = try files.status(path), try named.isSameFile(as: file.status()) else {
      return false
    }
    let verified = try files.status(verifiedPath(digest))
    let published = try files.status(self.path(of: digest))
    if verified != nil || published != nil {
      try files.unlink(path)
      return false
    }
    state.file = consume file
    return true
  }

  /// Hashes what an earlier writer left, or drops it when it cannot be trusted.
  private func takeUp(
    _ digest: Digest, length: Int64?, _ state: inout ObjectWriter.State
  ) throws(SystemError) {
    guard let file = state.file.take() else { return }
    let size = try file.status().size
    let journal = try readJournal(digest)
    let expected = length ?? journal?.total
    // Without a journal nobody knows where the bytes come from; a whole file proves itself.
    let isUsable = size > 0 && size <= expected ?? .max && (journal != nil || size == expected)
    if isUsable {
      _ = try files.hash(file, into: &state.hasher, limit: size)
      if state.hasher.digest() == digest {
        state.received = size
        state.isComplete = true
        return try acceptVerified(file, digest)
      }
      if size != expected, let journal {
        state.received = size
        state.flushed = size
        state.journal = journal
        state.file = consume file
        return
      }
    }
    if size > 0 { try file.truncate(to: 0) }
    state.hasher = ContentHasher()
    state.file = consume file
  }

  /// Gives a file whose content was proved its final mode, time and name. Its lock ends here.
  func acceptVerified(
    _ file: consuming OpenFile, _ digest: Digest
  ) throws(SystemError) {
    try file.seal(as: digest)
    try file.setMode(0o444)
    try files.rename(partialPath(digest), to: verifiedPath(digest))
    try files.unlink(journalPath(digest))
    pending.withLock { _ = $0.insert(digest) }
  }
}
