internal import CGit2
internal import Core
internal import SystemIO

/// A moment as git writes it.
package struct GitTime: Hashable, Sendable {
  /// Seconds since 1970-01-01T00:00:00Z.
  package var seconds: Int64
  /// Minutes that the local clock is ahead of UTC.
  package var offsetMinutes: Int

  package init(seconds: Int64, offsetMinutes: Int = 0) {
    self.seconds = seconds
    self.offsetMinutes = offsetMinutes
  }
}

/// Who records, and when.
package struct GitSignature: Hashable, Sendable {
  package var name: String
  package var email: String
  package var time: GitTime

  package init(name: String, email: String, time: GitTime) {
    self.name = name
    self.email = email
    self.time = time
  }

  /// Runs `body` with the same facts in libgit2's own form.
  func withPointer<Result>(
    _ body: (UnsafeMutablePointer<git_signature>) throws(GitError) -> Result
  ) throws(GitError) -> Result {
    var signature: UnsafeMutablePointer<git_signature>?
    let code = unsafe git_signature_new(
      &signature, name, email, time.seconds, Int32(clamping: time.offsetMinutes))
    guard code >= 0, let signature = unsafe signature else {
      throw .failed(operation: "sign as `\(name)`", reason: LibGit2.lastMessage, code: code)
    }
    defer { unsafe git_signature_free(signature) }
    return try unsafe body(signature)
  }
}

extension GitRepository {
  /// Where `main` stands; `nil` before the first snapshot.
  package func head() throws(GitError) -> CommitID? {
    try withHandle { repository throws(GitError) in try Self.main(of: repository) }
  }

  private static func main(of repository: Handle) throws(GitError) -> CommitID? {
    var oid = git_oid()
    let code = unsafe git_reference_name_to_id(&oid, repository.pointer, mainReference)
    if code == GIT_ENOTFOUND.rawValue { return nil }
    try LibGit2.check(code, "read `\(mainReference)`")
    return CommitID(ObjectID(oid))
  }

  /// The commit that a revision names: whatever libgit2 resolves, such as `HEAD~1`, a tag, a short
  /// id, `main@{1}` or `main@{yesterday}`.
  /// - Throws: `notFound`, `ambiguous`, `invalidRevision` or `notACommit`, with the text given.
  package func resolve(_ revision: String) throws(GitError) -> CommitID {
    guard !revision.utf8.contains(0) else { throw .invalidRevision(revision) }
    return try withHandle { repository throws(GitError) in
      var found: OpaquePointer?
      let code = unsafe git_revparse_single(&found, repository.pointer, revision)
      guard code >= 0, let object = unsafe found else {
        throw Self.revisionError(code, revision)
      }
      defer { unsafe git_object_free(object) }
      var peeled: OpaquePointer?
      guard unsafe git_object_peel(&peeled, object, GIT_OBJECT_COMMIT) >= 0,
        let commit = unsafe peeled
      else { throw .notACommit(revision: revision) }
      defer { unsafe git_object_free(commit) }
      guard let id = unsafe ObjectID(git_object_id(commit)) else {
        throw .notACommit(revision: revision)
      }
      return CommitID(id)
    }
  }

  private static func revisionError(_ code: Int32, _ revision: String) -> GitError {
    switch code {
    case GIT_ENOTFOUND.rawValue: .notFound(revision: revision)
    case GIT_EAMBIGUOUS.rawValue: .ambiguous(revision: revision)
    case GIT_EINVALIDSPEC.rawValue: .invalidRevision(revision)
    case GIT_EPEEL.rawValue: .notACommit(revision: revision)
    default: .failed(operation: "resolve `\(revision)`", reason: LibGit2.lastMessage, code: code)
    }
  }

  /// Moves `main` to `id` and writes the reflog, both synced.
  /// - Parameters:
  ///   - expected: where the caller believes `main` to stand now, `nil` for nowhere.
  ///   - message: the reflog's line.
  ///   - signature: the reflog's name and time.
  /// - Throws: `moved` when `main` stands elsewhere, `locked` when another git holds it.
  package func moveMain(
    to id: CommitID, expecting expected: CommitID?, message: String, by signature: GitSignature
  ) throws(GitError) {
    try withHandle { repository throws(GitError) in
      var started: OpaquePointer?
      try LibGit2.check(
        unsafe git_transaction_new(&started, repository.pointer), "begin to move `main`")
      // Freed without a commit it lets the lock go and changes nothing.
      defer { unsafe git_transaction_free(started) }
      let code = unsafe git_transaction_lock_ref(started, Self.mainReference)
      if code == GIT_ELOCKED.rawValue { throw .locked(path: mainLock.string) }
      try LibGit2.check(code, "lock `main`")
      let found = try Self.main(of: repository)
      guard found == expected else { throw .moved(expected: expected, found: found) }
      try unsafe signature.withPointer { who throws(GitError) in
        var oid = id.object.oid
        try LibGit2.check(
          unsafe git_transaction_set_target(started, Self.mainReference, &oid, who, message),
          "point `main` to `\(id.short)`")
      }
      try LibGit2.check(unsafe git_transaction_commit(started), "move `main` to `\(id.short)`")
    }
  }

  private var mainLock: AbsolutePath { path.appending("\(Self.mainReference).lock") }

  /// Removes the lock file that a killed run may have left on `main`, without which `main` could
  /// never move again. Only for a caller that keeps every other civsync out meanwhile.
  /// - Returns: whether there was one.
  @discardableResult
  package func removeStaleLock() -> Bool { (try? files.unlink(mainLock)) ?? false }
}
