import CatalogueModel
import Core
import History
import SystemIO

/// How the lock stands to the last snapshot.
package struct LockStanding: Sendable {
  /// Files of the lock; `nil` when there is none.
  package var files: Int?
  /// The last snapshot has this many files; `nil` before the first.
  package var recorded: Int?
  /// Files that only one of the two has.
  package var onlyInLock: Int
  package var onlyInSnapshot: Int
  /// Files that both have, with other facts or places.
  package var different: Int

  package var isInStep: Bool { onlyInLock + onlyInSnapshot + different == 0 }
}

extension Engine {
  var lockFile: LockFile { LockFile(path: project.lockFile, files: fileSystem) }

  /// Whether the lock says what the last snapshot has. Reads both and writes nothing.
  package func lockStanding() async throws -> LockStanding {
    try await disk.run { () throws(EngineError) in
      let hasLock = try self.lockFile.readBytes() != nil
      let locked = try self.lockFile.read()
      let head = try self.headSnapshot()
      // The lock holds less than a snapshot: both are compared as a lock has them.
      let recorded = try Self.asLocked(head?.entries ?? [])
      let difference = SnapshotDifference(
        from: Entry.models(of: recorded), to: Entry.models(of: locked))
      return LockStanding(
        files: hasLock ? locked.count : nil, recorded: head.map { _ in recorded.count },
        onlyInLock: difference.added.count, onlyInSnapshot: difference.removed.count,
        different: difference.changed.count)
    }
  }

  private static func asLocked(_ entries: [Entry]) throws(EngineError) -> [Entry] {
    let bytes = RecordFormat.encodeLock(of: entries)
    do {
      return Entry.entries(of: try RecordFormat.decodeLock(bytes).models)
    } catch {
      throw EngineError("C080", "the history cannot be used: \(error)")
    }
  }

  /// Settles the conflicts that git left in the lock by uniting both sides.
  /// - Returns: `nil` when there is none.
  package func settleLock() async throws -> SettledLock? {
    // Said before anything is made: without a conflict nothing is written.
    guard try await disk.run({ () throws(EngineError) in try self.conflict() }) != nil else {
      return nil
    }
    let lock = try await acquireLock(.none)
    defer { lock.release() }
    return try await disk.run { () throws(EngineError) in
      guard let conflict = try self.conflict() else { return nil }
      let settled = SettledLock(
        ours: try self.entries(conflict.ours, "our"),
        theirs: try self.entries(conflict.theirs, "their"), conflicts: conflict.count)
      do {
        try self.fileSystem.writeDurably(
          RecordFormat.encodeLock(of: settled.entries), to: self.project.lockFile)
      } catch {
        throw EngineError("C141", "the settled lock could not be written: \(error)")
      }
      return settled
    }
  }

  private func conflict() throws(EngineError) -> LockConflict? {
    guard let bytes = try lockFile.readBytes() else { return nil }
    do throws(LockConflict.Problem) {
      return try LockConflict(bytes)
    } catch {
      switch error {
      case .misplaced(let line): throw unsettled("line \(line) is a marker out of its place")
      case .open(let line): throw unsettled("the conflict that begins at line \(line) has no end")
      }
    }
  }

  private func entries(_ bytes: [UInt8], _ side: String) throws(EngineError) -> [Entry] {
    do {
      return Entry.entries(of: try RecordFormat.decodeLock(bytes).models)
    } catch {
      throw unsettled("\(side) side cannot be read: \(error)")
    }
  }

  private func unsettled(_ why: String) -> EngineError {
    EngineError(
      "C140", "the conflict in the lock `\(project.lockFile)` cannot be settled: \(why)",
      notes: ["nothing was written"],
      help: "take one side (`git checkout --ours civsync.lock`, or `--theirs`), then run "
        + "`civsync plan`", exit: .stale)
  }
}
