internal import SystemIO

/// What can go wrong with the history's repository.
package enum GitError: Error, Hashable, Sendable {
  /// No commit of that name: a tag, an id or a step back that does not exist.
  case notFound(revision: String)
  /// A short id that several objects share.
  case ambiguous(revision: String)
  /// The text cannot be read as a revision.
  case invalidRevision(String)
  /// It names something, but not a commit.
  case notACommit(revision: String)
  /// A commit, tree or blob that should be there is not: the repository is damaged.
  case missing(what: String)
  /// `main` is not where the caller believes it is: somebody else recorded meanwhile.
  case moved(expected: CommitID?, found: CommitID?)
  /// A lock file of git is in the way: another git at work, or one that was killed.
  case locked(path: String)
  /// The folder is there, but is no repository any more.
  case damaged(path: String, reason: String)
  case tagExists(name: String)
  case invalidTagName(String)
  /// A path that a tree cannot hold: empty, or with an empty, `.`, `..` or `.git` component.
  case invalidPath(String)
  /// libgit2, or the system, refused for another reason.
  case failed(operation: String, reason: String, code: Int32)
}

extension GitError {
  static func failed(operation: String, _ error: SystemError) -> GitError {
    .failed(operation: operation, reason: "\(error)", code: error.code)
  }
}

extension GitError {
  /// The disk, or the user's share of it, is full.
  package var isFull: Bool {
    guard case .failed(let operation, let reason, let code) = self else { return false }
    return SystemError(call: operation, path: "", code: code).isFull
      || SystemError.tellsOfFull(reason)
  }
}

extension GitError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notFound(let revision):
      "no snapshot is named `\(revision)`; `civsync log` lists them"
    case .ambiguous(let revision):
      "`\(revision)` stands for more than one object; give more digits of the id"
    case .invalidRevision(let revision):
      "`\(revision)` is not a revision; write one like `HEAD~1`, a tag or an id"
    case .notACommit(let revision):
      "`\(revision)` names something that is not a snapshot; `civsync log` lists snapshots"
    case .missing(let what):
      "the history has lost \(what); `git -C .civsync fsck` tells how much is damaged"
    case .moved(let expected, let found):
      "the history moved from \(Self.name(expected)) to \(Self.name(found)) meanwhile; run again"
    case .locked(let path):
      "`\(path)` is locked by another git; wait for it, or remove the file if none is running"
    case .damaged(let path, let reason):
      "`\(path)` cannot be read as a repository: \(reason); restore it from a backup"
    case .tagExists(let name):
      "the tag `\(name)` exists already; choose another name"
    case .invalidTagName(let name):
      "`\(name)` cannot be the name of a tag; use letters, digits, `-`, `_`, `.` and `/`"
    case .invalidPath(let path):
      "`\(path)` cannot be a path in a snapshot"
    case .failed(let operation, let reason, let code):
      "could not \(operation): \(reason) (code \(code))"
    }
  }

  private static func name(_ id: CommitID?) -> String { id.map { "`\($0.short)`" } ?? "nothing" }
}
