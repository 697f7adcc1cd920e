package import CatalogueModel
package import GitStore

/// Why the history cannot be read or written.
package enum HistoryError: Error, Hashable, Sendable {
  case git(GitError)
  /// Written by a civsync that knows more than this one.
  case newer(CommitID, found: Int64, known: Int64)
  /// A file of a snapshot that cannot be read.
  case unreadable(CommitID, path: String, RecordError)
  /// The commit is no snapshot, or lacks a part of it.
  case incomplete(CommitID, reason: String)
  /// Two models of one id were to be recorded.
  case duplicateModel(id: Int64)
}

extension HistoryError {
  /// The disk, or the user's share of it, is full.
  package var isFull: Bool {
    if case .git(let error) = self { error.isFull } else { false }
  }
}

extension HistoryError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .git(let error): error.description
    case .newer(let id, let found, let known):
      "snapshot `\(id.short)` is written in format \(found), this civsync knows \(known); "
        + "use a newer civsync"
    case .unreadable(let id, let path, let error):
      "snapshot `\(id.short)` has an unreadable `\(path)`: \(error)"
    case .incomplete(let id, let reason):
      "commit `\(id.short)` is not a whole snapshot: \(reason); choose another revision"
    case .duplicateModel(let id):
      "model \(id) was to be recorded twice; this is a defect of civsync, please report it"
    }
  }
}

/// Runs `body` and passes on what git says as an error of the history.
func throughGit<Result>(
  _ body: () throws(GitError) -> Result
) throws(HistoryError) -> Result {
  do { return try body() } catch { throw .git(error) }
}
