internal import CGit2
internal import Core

/// Writes a commit of many files as one pack: the objects are gathered in memory, then written,
/// indexed and synced in one go.
enum PackedWriting {
  static func commit(
    _ draft: CommitDraft, _ folder: ChangedFolder, in repository: GitRepository
  ) throws(GitError) -> CommitID {
    // A handle of its own: the store in memory cannot be taken out of a repository again.
    guard let handle = try GitRepository.open(repository.path) else {
      throw .damaged(path: repository.path.string, reason: "it is gone")
    }
    try gatherInMemory(handle)
    var writer = ObjectWriter(repository: handle)
    let id = try writer.commit(draft, folder)
    try writePack(writer.written, handle)
    return id
  }

  private static func gatherInMemory(_ repository: GitRepository.Handle) throws(GitError) {
    var database: OpaquePointer?
    try LibGit2.check(
      unsafe git_repository_odb(&database, repository.pointer), "open the object database")
    defer { unsafe git_odb_free(database) }
    var memory: UnsafeMutablePointer<git_odb_backend>?
    try LibGit2.check(unsafe git_mempack_new(&memory), "make room for objects")
    // Its priority is above those of the stores on disk, so every write goes there. From here on
    // the database owns it.
    try LibGit2.check(unsafe git_odb_add_backend(database, memory, 1_000), "gather objects")
  }

  private static func writePack(
    _ objects: [ObjectID], _ repository: GitRepository.Handle
  ) throws(GitError) {
    var builder: OpaquePointer?
    try LibGit2.check(unsafe git_packbuilder_new(&builder, repository.pointer), "begin a pack")
    defer { unsafe git_packbuilder_free(builder) }
    for object in objects {
      var oid = object.oid
      try LibGit2.check(
        unsafe git_packbuilder_insert(builder, &oid, nil), "put `\(object.hex)` in a pack")
    }
    try LibGit2.check(unsafe git_packbuilder_write(builder, nil, 0, nil, nil), "write a pack")
  }
}
