package import Core
package import SystemIO

/// What keeps a tree from being looked at or switched.
package enum TreeError: Error, Equatable, Sendable {
  /// The operating system refused a call.
  case system(SystemError)
  /// Objects that the switch needs are not in the store, or were written to since.
  case objectsMissing([Digest])
  /// A tree is not, or no longer, this project's.
  case rootNotOurs(TreeName, AbsolutePath, RootState)
  /// A step names a tree that the transaction does not have.
  case unknownTree(TreeName)
  /// A file of civsync's own cannot be read: damaged, or of another version.
  case unreadable(AbsolutePath, why: String)
}

extension TreeError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .system(let error): error.description
    case .objectsMissing(let digests):
      "the store does not have "
        + digests.prefix(3).map { "`\($0.short)`" }.joined(separator: ", ")
        + (digests.count > 3 ? " and \(digests.count - 3) more" : "")
        + " in good order; run `civsync verify --repair`, or fetch them again"
    case .rootNotOurs(let name, let root, let state):
      "the tree `\(name)` at `\(root)` cannot be used: \(state.problem ?? "it is not claimed")"
    case .unknownTree(let name):
      "no tree is called `\(name)`; name it in the manifest"
    case .unreadable(let path, let why):
      "`\(path)` cannot be read: \(why); use the civsync that wrote it, or restore the file"
    }
  }
}

/// Runs calls to the operating system and gives their errors the tree's type.
func onDisk<Value: ~Copyable>(
  _ body: () throws(SystemError) -> Value
) throws(TreeError) -> Value {
  do { return try body() } catch { throw .system(error) }
}
