package import Core
package import SystemIO

/// What is left of a download that nobody went on with.
package struct StoreLeftover: Hashable, Sendable {
  /// In the order in which they are removed: what a file is known by before the file.
  package let paths: [AbsolutePath]
  package let bytes: Int64
  /// Of an object that is not whole; `nil` of a temporary file.
  package let digest: Digest?
}

extension ContentStore {
  /// Takes an object away for good. Only for who has the store's lock alone, knows that nobody needs it,
  /// and looked at it.
  /// - Parameter seen: how its file looked.
  /// - Returns: `false` when it is not that file any more, or another name leads to it: then it stays.
  package func collect(_ digest: Digest, seen: FileStatus) throws(StoreError) -> Bool {
    try onDisk { () throws(SystemError) in
      let path = path(of: digest)
      guard let now = try files.status(path), now.kind == .file, now.links == 1,
        now.isUnchanged(since: seen), now.changed == seen.changed
      else { return false }
      return try files.unlink(path)
    }
  }

  /// What downloads left that nobody wrote to since a time. What is whole and verified is none: the next
  /// writer takes it up.
  /// - Parameter time: seconds since 1970.
  package func leftovers(before time: Int64) throws(StoreError) -> [StoreLeftover] {
    try onDisk { () throws(SystemError) in
      var parts: [Digest: [(path: AbsolutePath, status: FileStatus)]] = [:]
      var found: [StoreLeftover] = []
      for entry in try list(partialFolder) {
        guard let name = entry.name else { continue }
        let path = partialFolder.appending(name)
        guard let status = try files.status(path), status.kind == .file else { continue }
        if name.hasPrefix(TemporaryNames.prefix) {
          guard status.modified.seconds < time else { continue }
          found.append(StoreLeftover(paths: [path], bytes: status.size, digest: nil))
        } else if let digest = partialDigest(name) {
          parts[digest, default: []].append((path, status))
        }
      }
      for (digest, files) in parts
      where files.allSatisfy({ $0.status.modified.seconds < time }) {
        // Without its journal a file is nothing that somebody would go on from.
        let ordered = files.sorted { $0.path.name.utf8.count > $1.path.name.utf8.count }
        found.append(
          StoreLeftover(
            paths: ordered.map(\.path), bytes: ordered.reduce(0) { $0 + $1.status.size },
            digest: digest))
      }
      return found.sorted { ($0.paths.first?.string ?? "") < ($1.paths.first?.string ?? "") }
    }
  }

  private func partialDigest(_ name: String) -> Digest? {
    for ending in ["", ".pieces", ".pieces.new", ".json"] where name.hasSuffix(ending) {
      if let digest = digest(named: String(name.dropLast(ending.count))) { return digest }
    }
    return nil
  }

  /// Removes what a download left, unless somebody writes to it.
  package func remove(_ leftover: StoreLeftover) throws(StoreError) -> Bool {
    try onDisk { () throws(SystemError) in
      if let digest = leftover.digest, try files.status(partialPath(digest)) != nil {
        let file = try files.open(partialPath(digest), .update)
        guard try file.tryLock() else { return false }
        for path in leftover.paths { try files.unlink(path) }
        return true
      }
      for path in leftover.paths { try files.unlink(path) }
      return true
    }
  }
}
