internal import CGit2

extension GitRepository {
  /// Gives a commit a name of its own (a lightweight tag).
  /// - Throws: `invalidTagName`, `tagExists`.
  package func tag(_ name: String, at id: CommitID) throws(GitError) {
    guard !name.utf8.contains(0) else { throw .invalidTagName(name) }
    try withHandle { repository throws(GitError) in
      var valid: Int32 = 0
      guard unsafe git_tag_name_is_valid(&valid, name) >= 0, valid == 1 else {
        throw .invalidTagName(name)
      }
      var reference: OpaquePointer?
      defer { unsafe git_reference_free(reference) }
      var oid = id.object.oid
      let code = unsafe git_reference_create(
        &reference, repository.pointer, "refs/tags/\(name)", &oid, 0, nil)
      if code == GIT_EEXISTS.rawValue { throw .tagExists(name: name) }
      try LibGit2.check(code, "tag `\(id.short)` as `\(name)`")
    }
  }

  /// Every tag of a commit, sorted by name. What somebody tagged with git and is no commit is
  /// passed over.
  package func taggedCommits() throws(GitError) -> [(name: String, id: CommitID)] {
    var tagged: [(name: String, id: CommitID)] = []
    for name in try tags() {
      do {
        tagged.append((name, try resolve("refs/tags/\(name)")))
      } catch {
        switch error {
        case .notACommit, .notFound: continue
        default: throw error
        }
      }
    }
    return tagged
  }

  /// Takes a tag away.
  /// - Returns: `false` when there is none of that name.
  package func removeTag(_ name: String) throws(GitError) -> Bool {
    guard try tags().contains(name) else { return false }
    try withHandle { repository throws(GitError) in
      try LibGit2.check(
        unsafe git_reference_remove(repository.pointer, "refs/tags/\(name)"),
        "take the tag `\(name)` away")
    }
    return true
  }

  /// Every tag's name, sorted.
  package func tags() throws(GitError) -> [String] {
    try withHandle { repository throws(GitError) in
      var names = unsafe git_strarray()
      try LibGit2.check(unsafe git_tag_list(&names, repository.pointer), "list the tags")
      defer { unsafe git_strarray_dispose(&names) }
      var tags: [String] = []
      let count = unsafe names.count
      for index in 0..<count {
        guard let name = unsafe names.strings?[index] else { continue }
        tags.append(unsafe String(cString: name))
      }
      return tags.sorted()
    }
  }
}
