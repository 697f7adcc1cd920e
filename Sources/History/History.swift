internal import CatalogueModel
package import Core
package import GitStore
package import SystemIO

/// A project's own history: one commit for each snapshot, in `.git` of its state folder.
///
/// Nothing is opened or made before it is needed: reading a project without history leaves no trace.
/// Calls block while they read or write files, so they belong on a thread for blocking work.
package final class History: Sendable {
  /// The revision that stands for nothing placed.
  package static let emptyRevision = "@empty"

  package let repositoryPath: AbsolutePath

  let files: FileSystem

  /// - Parameter folder: the project's state folder, `.civsync`.
  package init(folder: AbsolutePath, files: FileSystem = FileSystem()) {
    repositoryPath = folder.appending(".git")
    self.files = files
  }

  func existing() throws(HistoryError) -> GitRepository? {
    try throughGit { () throws(GitError) in
      try GitRepository.openExisting(at: repositoryPath, files: files)
    }
  }

  func opened() throws(HistoryError) -> GitRepository {
    try throughGit { () throws(GitError) in
      try GitRepository.openOrCreate(at: repositoryPath, files: files)
    }
  }

  /// The id of the last snapshot; `nil` before the first.
  package func headID() throws(HistoryError) -> CommitID? {
    guard let repository = try existing() else { return nil }
    return try throughGit { () throws(GitError) in try repository.head() }
  }

  /// The commit that a revision names.
  /// - Parameter revision: anything libgit2 resolves, or `@empty`, for which `nil` comes back.
  package func resolve(_ revision: String) throws(HistoryError) -> CommitID? {
    if revision == Self.emptyRevision { return nil }
    guard let repository = try existing() else { throw .git(.notFound(revision: revision)) }
    return try throughGit { () throws(GitError) in try repository.resolve(revision) }
  }
}

// MARK: - Recording

extension History {
  /// Writes a snapshot as a commit on top of `base`. No reference names it yet, so nothing has
  /// happened; but it is durable, so its id may be written down.
  ///
  /// Costs what differs from the nearest of the known snapshots: what is equal there is not written,
  /// and not even put into words.
  /// - Parameters:
  ///   - base: the commit that HEAD stands on; `nil` for the first snapshot.
  ///   - known: snapshots as this history gave them, which it may share records with; `base` where none
  ///     are told.
  ///   - time: the time of the run.
  package func prepare(
    _ snapshot: Snapshot, on base: CommitID?, known: [Snapshot]? = nil, message: SnapshotMessage,
    time: GitTime
  ) throws(HistoryError) -> CommitID {
    for (entry, next) in zip(snapshot.entries, snapshot.entries.dropFirst())
    where entry.identity == next.identity {
      throw .duplicateModel(id: entry.model.id.rawValue)
    }
    let repository = try opened()
    var candidates = known ?? []
    if known == nil, let base { candidates = [try read(base)] }
    let changes = SnapshotChanges(fromOneOf: candidates, to: snapshot)
    return try throughGit { [changes] () throws(GitError) in
      var draft = CommitDraft(
        base: base, changes: changes.files, message: message.text, author: Self.author(at: time))
      draft.start = changes.start
      return try repository.commit(draft)
    }
  }

  /// Makes a prepared commit the last snapshot. Does nothing when it is that already, so a recovery
  /// may call it again.
  /// - Parameter base: where HEAD is expected to stand: what the commit was prepared on.
  package func advance(
    to id: CommitID, from base: CommitID?, time: GitTime
  ) throws(HistoryError) {
    let repository = try opened()
    try throughGit { () throws(GitError) in
      if try repository.head() == id { return }
      let title = try repository.info(id).title
      try repository.moveMain(
        to: id, expecting: base, message: title, by: Self.author(at: time))
    }
  }

  /// Removes the lock that a killed run may have left on the branch. Only while the project's own
  /// lock keeps other runs out.
  package func recover() throws(HistoryError) { try existing()?.removeStaleLock() }

  /// Gives a snapshot a name that stays.
  package func tag(_ name: String, at id: CommitID) throws(HistoryError) {
    let repository = try opened()
    try throughGit { () throws(GitError) in try repository.tag(name, at: id) }
  }

  /// All names given, sorted.
  package func tags() throws(HistoryError) -> [String] {
    guard let repository = try existing() else { return [] }
    return try throughGit { () throws(GitError) in try repository.tags() }
  }

  /// All snapshots that were given names, sorted by name.
  package func taggedSnapshots() throws(HistoryError) -> [(name: String, id: CommitID)] {
    guard let repository = try existing() else { return [] }
    return try throughGit { () throws(GitError) in try repository.taggedCommits() }
  }

  /// The commits from where branches beside `main` stand to where they leave it; sorted.
  package func branchedSnapshots(beside line: Set<CommitID>) throws(HistoryError) -> [CommitID] {
    guard let repository = try existing() else { return [] }
    return try throughGit { () throws(GitError) in
      try repository.commits(ofBranchesBeside: line)
    }
  }

  /// Takes a name away; the snapshot stays.
  /// - Returns: `false` when there is none.
  package func untag(_ name: String) throws(HistoryError) -> Bool {
    guard let repository = try existing() else { return false }
    return try throughGit { () throws(GitError) in try repository.removeTag(name) }
  }

  private static func author(at time: GitTime) -> GitSignature {
    GitSignature(name: "civsync", email: "civsync@localhost", time: time)
  }
}
