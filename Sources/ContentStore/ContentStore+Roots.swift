package import Core
package import SystemIO

/// A file of `roots/` as it was found.
package struct FoundRoot: Sendable {
  package let name: String
  package let path: AbsolutePath
  package let root: Result<StoreRoot, RootProblem>
}

extension ContentStore {
  package var rootsFolder: AbsolutePath { root.appending("roots") }
  /// Held by whoever works with the store: shared by those who write into it, alone by who takes
  /// objects away.
  package var lockPath: AbsolutePath { root.appending("LOCK") }

  /// No list of digests is longer: a million of them are 65 MB.
  private static let limit = 1 << 30
  /// The first two lines of a file are no longer: paths have 4,096 bytes at most.
  private static let headLimit = 64 << 10

  /// Tries to take the store's lock without waiting. The store must be there.
  package func tryLock(_ mode: LockMode, holder: LockHolder) throws(StoreError) -> LockAttempt {
    try onDisk { () throws(SystemError) in
      try files.tryLock(lockPath, mode, holder: holder)
    }
  }

  /// All files of `roots/`, sorted by name. What was just being written when a run was killed is none.
  package func roots() throws(StoreError) -> [FoundRoot] {
    try onDisk { () throws(SystemError) in
      var found: [FoundRoot] = []
      for entry in try list(rootsFolder)
      where !entry.displayName.hasPrefix(TemporaryNames.prefix) {
        let path = rootsFolder.appending(entry.displayName)
        // Another process may have removed it since.
        guard let bytes = try files.read(path, limit: Self.limit) else { continue }
        found.append(
          FoundRoot(name: entry.displayName, path: path, root: StoreRoot.reading(bytes)))
      }
      return found
    }
  }

  /// One file of `roots/`; `nil` when it is not there.
  package func root(_ name: String) throws(StoreError) -> FoundRoot? {
    try onDisk { () throws(SystemError) -> FoundRoot? in
      let path = rootsFolder.appending(name)
      return try files.read(path, limit: Self.limit).map {
        FoundRoot(name: name, path: path, root: StoreRoot.reading($0))
      }
    }
  }

  /// Makes what a file of roots says durable.
  package func syncRoot(_ name: String) throws(StoreError) {
    try onDisk { () throws(SystemError) in try files.syncFile(rootsFolder.appending(name)) }
  }

  /// Whose file it is; its digests are not read.
  /// - Returns: `nil` when there is none, or none that can be read.
  package func rootOwner(_ name: String) throws(StoreError) -> StoreRoot.Owner? {
    try onDisk { () throws(SystemError) -> StoreRoot.Owner? in
      do throws(SystemError) {
        let file = try files.open(rootsFolder.appending(name), .read)
        var head = [UInt8](repeating: 0, count: Self.headLimit)
        let count = try file.read(at: 0, into: &head)
        return try? StoreRoot.owner(Array(head[..<count])).get().0
      } catch {
        if error.isMissing { return nil }
        throw error
      }
    }
  }

  /// Writes a whole file, in the place of the one that may be there. It is on the disk when this
  /// returns.
  package func write(_ root: StoreRoot) throws(StoreError) {
    try onDisk { () throws(SystemError) in
      try files.makeFolders(rootsFolder)
      try files.writeDurably(root.bytes, to: rootsFolder.appending(root.owner.name))
    }
  }

  /// Adds digests to a file that is there. They are on the disk when this returns.
  package func addRoots(_ digests: some Collection<Digest>, to name: String) throws(StoreError) {
    guard !digests.isEmpty else { return }
    try onDisk { () throws(SystemError) in
      let file = try files.open(rootsFolder.appending(name), .update)
      let size = try file.status().size
      var last: [UInt8] = [0]
      _ = try file.read(at: max(0, size - 1), into: &last)
      // What stands behind the last line end was torn, and must not run into the next digest.
      let start: [UInt8] = last == [UInt8(ascii: "\n")] ? [] : [UInt8(ascii: "\n")]
      try file.write((start + StoreRoot.lines(digests))[...], at: size)
      try file.syncData()
    }
  }

  /// Removes a file, durably.
  /// - Returns: `false` when it was not there.
  @discardableResult
  package func removeRoot(_ name: String) throws(StoreError) -> Bool {
    try onDisk { () throws(SystemError) in
      guard try files.unlink(rootsFolder.appending(name)) else { return false }
      try files.syncFolder(rootsFolder)
      return true
    }
  }
}
