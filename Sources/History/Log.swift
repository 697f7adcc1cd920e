internal import Core
package import GitStore

/// One snapshot in the log.
package struct LogEntry: Sendable, Hashable {
  package var id: CommitID
  package var parent: CommitID?
  package var time: GitTime
  package var title: String
  package var body: String
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
      return try repository.log(from: start, limit: limit).map(Self.entry)
    }
  }

  /// The log's entry of one commit.
  package func entry(_ id: CommitID) throws(HistoryError) -> LogEntry {
    guard let repository = try existing() else {
      throw .git(.missing(what: "commit `\(id.short)`"))
    }
    return try throughGit { () throws(GitError) in
      Self.entry(try repository.info(id))
    }
  }

  private static func entry(_ info: CommitInfo) -> LogEntry {
    LogEntry(
      id: info.id, parent: info.parents.first, time: info.author.time, title: info.title,
      body: info.body)
  }
}
