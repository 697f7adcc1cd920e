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
    var hasLooked = false
    for _ in 0..<16 {
      var state = ObjectWriter.State()
      let lock = try onDisk { () throws(SystemError) in
        try lockPartial(digest, &state, hasLooked: hasLooked)
      }
      switch lock {
      case .locked(let size):
        var front = FrontHasher()
        try onDisk { () throws(SystemError) in
          try takeUp(digest, length: length, size: size, &state, &front)
        }
        return ObjectWriter(digest, length: length, store: self, state: state, front: front)
      case .isElsewhere:
        hasLooked = true
        guard let size = try completeSize(digest, length: length) else { continue }
        state.isComplete = true
        state.table = PieceTable(whole: size)
        return ObjectWriter(digest, length: length, store: self, state: state)
      case .isBusy: throw .busy(digest)
      }
    }
    throw .busy(digest)
  }

  private enum PartialLock {
    /// It holds so many bytes.
    case locked(size: Int64)
    /// Another descriptor has the lock.
    case isBusy
    /// The content is there already, or the former holder renamed or removed the file meanwhile.
    case isElsewhere
  }

  /// The size of the object when its content is at hand, published or verified. A damaged object
  /// loses its seal and stays where it is, for whoever looks through a link, until a sound one takes
  /// its place.
  private func completeSize(_ digest: Digest, length: Int64?) throws(StoreError) -> Int64? {
    if let object = try stat(digest) {
      if object.isSealed, length == nil || length == object.size { return object.size }
      if case .ok(let size) = try verify(digest, reseal: true) { return size }
      if let status = try status(of: digest) { try markDamaged(digest, seen: status) }
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

  /// Opens and locks the partial file, unless the object is there already.
  /// - Parameter hasLooked: whether what stands at the object's place is known to be damaged.
  private func lockPartial(
    _ digest: Digest, _ state: inout ObjectWriter.State, hasLooked: Bool
  ) throws(SystemError) -> PartialLock {
    let path = partialPath(digest)
    let file = try files.open(path, .updateOrCreate, mode: 0o600)
    guard try file.tryLock() else { return .isBusy }
    guard let named = try files.status(path), file.found?.isSameFile(as: named) == true else {
      return .isElsewhere
    }
    let verified = try files.status(verifiedPath(digest))
    let published = try verified == nil ? files.status(self.path(of: digest)) : nil
    // A file without its seal may be sound all the same, unless it was read.
    let isPublished = published?.isSealed(as: digest) ?? false || published != nil && !hasLooked
    if verified != nil || isPublished {
      try files.unlink(path)
      return .isElsewhere
    }
    state.file = ObjectFile(file)
    return .locked(size: named.size)
  }

  /// Reads what an earlier writer left, or drops it when it cannot be trusted.
  private func takeUp(
    _ digest: Digest, length: Int64?, size: Int64, _ state: inout ObjectWriter.State,
    _ front: inout FrontHasher
  ) throws(SystemError) {
    guard let file = state.file, size > 0 else { return }
    state.mayHaveJournal = true
    let journal = try readJournal(digest)
    let expected = length ?? journal?.origin.total
    if size <= expected ?? .max {
      if let journal, !journal.isFormer {
        state.origin = journal.origin
        try restore(journal, size: size, file, &state.table, &front)
      } else if journal != nil || size == expected {
        // Without a journal nobody knows where the bytes come from; a whole file proves itself.
        state.origin = journal?.origin ?? PartialOrigin()
        unsafe try file.handle.read(0..<size) {
          _ = unsafe state.table.take($0, at: $1)
          unsafe front.take($0, at: $1)
        }
        if journal != nil { try replaceFormerJournal(digest, state) }
      }
      if state.table.received == state.table.front, front.digest == digest {
        try acceptVerified(file, digest, size: state.table.received)
        try files.unlink(journalPath(digest))
        state.file = nil
        state.isComplete = true
        return
      }
      if state.table.received > 0, journal != nil, state.table.front != expected {
        // What was found damaged, or may be, must not be taken for sound by the next run.
        if state.table.end < size { try file.handle.truncate(to: state.table.end) }
        return
      }
    }
    try file.handle.truncate(to: 0)
    state.table = PieceTable()
    state.origin = PartialOrigin()
    front = FrontHasher()
  }

  private func replaceFormerJournal(
    _ digest: Digest, _ state: ObjectWriter.State
  ) throws(SystemError) {
    _ = try OpenJournal(journalPath(digest), state.origin, state.table.records, files)
    try files.unlink(formerJournalPath(digest))
  }

  private func restore(
    _ journal: PartialJournal, size: Int64, _ file: ObjectFile, _ table: inout PieceTable,
    _ front: inout FrontHasher
  ) throws(SystemError) {
    if let total = journal.origin.total { table.learn(total: total) }
    var damaged: Set<Int> = []
    for record in journal.records {
      let start = PieceTable.start(of: record.index)
      guard start + record.filled <= size else { continue }
      var sum = PieceSum()
      var ahead = front
      unsafe try file.handle.read(start..<start + record.filled) {
        unsafe sum.update($0)
        unsafe ahead.take($0, at: $1)
      }
      guard sum.value == record.sum else {
        damaged.insert(record.index)
        continue
      }
      table.restore(record, sum)
      front = ahead
    }
    guard let boot = journal.origin.boot, boot == currentBoot() else { return }
    // The piece that the file ends with came in order, and the machine has not stopped since.
    let next = table.next(at: size - 1)
    guard next < size, !damaged.contains(PieceTable.index(at: next)) else { return }
    unsafe try file.handle.read(next..<size) {
      _ = unsafe table.take($0, at: $1)
      unsafe front.take($0, at: $1)
    }
  }

  /// Gives a file whose content was proved its final mode, time and name.
  func acceptVerified(
    _ file: ObjectFile, _ digest: Digest, size: Int64
  ) throws(SystemError) {
    // The digest is that of so many bytes: nothing may stand behind them.
    let status = try file.handle.status()
    if status.size > size { try file.handle.truncate(to: size) }
    let keeps = try file.handle.seal(
      as: digest, now: status.modified, keepsNanoseconds: keepsNanoseconds.withLock { $0 })
    keepsNanoseconds.withLock { $0 = keeps }
    try file.handle.setMode(0o444)
    try files.rename(partialPath(digest), to: verifiedPath(digest))
    pending.withLock { _ = $0.insert(digest) }
  }
}

extension OpenFile {
  /// Reads a range, as far as the file goes, in blocks.
  fileprivate func read(
    _ range: Range<Int64>, _ body: (UnsafeRawBufferPointer, Int64) -> Void
  ) throws(SystemError) {
    var buffer = [UInt8](repeating: 0, count: 256 << 10)
    var offset = range.lowerBound
    while offset < range.upperBound {
      let count = try read(at: offset, into: &buffer, limit: range.upperBound - offset)
      if count == 0 { return }
      unsafe buffer.withUnsafeBytes {
        unsafe body(UnsafeRawBufferPointer(rebasing: $0[..<count]), offset)
      }
      offset += Int64(count)
    }
  }
}
