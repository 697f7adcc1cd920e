internal import CGit2

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
  /// The paths that differ between two commits, sorted; `nil` stands for an empty tree. A renamed
  /// file is one removed and one added. Folders that are equal are not opened: libgit2's own comparison
  /// opens them all.
  package func changedPaths(
    from old: CommitID?, to new: CommitID?
  ) throws(GitError) -> [PathChange] {
    try withHandle { repository throws(GitError) in
      let trees = try [old, new].map { commit throws(GitError) in
        try commit.map { id throws(GitError) in try Self.rootTree(of: id, in: repository) }
      }
      var difference = TreeDifference(repository: repository)
      try difference.compare(trees[0], trees[1], prefix: "")
      return difference.changes.sorted { left, right in
        left.path.utf8.lexicographicallyPrecedes(right.path.utf8)
      }
    }
  }
}

private struct TreeDifference {
  private struct Child: Equatable {
    var id: ObjectID
    var isFolder: Bool
  }

  let repository: GitRepository.Handle
  private(set) var changes: [PathChange] = []

  init(repository: GitRepository.Handle) { self.repository = repository }

  mutating func compare(
    _ old: ObjectID?, _ new: ObjectID?, prefix: String
  ) throws(GitError) {
    guard old != new else { return }
    var former = try children(old)
    for (name, child) in try children(new) {
      let before = former.removeValue(forKey: name)
      if before != child { try note(prefix + name, before, child) }
    }
    for (name, child) in former { try note(prefix + name, child, nil) }
  }

  private mutating func note(
    _ path: String, _ old: Child?, _ new: Child?
  ) throws(GitError) {
    let folders = [old, new].map { $0?.isFolder == true ? $0?.id : nil }
    try compare(folders[0], folders[1], prefix: path + "/")
    let files = [old, new].map { $0?.isFolder == false ? $0.map { BlobID($0.id) } : nil }
    switch (files[0], files[1]) {
    case (nil, nil): break
    case (nil, let new?):
      changes.append(PathChange(path: path, kind: .added, old: nil, new: new))
    case (let old?, nil):
      changes.append(PathChange(path: path, kind: .removed, old: old, new: nil))
    case (let old?, let new?):
      changes.append(PathChange(path: path, kind: .modified, old: old, new: new))
    }
  }

  private func children(_ id: ObjectID?) throws(GitError) -> [String: Child] {
    guard let id else { return [:] }
    let tree = try unsafe GitRepository.lookUpTree(id, in: repository)
    defer { unsafe git_tree_free(tree) }
    let count = unsafe git_tree_entrycount(tree)
    var children: [String: Child] = [:]
    children.reserveCapacity(count)
    for index in 0..<count {
      guard let entry = unsafe git_tree_entry_byindex(tree, index),
        let name = unsafe git_tree_entry_name(entry),
        let child = unsafe ObjectID(git_tree_entry_id(entry))
      else { continue }
      let isFolder = unsafe git_tree_entry_type(entry) == GIT_OBJECT_TREE
      unsafe children[String(cString: name)] = Child(id: child, isFolder: isFolder)
    }
    return children
  }
}
