package import CatalogueModel
package import Core
package import GitStore

/// A file that a snapshot took out of its place.
package struct RemovedEntry: Sendable, Equatable {
  package var entry: Entry
  /// The first snapshot without it.
  package var by: LogEntry
  /// The last one with it.
  package var last: CommitID
}

extension History {
  /// The snapshots up to the last one, newest first.
  package func line() throws(HistoryError) -> [CommitID] {
    guard let repository = try existing() else { return [] }
    return try throughGit { () throws(GitError) in
      guard let head = try repository.head() else { return [] }
      return try repository.log(from: head).map(\.id)
    }
  }

  /// Since when a model's record says something without a break: the oldest snapshot of the run
  /// that ends at the last one.
  ///
  /// Reads the record of that one model alone, and each of its forms once.
  /// - Parameters:
  ///   - line: what ``line()`` gave.
  ///   - holds: asked about the record as it was.
  /// - Returns: `nil` when not even the last snapshot says so.
  package func since(
    _ model: ModelID, along line: [CommitID], holds: (RecordedModel) -> Bool
  ) throws(HistoryError) -> LogEntry? {
    guard let repository = try existing() else { return nil }
    let path = SnapshotLayout.path(of: model)
    var known: [BlobID: Bool] = [:]
    var oldest: CommitID?
    for commit in line {
      let blob = try throughGit { () throws(GitError) in try repository.blob(path, at: commit) }
      guard let blob else { break }
      if known[blob] == nil {
        let bytes = try throughGit { () throws(GitError) in try repository.read([blob]) }
        known[blob] = holds(try Self.record(bytes.first ?? [], path, commit))
      }
      guard known[blob] == true else { break }
      oldest = commit
    }
    return try oldest.map { id throws(HistoryError) in try entry(id) }
  }

  /// What earlier snapshots had and the last one has not, newest removal first; each place once.
  /// Only records that changed are read.
  /// - Parameters:
  ///   - isMeant: which entries are looked for; of a path one of their places is meant.
  ///   - limit: how many are enough.
  package func removed(
    limit: Int, isMeant: (Entry) -> Bool
  ) throws(HistoryError) -> [RemovedEntry] {
    guard let repository = try existing() else { return [] }
    let commits = try throughGit { () throws(GitError) in
      try repository.head().map { head throws(GitError) in try repository.log(from: head) } ?? []
    }
    var found: [RemovedEntry] = []
    var seen: Set<EntryIdentity> = []
    for commit in commits where found.count < limit {
      guard let parent = commit.parents.first else { continue }
      let difference = try difference(from: parent, to: commit.id)
      let left =
        difference.removed
        + difference.changed.filter { !Set($0.old.file.places).isSubset(of: $0.new.file.places) }
        .map(\.old)
      for entry in left where isMeant(entry) && seen.insert(entry.identity).inserted {
        found.append(
          RemovedEntry(entry: entry, by: try self.entry(commit.id), last: parent))
      }
    }
    return found
  }

  /// Whether any snapshot of the run that ends at the last one has a manifest of this text.
  package func hasManifest(_ bytes: [UInt8]) throws(HistoryError) -> Bool {
    guard let repository = try existing() else { return false }
    return try throughGit { () throws(GitError) in
      let blob = try GitRepository.blobID(of: bytes)
      guard let head = try repository.head() else { return false }
      for commit in try repository.log(from: head)
      where try repository.files(under: SnapshotLayout.manifests, at: commit.id)
        .contains(where: { $0.blob == blob })
      {
        return true
      }
      return false
    }
  }
}
