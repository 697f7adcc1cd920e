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
