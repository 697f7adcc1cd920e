internal import Core
internal import SystemIO

/// The digest of an object as far as it is there without a gap.
struct FrontHasher: Sendable {
  private static let blockSize = 256 << 10

  private var hasher = ContentHasher()
  /// Up to where it has come.
  private(set) var offset: Int64 = 0
  private var buffer: [UInt8] = []

  var digest: Digest { hasher.digest() }

  /// Takes bytes at hand, if they are the next.
  mutating func take(_ bytes: UnsafeRawBufferPointer, at start: Int64) {
    guard start == offset else { return }
    unsafe hasher.update(bytes)
    offset += Int64(bytes.count)
  }

  /// Reads on, up to the end of the bytes that are there.
  mutating func follow(
    _ file: borrowing OpenFile, to end: Int64
  ) throws(SystemError) {
    guard offset < end else { return }
    if buffer.isEmpty { buffer = [UInt8](repeating: 0, count: Self.blockSize) }
    while offset < end {
      let count = try file.read(at: offset, into: &buffer, limit: end - offset)
      // The file is shorter than what was written to it: the digest will not be the right one.
      if count == 0 { return }
      unsafe buffer.withUnsafeBytes { bytes in
        unsafe hasher.update(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
      }
      offset += Int64(count)
    }
  }
}

extension ObjectWriter {
  /// How much is hashed before others may have the front.
  private static let stride: Int64 = 4 << 20

  /// Hashes until nothing is left to hash. A failure stays for ``finish()``, which reads on there.
  func hashAhead() {
    while true {
      let isDone = front.withLock { front -> Bool in
        let (file, end) = state.withLock { state in
          (state.file, min(state.table.front, front.offset + Self.stride))
        }
        do throws(SystemError) {
          guard let file else { throw .missing("read", path: store.partialPath(digest)) }
          try front.follow(file.handle, to: end)
        } catch {
          state.withLock { $0.isHashing = false }
          return true
        }
        return state.withLock { state in
          let isStuck = front.offset < end
          state.hashed = end
          // A little that is left is for the next time; what is not there any more shows at the end.
          if !isStuck, state.table.front > end + Self.stride { return false }
          state.isHashing = false
          return true
        }
      }
      if isDone { return }
    }
  }

  /// Has whole pieces written out and notes them in the journal, until none is left. What cannot be
  /// noted is fetched again one day; what cannot be written shows when the object is published.
  func savePieces() {
    while true {
      let work = state.withLock { state -> (ObjectFile, [PieceTable.Record])? in
        guard let file = state.file, state.isWorthSaving else {
          state.isSaving = false
          return nil
        }
        defer { state.unsaved = [] }
        return (file, state.unsaved)
      }
      guard let (file, records) = work else { return }
      for record in records {
        try? file.handle.startWriteback(
          at: PieceTable.start(of: record.index), length: record.filled)
      }
      guard let journal = try? note(records) else {
        state.withLock { state in
          state.unsaved += records
          state.hasNoJournal = state.journal == nil
          state.isSaving = false
        }
        return
      }
      if records.isEmpty { continue }
      // Both for the power cut: without it the journal is as good unsynced.
      try? file.handle.syncData()
      try? journal.sync()
    }
  }

  private func note(_ records: [PieceTable.Record]) throws(SystemError) -> OpenJournal? {
    if let journal = state.withLock({ $0.journal }) {
      try journal.add(records)
      return journal
    }
    try rewriteJournal()
    return state.withLock { $0.journal }
  }
}
