/// The changes of a commit, as the tree of folders in which they happen: only these are rewritten.
struct ChangedFolder {
  indirect enum Child {
    case file(FileChange)
    case folder(ChangedFolder)

    var isFile: Bool {
      if case .file = self { true } else { false }
    }
  }

  private(set) var children: [String: Child] = [:]

  private init() {}

  /// - Throws: `invalidPath` for a path that a tree cannot hold, and for one that is both a file to
  ///   write and a folder of others.
  init(_ changes: [String: FileChange]) throws(GitError) {
    for (path, change) in changes {
      let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
      guard parts.allSatisfy(Self.isName), insert(change, parts[...]) else {
        throw .invalidPath(path)
      }
    }
  }

  /// - Returns: whether the path agrees with the others.
  private mutating func insert(_ change: FileChange, _ path: ArraySlice<String>) -> Bool {
    guard let name = path.first else { return false }
    let rest = path.dropFirst()
    var inner = ChangedFolder()
    switch children[name] {
    case .file: return false
    case .folder(let folder):
      if rest.isEmpty { return false }
      inner = folder
    case nil: break
    }
    if rest.isEmpty {
      children[name] = .file(change)
      return true
    }
    // Taken out while it grows, or each step would copy it.
    children[name] = nil
    let agrees = inner.insert(change, rest)
    children[name] = .folder(inner)
    return agrees
  }

  private static func isName(_ part: String) -> Bool {
    !part.isEmpty && part != "." && part != ".." && part.lowercased() != ".git"
      && !part.utf8.contains(0)
  }
}
