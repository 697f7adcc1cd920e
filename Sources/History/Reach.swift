package import CatalogueModel
package import Core
package import GitStore

/// A snapshot without what it holds.
package struct SnapshotOutline: Sendable, Hashable {
  package var id: CommitID
  package var parent: CommitID?
  package var time: GitTime
  package var title: String

  package init(id: CommitID, parent: CommitID?, time: GitTime, title: String) {
    self.id = id
    self.parent = parent
    self.time = time
    self.title = title
  }
}

/// How the contents that a snapshot needs differ from those of the one before. Each content stands as
/// often as entries and companions have it: one that two entries have and one of them gives up is needed
/// still.
package struct ReachDifference: Sendable, Hashable {
  package var added: [Digest]
  package var removed: [Digest]

  package init(added: [Digest] = [], removed: [Digest] = []) {
    self.added = added
    self.removed = removed
  }

  /// Of what two snapshots hold, both in order.
  package init(from old: [Entry], to new: [Entry]) {
    let difference = EntryDifference(from: old, to: new)
    self.init(
      from: difference.old.flatMap(\.contents), to: difference.new.flatMap(\.contents))
  }

  /// Of all that was and all that is; what both have is left out.
  package init(from old: [Digest], to new: [Digest]) {
    var counts: [Digest: Int] = [:]
    for digest in new { counts[digest, default: 0] += 1 }
    for digest in old { counts[digest, default: 0] -= 1 }
    var (added, removed): ([Digest], [Digest]) = ([], [])
    for (digest, count) in counts {
      for _ in 0..<max(0, count) { added.append(digest) }
      for _ in 0..<max(0, -count) { removed.append(digest) }
    }
    self.init(added: added.sorted(), removed: removed.sorted())
  }
}

extension History {
  /// The snapshots up to the last one, newest first, and nothing of what they hold.
  package func outlines() throws(HistoryError) -> [SnapshotOutline] {
    guard let repository = try existing() else { return [] }
    return try throughGit { () throws(GitError) in
      guard let head = try repository.head() else { return [] }
      return try repository.log(from: head).map(SnapshotOutline.init)
    }
  }

  /// The outline of one snapshot, on whatever line.
  package func outline(_ id: CommitID) throws(HistoryError) -> SnapshotOutline {
    guard let repository = try existing() else {
      throw .git(.missing(what: "commit `\(id.short)`"))
    }
    return try throughGit { () throws(GitError) in SnapshotOutline(try repository.info(id)) }
  }

  /// How the contents that a snapshot needs differ from those of another. Only records that differ are
  /// read.
  package func reachDifference(
    from old: CommitID?, to new: CommitID
  ) throws(HistoryError) -> ReachDifference {
    let difference = try difference(from: old, to: new)
    return ReachDifference(
      from: (difference.removed + difference.changed.map(\.old)).flatMap(\.contents),
      to: (difference.added + difference.changed.map(\.new)).flatMap(\.contents))
  }
}

extension SnapshotOutline {
  fileprivate init(_ info: CommitInfo) {
    self.init(
      id: info.id, parent: info.parents.first, time: info.author.time, title: info.title)
  }
}
