package import Core
internal import FoundationEssentials
internal import GRDB
internal import SystemIO

/// How the contents that a snapshot needs differ from those of the one before it.
package struct KeptReach: Sendable, Hashable {
  /// The commit that it was worked out against; `nil` for the first one.
  package var parent: String?
  package var added: [Digest]
  package var removed: [Digest]

  package init(parent: String?, added: [Digest], removed: [Digest]) {
    self.parent = parent
    self.added = added
    self.removed = removed
  }
}

extension Index {
  /// What is known of all commits. A row that is not what was written is left out: it decides what may be
  /// taken away for good.
  package func reaches() -> [String: KeptReach] {
    let found = try? database.read { database in
      var found: [String: KeptReach] = [:]
      let rows = try Row.fetchCursor(database, sql: Schema.findReach)
      while let row = try rows.next() {
        guard let commit = row[0] as String?, let added = row[2] as Data?,
          let removed = row[3] as Data?, let sum = row[4] as Data?
        else { continue }
        let parent = row[1] as String?
        guard Self.sum(commit, parent, added, removed) == sum, let added = Self.digests(added),
          let removed = Self.digests(removed)
        else { continue }
        found[commit] = KeptReach(parent: parent, added: added, removed: removed)
      }
      return found
    }
    return found ?? [:]
  }

  /// Keeps what was worked out, in one transaction.
  package func keep(_ reaches: [String: KeptReach]) {
    guard !reaches.isEmpty else { return }
    write { database in
      let statement = try database.cachedStatement(sql: Schema.keepReach)
      for (commit, reach) in reaches {
        let (added, removed) = (Self.bytes(reach.added), Self.bytes(reach.removed))
        try statement.execute(arguments: [
          commit, reach.parent, added, removed, Self.sum(commit, reach.parent, added, removed),
        ])
      }
    }
  }

  private static func sum(
    _ commit: String, _ parent: String?, _ added: Data, _ removed: Data
  ) -> Data {
    let head = Array("\(commit) \(parent ?? "-") \(added.count)\n".utf8)
    return Data(ContentHasher.digest(of: head + added + removed).bytes)
  }

  private static func bytes(_ digests: [Digest]) -> Data {
    var bytes = Data(capacity: digests.count * 32)
    for digest in digests { bytes.append(contentsOf: digest.bytes) }
    return bytes
  }

  private static func digests(_ data: Data) -> [Digest]? {
    guard data.count % 32 == 0 else { return nil }
    let bytes = [UInt8](data)
    return stride(from: 0, to: bytes.count, by: 32).compactMap { start in
      Digest(bytes: bytes[start..<start + 32])
    }
  }
}
