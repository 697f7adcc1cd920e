import CatalogueModel
import Core
import SystemIO

/// `civsync.lock` beside the manifest.
struct LockFile {
  let path: AbsolutePath
  let files: FileSystem

  /// The lock's entries; none when it is not there.
  func read() throws(EngineError) -> [Entry] {
    var entries: [Entry] = []
    try read { entries += $0 }
    return entries
  }

  /// The entries that the lock has and others have not.
  /// - Parameter known: those others, in order.
  func read(beyond known: [Entry]) throws(EngineError) -> [Entry] {
    var entries: [Entry] = []
    try read { entries += $0.filter { known.inOrder(at: $0.identity) == nil } }
    return entries
  }

  private func read(_ take: ([Entry]) -> Void) throws(EngineError) {
    guard let bytes = try readBytes() else { return }
    do {
      try RecordFormat.readLock(bytes) { take(Entry.entries(of: $0)) }
    } catch {
      throw refusal(error)
    }
  }

  /// - Returns: `nil` when there is none.
  func load() throws(EngineError) -> RecordFormat.Lock? {
    guard let bytes = try readBytes() else { return nil }
    do {
      return try RecordFormat.decodeLock(bytes)
    } catch {
      throw refusal(error)
    }
  }

  private func refusal(_ error: RecordError) -> EngineError {
    var help = "restore it (`git checkout civsync.lock`), or delete it: the history has it too"
    if case .conflict = error.reason { help = "settle it with `civsync lock --resolve`" }
    return EngineError(
      "C041", "the lock `\(path)` cannot be used: \(error)", help: help, exit: .stale)
  }

  /// The lock's text; `nil` when it is not there.
  func readBytes() throws(EngineError) -> [UInt8]? {
    do {
      return try files.read(path, limit: 1 << 30)
    } catch {
      throw EngineError("C040", "cannot read the lock `\(path)`: \(error)")
    }
  }

  /// Writes the lock if it says something else now.
  /// - Parameters:
  ///   - bytes: its text.
  ///   - isEmpty: it names nothing: then none is made where there is none.
  func write(_ bytes: [UInt8], isEmpty: Bool) throws(EngineError) {
    do {
      if try files.read(path, limit: 1 << 30) == bytes { return }
      if isEmpty, try files.status(path) == nil { return }
      // One name, so that what an earlier run left under it goes; the project's lock keeps others out.
      let own = FileSystem(
        observer: files.observer, names: TemporaryNames(only: TemporaryNames.prefix + "lock"))
      try own.unlink(path.parent.appending(own.names.make()))
      try own.writeDurably(bytes, to: path)
    } catch {
      throw EngineError(
        "C042", "everything was applied, but the lock `\(path)` could not be written: \(error)",
        help: "make it writable and run `civsync apply` again: it writes the lock anew",
        exit: CommandExit(refusedBy: error))
    }
  }
}
