package import Core
package import SystemIO

/// Content-addressed objects in a folder:
///
/// ```
/// VERSION              civsync-store 1
/// ID                   what it is called, wherever it is
/// sha256/ab/abcdef…    objects: whole, verified, read-only, sealed
/// partial/abcdef…      being fetched; locked by whoever writes
/// partial/abcdef….pieces  which response its bytes came from, and which of them are there
/// partial/abcdef….verified  whole and verified, not yet durable
/// damaged/abcdef…      what was found not to be what its name says
/// roots/<id>           what a project needs of it
/// LOCK                 shared by those who write, alone for who takes objects away
/// ```
///
/// All functions block: run them off the cooperative pool. Several processes may use one store.
package final class ContentStore: ObjectLocating {
  package let root: AbsolutePath
  package let files: FileSystem

  /// Objects that are verified and wait for ``publish()``.
  let pending = Locked<Set<Digest>>([])
  /// For the digests of what is coming: as many threads as have processors to hash on.
  let hashers = BlockingExecutor(label: "civsync.hash", width: 2)
  /// For waiting on the disk while more is coming.
  let savers = BlockingExecutor(label: "civsync.save", width: 4)
  let boot = Locked<String??>(nil)
  /// Whether the store's file system was seen to keep the nanoseconds of times.
  let keepsNanoseconds = Locked(false)
  /// Lets one thread publish at a time.
  private let publishing = Locked<Void>(())

  package static let version = "civsync-store 1"

  package init(root: AbsolutePath, files: FileSystem = FileSystem()) {
    self.root = root
    self.files = files
  }

  var objectFolder: AbsolutePath { root.appending("sha256") }
  /// Where objects are put together; on the objects' own file system.
  package var partialFolder: AbsolutePath { root.appending("partial") }
  var damagedFolder: AbsolutePath { root.appending("damaged") }

  package func path(of digest: Digest) -> AbsolutePath {
    objectFolder.appending(String(digest.hex.prefix(2)), digest.hex)
  }

  func partialPath(_ digest: Digest) -> AbsolutePath { partialFolder.appending(digest.hex) }
  func verifiedPath(_ digest: Digest) -> AbsolutePath {
    partialFolder.appending(digest.hex + ".verified")
  }
  func journalPath(_ digest: Digest) -> AbsolutePath {
    partialFolder.appending(digest.hex + ".pieces")
  }
  func formerJournalPath(_ digest: Digest) -> AbsolutePath {
    partialFolder.appending(digest.hex + ".json")
  }

  /// Makes the folders as far as they are missing.
  /// - Throws: ``StoreError/unknownVersion(found:path:)`` before anything is touched.
  package func prepare() throws(StoreError) {
    let isThere = try isThere()
    try onDisk { () throws(SystemError) in
      for folder in [objectFolder, partialFolder, damagedFolder, rootsFolder] {
        try files.makeFolders(folder)
      }
      if !isThere { try files.writeDurably(Array((Self.version + "\n").utf8), to: versionPath) }
    }
  }

  private var versionPath: AbsolutePath { root.appending("VERSION") }

  /// Whether somebody has prepared it.
  /// - Throws: ``StoreError/unknownVersion(found:path:)``.
  package func isThere() throws(StoreError) -> Bool {
    let found = try onDisk { () throws(SystemError) in
      try files.read(versionPath, limit: 4_096)
    }
    guard let found else { return false }
    let text = String(decoding: found.prefix { $0 != 0x0a }, as: UTF8.self)
    guard text == Self.version else { throw .unknownVersion(found: text, path: root) }
    return true
  }

  /// Whether it is there and this user may write into it, as far as permissions and the mount tell.
  package func mayBeWritten() throws(StoreError) -> Bool {
    for folder in [root, objectFolder, partialFolder, rootsFolder]
    where try status(of: folder) != nil && !files.mayWrite(into: folder) {
      return false
    }
    return true
  }

  private func status(of folder: AbsolutePath) throws(StoreError) -> FileStatus? {
    try onDisk { () throws(SystemError) in try files.status(folder, followingLinks: true) }
  }

  /// What a look at the object's file tells; its content is not read.
  /// - Returns: `nil` when the store does not have it.
  package func stat(_ digest: Digest) throws(StoreError) -> StoredObject? {
    try onDisk { () throws(SystemError) in
      try files.status(path(of: digest)).map { StoredObject(digest: digest, status: $0) }
    }
  }

  /// The status of the object's file; `nil` when the store does not have it.
  package func status(of digest: Digest) throws(StoreError) -> FileStatus? {
    try onDisk { () throws(SystemError) in try files.status(path(of: digest)) }
  }

  /// The room on the store's file system.
  package func freeSpace() throws(StoreError) -> FreeSpace {
    try onDisk { () throws(SystemError) in try files.freeSpace(root) }
  }

  /// Makes all objects that are verified durable and then visible: their bytes are on the disk
  /// before their names are, and the names are before this returns. For many at once, because
  /// the disk is waited for once. Repeating it, also after a failure, does no harm.
  /// - Parameter damaged: files at objects' names that are kept under another name: sound ones take
  ///   their places in one step. Other damaged ones go to `damaged/` first.
  /// - Returns: the objects that became visible by this call.
  @discardableResult
  package func publish(
    inPlaceOf damaged: [Digest: FileStatus] = [:]
  ) throws(StoreError) -> [Digest] {
    try publishing.withLock { _ throws(StoreError) in
      let digests = pending.withLock { $0.sorted() }
      if digests.isEmpty { return [] }
      try onDisk { () throws(SystemError) in
        try syncContent(of: digests)
        var shards: Set<AbsolutePath> = []
        for digest in digests {
          try moveIntoPlace(digest, over: damaged[digest])
          shards.insert(path(of: digest).parent)
        }
        for shard in shards { try files.syncFolder(shard) }
        try files.syncFolder(objectFolder)
      }
      pending.withLock { $0.subtract(digests) }
      return digests
    }
  }

  /// A few files are synced one by one, because syncing the file system also waits for what
  /// others wrote; many are synced together.
  private func syncContent(of digests: [Digest]) throws(SystemError) {
    guard digests.count <= 8 else {
      return try files.syncFileSystem(files.openFolder(partialFolder, followingLinks: true))
    }
    for digest in digests {
      do {
        try files.syncFile(verifiedPath(digest))
      } catch  where error.isMissing {
        // Another process has published it: its own sync came before the rename.
      }
    }
  }

  private func moveIntoPlace(
    _ digest: Digest, over damaged: FileStatus?
  ) throws(SystemError) {
    let (source, target) = (verifiedPath(digest), path(of: digest))
    do {
      try rename(source, to: target)
    } catch  where error.isExisting {
      let fresh = try files.status(source)
      let standing = try files.status(target)
      if standing?.isSealed(as: digest, size: fresh?.size) == true {
        try files.unlink(source)
      } else if let damaged, standing?.isSameFile(as: damaged) == true {
        try files.rename(source, to: target)
      } else {
        try setAside(digest)
        try files.renameNoReplace(source, to: target)
      }
    } catch  where error.isMissing {
      // Another process may have published it. If not, it was deleted behind our back, and trying
      // again would not bring it back.
      if try files.status(target) != nil { return }
      pending.withLock { _ = $0.remove(digest) }
      throw .missing("rename", path: source)
    }
  }

  /// Renames, and makes the target's folder where that was missing.
  private func rename(_ source: AbsolutePath, to target: AbsolutePath) throws(SystemError) {
    do {
      try files.renameNoReplace(source, to: target)
    } catch  where error.isMissing {
      guard try files.makeFolder(target.parent) else { throw error }
      try files.renameNoReplace(source, to: target)
    }
  }

  /// Moves what stands at the object's place to `damaged/`, under a name of its own.
  func setAside(_ digest: Digest) throws(SystemError) {
    for number in 1... {
      let name = number == 1 ? digest.hex : "\(digest.hex)-\(number)"
      do {
        return try files.renameNoReplace(path(of: digest), to: damagedFolder.appending(name))
      } catch  where error.isExisting {
        continue
      }
    }
  }
}
