internal import Core
package import GitStore

/// One snapshot in the log.
package struct LogEntry: Sendable, Hashable {
  package var id: CommitID
  package var parent: CommitID?
  package var time: GitTime
  package var title: String
  package var body: String
  /// Models that the snapshot has and its parent has not.
  package var modelsAdded: Int
  package var modelsRemoved: Int
  /// Models whose record differs in anything.
  package var modelsChanged: Int
}

extension History {
  /// Snapshots, newest first; none before the first.
  /// - Parameters:
  ///   - revision: where to begin; HEAD unless told.
  package func log(
    from revision: String? = nil, limit: Int = .max
  ) throws(HistoryError) -> [LogEntry] {
    guard let repository = try existing() else {
      if let revision { throw .git(.notFound(revision: revision)) }
      return []
    }
    return try throughGit { () throws(GitError) in
      let start =
        if let revision { try repository.resolve(revision) } else { try repository.head() }
      guard let start else { return [] }
      var entries: [LogEntry] = []
      for info in try repository.log(from: start, limit: limit) {
        entries.append(try Self.entry(info, repository))
      }
      return entries
    }
  }

  /// The log's entry of one commit.
  package func entry(_ id: CommitID) throws(HistoryError) -> LogEntry {
    guard let repository = try existing() else {
      throw .git(.missing(what: "commit `\(id.short)`"))
    }
    return try throughGit { () throws(GitError) in
      try Self.entry(repository.info(id), repository)
    }
  }

  private static func entry(
    _ info: CommitInfo, _ repository: GitRepository
  ) throws(GitError) -> LogEntry {
    let parent = info.parents.first
    var entry = LogEntry(
      id: info.id, parent: parent, time: info.author.time, title: info.title, body: info.body,
      modelsAdded: 0, modelsRemoved: 0, modelsChanged: 0)
    for change in try repository.changedPaths(from: parent, to: info.id)
    where change.path.hasPrefix(SnapshotLayout.models + "/") {
      switch change.kind {
      case .added: entry.modelsAdded += 1
      case .removed: entry.modelsRemoved += 1
      case .modified: entry.modelsChanged += 1
      }
    }
    return entry
  }
}
