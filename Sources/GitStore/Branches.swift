internal import CGit2

extension GitRepository {
  /// Where the branches beside `main` stand, and every commit from there to where they leave it; sorted. A name that leads to no commit is passed over.
  /// - Parameter line: the commits that `main` reaches.
  package func commits(ofBranchesBeside line: Set<CommitID>) throws(GitError) -> [CommitID] {
    var found: Set<CommitID> = []
    for name in try branches() where name != Self.mainReference {
      let tip: CommitID
      do throws(GitError) {
        tip = try resolve(name)
      } catch {
        switch error {
        case .notACommit, .notFound: continue
        default: throw error
        }
      }
      var open = [tip]
      while let id = open.popLast() {
        guard found.insert(id).inserted, !line.contains(id) else { continue }
        open += try info(id).parents
      }
    }
    return found.sorted { $0.hex < $1.hex }
  }

  /// The full names of all branches, sorted.
  private func branches() throws(GitError) -> [String] {
    try withHandle { repository throws(GitError) in
      var iterator: OpaquePointer?
      try LibGit2.check(
        unsafe git_reference_iterator_glob_new(&iterator, repository.pointer, "refs/heads/*"),
        "list the branches")
      defer { unsafe git_reference_iterator_free(iterator) }
      var names: [String] = []
      var name: UnsafePointer<CChar>?
      while true {
        let code = unsafe git_reference_next_name(&name, iterator)
        if code == GIT_ITEROVER.rawValue { return names.sorted() }
        try LibGit2.check(code, "list the branches")
        if let name = unsafe name { names.append(unsafe String(cString: name)) }
      }
    }
  }
}
