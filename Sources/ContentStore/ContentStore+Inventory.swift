package import Core
package import SystemIO

extension ContentStore {
  /// Reads the object again and compares its digest.
  /// - Parameters:
  ///   - reseal: gives a sound object whose time was changed, by `touch` or a restore from a
  ///     backup, its seal and its read-only mode back.
  ///   - isCancelled: asked about once a mebibyte.
  package func verify(
    _ digest: Digest, reseal: Bool = false, isCancelled: () -> Bool = { false }
  ) throws(StoreError) -> ObjectHealth {
    try onDisk { () throws(SystemError) in
      let path = path(of: digest)
      guard let status = try files.status(path) else { return .missing }
      guard status.kind == .file else { return .damaged(actual: nil, size: status.size) }
      guard let hashed = try files.hashFile(path, isCancelled: isCancelled) else {
        return .cancelled
      }
      guard hashed.digest == digest else {
        return .damaged(actual: hashed.digest, size: hashed.size)
      }
      if reseal {
        if !status.isSealed(as: digest) { try files.seal(path, as: digest) }
        if status.mode != 0o444 { try files.setMode(path, 0o444) }
      }
      return .ok(size: hashed.size)
    }
  }

  /// Reads the object again and, when it is damaged, moves it to `damaged/`, so that a writer can
  /// bring a sound one. Hard links to it stay what they are.
  /// - Returns: what was found; `.missing` needs no cure.
  @discardableResult
  package func removeIfDamaged(_ digest: Digest) throws(StoreError) -> ObjectHealth {
    let health = try verify(digest)
    if case .damaged = health {
      try onDisk { () throws(SystemError) in
        try setAside(digest)
        try files.syncFolder(path(of: digest).parent)
      }
    }
    return health
  }

  /// All objects by name, sorted. What does not look like an object is passed over.
  package func digests() throws(StoreError) -> [Digest] {
    try onDisk { () throws(SystemError) in
      var found: [Digest] = []
      for shard in try list(objectFolder) {
        guard let prefix = shard.name, prefix.utf8.count == 2, shard.kind != .file else { continue }
        for entry in try list(objectFolder.appending(prefix)) {
          if let name = entry.name, name.hasPrefix(prefix), let digest = digest(named: name) {
            found.append(digest)
          }
        }
      }
      return found
    }
  }

  /// The first object that is as asked for; few are looked at.
  package func anyObject(
    _ isMeant: (FileStatus) -> Bool
  ) throws(StoreError) -> AbsolutePath? {
    try onDisk { () throws(SystemError) in
      var looked = 0
      for shard in try list(objectFolder) {
        guard let prefix = shard.name, prefix.utf8.count == 2, shard.kind != .file else { continue }
        for entry in try list(objectFolder.appending(prefix)) {
          guard let name = entry.name, let digest = digest(named: name) else { continue }
          if let status = try files.status(path(of: digest)), isMeant(status) {
            return path(of: digest)
          }
          looked += 1
          if looked == Self.fewObjects { return nil }
        }
      }
      return nil
    }
  }

  private static var fewObjects: Int { 64 }

  /// All objects that are not whole or not published, sorted by digest.
  package func partials() throws(StoreError) -> [PartialObject] {
    try onDisk { () throws(SystemError) in
      var found: [PartialObject] = []
      for entry in try list(partialFolder) {
        guard let name = entry.name else { continue }
        let isVerified = name.hasSuffix(".verified")
        let hex = isVerified ? String(name.dropLast(".verified".count)) : name
        guard let digest = digest(named: hex),
          let status = try files.status(partialFolder.appending(name)), status.kind == .file
        else { continue }
        let received = isVerified ? status.size : try self.received(digest, size: status.size)
        found.append(
          PartialObject(
            digest: digest, received: received, isVerified: isVerified,
            modified: status.modified))
      }
      return found
    }
  }

  /// How much of a partial object a later writer can go on from. Holes of its file count in its size.
  private func received(_ digest: Digest, size: Int64) throws(SystemError) -> Int64 {
    guard let journal = try readJournal(digest), !journal.isFormer else { return size }
    return journal.records.reduce(0) { $0 + $1.filled }
  }

  /// A store that was not prepared yet is an empty one.
  func list(_ folder: AbsolutePath) throws(SystemError) -> [FolderEntry] {
    do { return try files.list(folder) } catch  where error.isMissing { return [] }
  }

  /// Objects are named in lower case only.
  func digest(named name: String) -> Digest? {
    Digest(hex: name).flatMap { $0.hex == name ? $0 : nil }
  }
}

extension ContentStore {
  /// Tells of every name in the object folders, without a look at the objects themselves: for many
  /// thousands of them.
  /// - Parameter body: is given what the name says and which file it leads to.
  package func forEachName(
    _ body: (_ digest: Digest, _ device: UInt64, _ inode: UInt64) -> Void
  ) throws(StoreError) {
    try onDisk { () throws(SystemError) in
      for shard in try list(objectFolder) where shard.bytes.count == 2 && shard.kind != .file {
        guard let prefix = shard.name else { continue }
        let folder = objectFolder.appending(prefix)
        guard let status = try files.status(folder), status.kind == .folder else { continue }
        let listing = try files.listing(of: folder)
        for item in listing.items where item.kind == .file || item.kind == nil {
          let name = listing.name(of: item)
          guard name.count == 64, name[name.startIndex] == shard.bytes[0],
            name[name.startIndex + 1] == shard.bytes[1], let digest = Digest(hexDigits: name)
          else { continue }
          body(digest, status.device, item.inode)
        }
      }
    }
  }
}
