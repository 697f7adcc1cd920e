internal import CGit2

/// What a commit says about itself.
package struct CommitInfo: Hashable, Sendable {
  package var id: CommitID
  package var parents: [CommitID]
  package var author: GitSignature
  /// The message as it was written.
  package var message: String

  /// The message's first line.
  package var title: String {
    String(message.split(separator: "\n", maxSplits: 1).first ?? "")
  }

  /// What follows the title and the empty line after it, without line ends at its own end.
  package var body: String {
    guard let end = message.firstIndex(of: "\n") else { return "" }
    var text = message[end...].drop { $0 == "\n" }
    while text.last == "\n" { text.removeLast() }
    return String(text)
  }
}

/// A path that differs between two commits.
package struct PathChange: Hashable, Sendable {
  package enum Kind: Hashable, Sendable { case added, removed, modified }

  package var path: String
  package var kind: Kind
  /// `nil` where the file is added.
  package var old: BlobID?
  /// `nil` where the file is removed.
  package var new: BlobID?
}

extension GitRepository {
  package func info(_ id: CommitID) throws(GitError) -> CommitInfo {
    try withHandle { repository throws(GitError) in try Self.info(id, repository) }
  }

  /// The commit and its first parents, newest first.
  package func log(from start: CommitID, limit: Int = .max) throws(GitError) -> [CommitInfo] {
    try withHandle { repository throws(GitError) in
      var commits: [CommitInfo] = []
      var next: CommitID? = start
      while let id = next, commits.count < limit {
        let info = try Self.info(id, repository)
        commits.append(info)
        next = info.parents.first
      }
      return commits
    }
  }

  private static func info(
    _ id: CommitID, _ repository: Handle
  ) throws(GitError) -> CommitInfo {
    let commit = try unsafe lookUpCommit(id, in: repository)
    defer { unsafe git_commit_free(commit) }
    let count = unsafe git_commit_parentcount(commit)
    let parents = (0..<count).compactMap { index in
      unsafe ObjectID(git_commit_parent_id(commit, index)).map(CommitID.init)
    }
    let message = unsafe git_commit_message(commit).map { unsafe String(cString: $0) } ?? ""
    return CommitInfo(
      id: id, parents: parents, author: unsafe signature(git_commit_author(commit)),
      message: message)
  }

  private static func signature(_ pointer: UnsafePointer<git_signature>?) -> GitSignature {
    guard let value = unsafe pointer?.pointee else {
      return GitSignature(name: "", email: "", time: GitTime(seconds: 0))
    }
    return unsafe GitSignature(
      name: value.name.map { unsafe String(cString: $0) } ?? "",
      email: value.email.map { unsafe String(cString: $0) } ?? "",
      time: GitTime(seconds: value.when.time, offsetMinutes: Int(value.when.offset)))
  }
}

// MARK: - Differences

extension GitRepository {
  /// The paths that differ between two commits, sorted; `nil` stands for an empty tree. A renamed
  /// file is one removed and one added.
  package func changedPaths(
    from old: CommitID?, to new: CommitID?
  ) throws(GitError) -> [PathChange] {
    try withHandle { repository throws(GitError) in
      let oldTree = try unsafe Self.tree(old, repository)
      defer { unsafe git_tree_free(oldTree) }
      let newTree = try unsafe Self.tree(new, repository)
      defer { unsafe git_tree_free(newTree) }
      var difference: OpaquePointer?
      try LibGit2.check(
        unsafe git_diff_tree_to_tree(&difference, repository.pointer, oldTree, newTree, nil),
        "compare two snapshots")
      defer { unsafe git_diff_free(difference) }
      return unsafe (0..<git_diff_num_deltas(difference)).compactMap { index in
        unsafe git_diff_get_delta(difference, index).flatMap { unsafe change($0.pointee) }
      }
    }
  }

  private static func tree(
    _ id: CommitID?, _ repository: Handle
  ) throws(GitError) -> OpaquePointer? {
    guard let id else { return nil }
    return try unsafe lookUpTree(rootTree(of: id, in: repository), in: repository)
  }
}

private func change(_ delta: git_diff_delta) -> PathChange? {
  guard let name = unsafe delta.new_file.path ?? delta.old_file.path else { return nil }
  let path = unsafe String(cString: name)
  let old = unsafe BlobID(ObjectID(delta.old_file.id))
  let new = unsafe BlobID(ObjectID(delta.new_file.id))
  return switch unsafe delta.status {
  case GIT_DELTA_ADDED: PathChange(path: path, kind: .added, old: nil, new: new)
  case GIT_DELTA_DELETED: PathChange(path: path, kind: .removed, old: old, new: nil)
  default: PathChange(path: path, kind: .modified, old: old, new: new)
  }
}
