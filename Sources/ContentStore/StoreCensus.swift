package import Core
package import SystemIO

/// What stands at an object's name.
package struct FoundObject: Hashable, Sendable {
  package let digest: Digest
  package let status: FileStatus

  package init(digest: Digest, status: FileStatus) {
    self.digest = digest
    self.status = status
  }
}

/// Something in the store's folders that is no part of it.
package struct StrayFile: Hashable, Sendable {
  /// Below the store's root, for people.
  package let path: String
  /// `nil` of what is no file.
  package let bytes: Int64?
  /// Civsync's own, left by a run that was killed, or just being made by another.
  package let isTemporary: Bool
  package let modified: FileTime
}

/// Everything in a store, as one pass over its folders shows it. No content is read.
package struct StoreCensus: Hashable, Sendable {
  /// Sorted by digest.
  package internal(set) var objects: [FoundObject] = []
  /// Sorted by path.
  package internal(set) var strays: [StrayFile] = []
  /// What was moved to `damaged/` at some time.
  package internal(set) var setAside = 0
}

extension ContentStore {
  /// Looks at everything in the store. A store that is not there is an empty one.
  package func census() throws(StoreError) -> StoreCensus {
    try onDisk { () throws(SystemError) in
      var census = StoreCensus()
      try takeObjects(into: &census)
      try takePartials(into: &census)
      census.setAside = try list(damagedFolder).count
      for entry in try list(root) where !Self.ownNames.contains(entry.displayName) {
        try census.note(entry, in: root, as: entry.displayName, files)
      }
      census.strays.sort { $0.path < $1.path }
      return census
    }
  }

  /// What a store has at its top.
  private static let ownNames: Set<String> = [
    "VERSION", "ID", "LOCK", "sha256", "partial", "damaged", "roots",
  ]

  private func takeObjects(into census: inout StoreCensus) throws(SystemError) {
    for shard in try list(objectFolder) {
      let path = "sha256/" + shard.displayName
      guard shard.bytes.count == 2, shard.bytes.allSatisfy(\.isLowerHexDigit), shard.kind != .file,
        let name = shard.name
      else {
        try census.note(shard, in: objectFolder, as: path, files)
        continue
      }
      let folder = try files.openFolder(objectFolder.appending(name), followingLinks: true)
      for entry in try files.list(folder) {
        guard let text = entry.name, let digest = digest(named: text), text.hasPrefix(name) else {
          let place = folder.at(entry.displayName)
          try census.note(entry, at: place, as: path + "/" + entry.displayName, files)
          continue
        }
        // Between the listing and the look another process may have taken it away.
        guard let status = try files.status(folder.at(text)) else { continue }
        census.objects.append(FoundObject(digest: digest, status: status))
      }
    }
  }

  /// Of the objects that are not whole only the names are looked at: they prove themselves when a
  /// writer takes them up.
  private func takePartials(into census: inout StoreCensus) throws(SystemError) {
    let endings = ["", ".verified", ".pieces", ".pieces.new", ".json"]
    for entry in try list(partialFolder) {
      let isOwn = endings.contains { ending in
        guard let name = entry.name, name.hasSuffix(ending) else { return false }
        return digest(named: String(name.dropLast(ending.count))) != nil
      }
      if isOwn { continue }
      try census.note(entry, in: partialFolder, as: "partial/" + entry.displayName, files)
    }
  }
}

extension StoreCensus {
  fileprivate mutating func note(
    _ entry: FolderEntry, in folder: AbsolutePath, as path: String, _ files: FileSystem
  ) throws(SystemError) {
    try note(entry, at: folder.appending(entry.displayName).location, as: path, files)
  }

  fileprivate mutating func note(
    _ entry: FolderEntry, at location: Location, as path: String, _ files: FileSystem
  ) throws(SystemError) {
    // A name that is no text cannot be looked at by one: it is told all the same.
    let status = try files.status(location)
    strays.append(
      StrayFile(
        path: path, bytes: status.flatMap { $0.kind == .file ? $0.size : nil },
        isTemporary: entry.displayName.hasPrefix(TemporaryNames.prefix),
        modified: status?.modified ?? FileTime(seconds: 0, nanoseconds: 0)))
  }
}

extension UInt8 {
  fileprivate var isLowerHexDigit: Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self)
      || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self)
  }
}
