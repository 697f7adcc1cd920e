internal import CGit2
internal import Core
internal import SystemIO

/// What a commit does to one path.
package enum FileChange: Sendable {
  case write([UInt8])
  /// The bytes are made when they are written, and not kept.
  case make(@Sendable () -> [UInt8])
  /// No harm when the path is not there.
  case delete
}

/// A commit to be written.
package struct CommitDraft: Sendable {
  /// The parent; `nil` for the first commit.
  package var base: CommitID?
  /// The commit whose files the changes are made to, mostly the parent; `nil`: none.
  package var start: CommitID?
  /// By path from the root, `/` between components. Folders come and go with their files.
  package var changes: [String: FileChange]
  /// The title, an empty line, the body.
  package var message: String
  package var author: GitSignature

  package init(
    base: CommitID?, changes: [String: FileChange], message: String, author: GitSignature
  ) {
    self.base = base
    start = base
    self.changes = changes
    self.message = message
    self.author = author
  }
}

extension GitRepository {
  /// From this number of changes on, objects go into one pack: 20,000 files of their own, each with
  /// a sync, would take a minute.
  static let packThreshold = 64

  /// Writes blobs, the trees that change, and a commit, which no reference names yet.
  ///
  /// When this returns everything the commit needs is durable, so its id may be written down.
  /// - Returns: the new commit's id, the same for the same draft.
  package func commit(_ draft: CommitDraft) throws(GitError) -> CommitID {
    let folder = try ChangedFolder(draft.changes)
    guard draft.changes.count >= Self.packThreshold else {
      let (id, written) = try withHandle { repository throws(GitError) in
        var writer = ObjectWriter(repository: repository)
        let id = try writer.commit(draft, folder)
        return (id, writer.written)
      }
      try sync(path.appending("objects"))
      try requireWritten(written)
      return id
    }
    let id = try PackedWriting.commit(draft, folder, in: self)
    try requireWritten([id.object])
    return id
  }

  /// Looks whether objects are there: libgit2 was seen to call a write done whose folder could not be
  /// made.
  func requireWritten(_ objects: [ObjectID]) throws(GitError) {
    // A handle of its own remembers nothing of what it was given to write.
    guard let handle = try Self.open(path) else {
      throw .damaged(path: path.string, reason: "it is gone")
    }
    var database: OpaquePointer?
    try LibGit2.check(
      unsafe git_repository_odb(&database, handle.pointer), "open the object database")
    defer { unsafe git_odb_free(database) }
    for object in objects {
      var oid = object.oid
      guard unsafe git_odb_exists(database, &oid) == 1 else {
        if let error = wantOfRoom() { throw .failed(operation: "write a snapshot", error) }
        throw .failed(
          operation: "write a snapshot", reason: "the disk did not take `\(object.hex)`", code: 0)
      }
    }
  }

  /// Whether it was for want of room that something is not there: libgit2 kept the reason to itself, so a
  /// folder with a little in it is tried.
  private func wantOfRoom() -> SystemError? {
    let trial = path.appending("objects", files.names.make())
    defer { try? files.removeAll(trial) }
    do throws(SystemError) {
      try files.makeFolder(trial)
      let bytes = [UInt8](repeating: 1, count: 64 << 10)
      try files.writeDurably(bytes, to: trial.appending("trial"))
      return nil
    } catch {
      return error.isFull ? error : nil
    }
  }
}

/// Writes objects through one repository handle and keeps count of them.
struct ObjectWriter {
  let repository: GitRepository.Handle
  /// What was written, blobs and trees before what names them.
  private(set) var written: [ObjectID] = []

  init(repository: GitRepository.Handle) { self.repository = repository }

  mutating func commit(_ draft: CommitDraft, _ folder: ChangedFolder) throws(GitError) -> CommitID {
    var parent: OpaquePointer?
    defer { unsafe git_commit_free(parent) }
    if let base = draft.base {
      unsafe parent = try unsafe GitRepository.lookUpCommit(base, in: repository)
    }
    var start: ObjectID?
    if let commit = draft.start {
      start = try GitRepository.rootTree(of: commit, in: repository)
    }
    let filled = try write(folder, over: start)
    let root = if let filled { filled } else { try writeEmptyTree() }
    let tree = try unsafe GitRepository.lookUpTree(root, in: repository)
    defer { unsafe git_tree_free(tree) }
    var oid = git_oid()
    try unsafe draft.author.withPointer { who throws(GitError) in
      let parents = draft.base == nil ? 0 : 1
      try LibGit2.check(
        unsafe git_commit_create(
          &oid, repository.pointer, nil, who, who, nil, draft.message, tree, parents, &parent),
        "write the commit")
    }
    let id = ObjectID(oid)
    written.append(id)
    return CommitID(id)
  }

  /// - Returns: the folder's new tree; `nil` when nothing is left in it.
  private mutating func write(
    _ folder: ChangedFolder, over base: ObjectID?
  ) throws(GitError) -> ObjectID? {
    var source: OpaquePointer?
    if let base { unsafe source = try unsafe GitRepository.lookUpTree(base, in: repository) }
    defer { unsafe git_tree_free(source) }
    var made: OpaquePointer?
    try LibGit2.check(
      unsafe git_treebuilder_new(&made, repository.pointer, source), "begin a tree")
    guard let builder = unsafe made else { throw .missing(what: "a tree builder") }
    defer { unsafe git_treebuilder_free(builder) }
    for (name, child) in folder.children {
      let existing = unsafe git_treebuilder_get(builder, name)
      let found = unsafe existing.map { unsafe git_tree_entry_type($0) }
      let id: ObjectID?
      switch child {
      case .file(.write(let bytes)): id = try writeBlob(bytes)
      case .file(.make(let bytes)): id = try writeBlob(bytes())
      case .file(.delete):
        // A folder of that name is not the file that goes.
        if found == GIT_OBJECT_TREE { continue }
        id = nil
      case .folder(let inner):
        let under = found == GIT_OBJECT_TREE ? unsafe ObjectID(git_tree_entry_id(existing)) : nil
        id = try write(inner, over: under)
        if id == nil, found == GIT_OBJECT_BLOB { continue }
      }
      if let id {
        let mode = child.isFile ? GIT_FILEMODE_BLOB : GIT_FILEMODE_TREE
        var oid = id.oid
        try LibGit2.check(
          unsafe git_treebuilder_insert(nil, builder, name, &oid, mode), "add `\(name)` to a tree")
      } else if found != nil {
        try LibGit2.check(
          unsafe git_treebuilder_remove(builder, name), "remove `\(name)` from a tree")
      }
    }
    guard unsafe git_treebuilder_entrycount(builder) > 0 else { return nil }
    return try unsafe finish(builder)
  }

  private mutating func writeEmptyTree() throws(GitError) -> ObjectID {
    var builder: OpaquePointer?
    try LibGit2.check(unsafe git_treebuilder_new(&builder, repository.pointer, nil), "begin a tree")
    defer { unsafe git_treebuilder_free(builder) }
    return try unsafe finish(builder)
  }

  private mutating func finish(_ builder: OpaquePointer?) throws(GitError) -> ObjectID {
    var oid = git_oid()
    try LibGit2.check(unsafe git_treebuilder_write(&oid, builder), "write a tree")
    let id = ObjectID(oid)
    written.append(id)
    return id
  }

  private mutating func writeBlob(_ bytes: [UInt8]) throws(GitError) -> ObjectID {
    var oid = git_oid()
    let code = unsafe bytes.withUnsafeBytes { buffer in
      unsafe git_blob_create_from_buffer(&oid, repository.pointer, buffer.baseAddress, buffer.count)
    }
    try LibGit2.check(code, "write a blob")
    let id = ObjectID(oid)
    written.append(id)
    return id
  }
}
