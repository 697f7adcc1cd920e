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
