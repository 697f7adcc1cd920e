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
    let objects = repository.path.appending("objects")
    let missing = try missing(writer.written, in: objects)
    let packs = objects.appending("pack")
    if missing.count < writer.written.count {
      // A run that was killed may have left them without a sync of their names.
      for folder in [objects, packs] { try repository.sync(folder) }
    }
    if !missing.isEmpty { try writePack(missing, handle, in: packs) }
    return id
  }

  /// What is not on the disk yet. What is gone back to is there already: to pack it once more took most of the
  /// time, and let the history grow by the whole of it.
  private static func missing(
    _ objects: [ObjectID], in folder: AbsolutePath
  ) throws(GitError) -> [ObjectID] {
    var database: OpaquePointer?
    try LibGit2.check(
      unsafe git_odb_open(&database, folder.string), "open the object database")
    defer { unsafe git_odb_free(database) }
    return objects.filter { object in
      var oid = object.oid
      // Nobody else writes meanwhile, so what is not found needs no second look at the folder.
      return unsafe git_odb_exists_ext(database, &oid, GIT_ODB_LOOKUP_NO_REFRESH.rawValue) == 0
    }
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
    _ objects: [ObjectID], _ repository: GitRepository.Handle, in folder: AbsolutePath
  ) throws(GitError) {
    var builder: OpaquePointer?
    try LibGit2.check(unsafe git_packbuilder_new(&builder, repository.pointer), "begin a pack")
    defer { unsafe git_packbuilder_free(builder) }
    // As many threads as there are cores; the answer is their number.
    _ = unsafe git_packbuilder_set_threads(builder, 0)
    for object in objects {
      var oid = object.oid
      try LibGit2.check(
        unsafe git_packbuilder_insert(builder, &oid, nil), "put `\(object.hex)` in a pack")
    }
    var pack = unsafe git_buf()
    defer { unsafe git_buf_dispose(&pack) }
    try LibGit2.check(unsafe git_packbuilder_write_buf(&pack, builder), "fill a pack")
    try unsafe index(pack, in: folder)
  }

  /// Writes the pack and its index, each synced before it gets its name.
  ///
  /// The bytes go to the indexer in one piece: it maps the file anew for every piece that it gets,
  /// which made the packbuilder's own way of writing, object by object, several times slower.
  private static func index(_ pack: git_buf, in folder: AbsolutePath) throws(GitError) {
    var indexer: OpaquePointer?
    try LibGit2.check(
      unsafe git_indexer_new(&indexer, folder.string, 0, nil, nil), "begin a pack's index")
    defer { unsafe git_indexer_free(indexer) }
    var progress = git_indexer_progress()
    try LibGit2.check(
      unsafe git_indexer_append(indexer, pack.ptr, pack.size, &progress), "write a pack")
    try LibGit2.check(unsafe git_indexer_commit(indexer, &progress), "index a pack")
  }
}
