internal import CGit2

/// A file in a commit.
package struct TreeFile: Hashable, Sendable {
  /// From the commit's root, `/` between components.
  package var path: String
  package var blob: BlobID

  package init(path: String, blob: BlobID) {
    self.path = path
    self.blob = blob
  }
}

extension GitRepository {
  /// The files under a folder of a commit, in git's order of names; none when there is no such
  /// folder.
  /// - Parameter folder: a path without slash at its ends; empty for the root.
  package func files(under folder: String = "", at commit: CommitID) throws(GitError) -> [TreeFile]
  {
    try withHandle { repository throws(GitError) in
      let root = try Self.rootTree(of: commit, in: repository)
      var files: [TreeFile] = []
      if folder.isEmpty {
        try Self.collect(root, prefix: "", repository, into: &files)
      } else if let entry = try Self.entry(folder, in: root, repository),
        entry.kind == GIT_OBJECT_TREE
      {
        try Self.collect(entry.id, prefix: "\(folder)/", repository, into: &files)
      }
      return files
    }
  }

  /// The files of a commit that are not below a folder of its root.
  package func files(at commit: CommitID, besides folder: String) throws(GitError) -> [TreeFile] {
    try withHandle { repository throws(GitError) in
      let root = try Self.rootTree(of: commit, in: repository)
      var files: [TreeFile] = []
      try Self.collect(root, prefix: "", besides: folder, repository, into: &files)
      return files
    }
  }

  /// The bytes of one file; `nil` when the commit has no file of that path.
  package func read(_ path: String, at commit: CommitID) throws(GitError) -> [UInt8]? {
    try withHandle { repository throws(GitError) in
      let root = try Self.rootTree(of: commit, in: repository)
      guard let entry = try Self.entry(path, in: root, repository),
        entry.kind == GIT_OBJECT_BLOB
      else { return nil }
      return try Self.content(entry.id, repository)
    }
  }

  /// The id of one file's content; `nil` when the commit has no file of that path.
  package func blob(_ path: String, at commit: CommitID) throws(GitError) -> BlobID? {
    try withHandle { repository throws(GitError) in
      let root = try Self.rootTree(of: commit, in: repository)
      guard let entry = try Self.entry(path, in: root, repository),
        entry.kind == GIT_OBJECT_BLOB
      else { return nil }
      return BlobID(entry.id)
    }
  }

  /// The bytes of many files at once, in the order asked for.
  package func read(_ blobs: [BlobID]) throws(GitError) -> [[UInt8]] {
    try withHandle { repository throws(GitError) in
      var contents: [[UInt8]] = []
      contents.reserveCapacity(blobs.count)
      for blob in blobs { contents.append(try Self.content(blob.object, repository)) }
      return contents
    }
  }
}

extension GitRepository {
  /// The id that a file of these bytes has in every repository; nothing is written.
  package static func blobID(of bytes: [UInt8]) throws(GitError) -> BlobID {
    try LibGit2.prepare()
    var oid = git_oid()
    let code = unsafe bytes.withUnsafeBytes { buffer in
      unsafe git_odb_hash(&oid, buffer.baseAddress, buffer.count, GIT_OBJECT_BLOB)
    }
    try LibGit2.check(code, "name a file's content")
    return BlobID(ObjectID(oid))
  }
}

// MARK: - Objects

extension GitRepository {
  static func rootTree(
    of commit: CommitID, in repository: Handle
  ) throws(GitError) -> ObjectID {
    let pointer = try unsafe lookUpCommit(commit, in: repository)
    defer { unsafe git_commit_free(pointer) }
    guard let id = unsafe ObjectID(git_commit_tree_id(pointer)) else {
      throw .missing(what: "the tree of commit `\(commit.short)`")
    }
    return id
  }

  /// - Returns: a commit that the caller frees.
  static func lookUpCommit(
    _ id: CommitID, in repository: Handle
  ) throws(GitError) -> OpaquePointer {
    var commit: OpaquePointer?
    var oid = id.object.oid
    let code = unsafe git_commit_lookup(&commit, repository.pointer, &oid)
    if code == GIT_ENOTFOUND.rawValue { throw .missing(what: "commit `\(id.short)`") }
    try LibGit2.check(code, "read commit `\(id.short)`")
    guard let commit = unsafe commit else { throw .missing(what: "commit `\(id.short)`") }
    return unsafe commit
  }

  /// - Returns: a tree that the caller frees.
  static func lookUpTree(
    _ id: ObjectID, in repository: Handle
  ) throws(GitError) -> OpaquePointer {
    var tree: OpaquePointer?
    var oid = id.oid
    let code = unsafe git_tree_lookup(&tree, repository.pointer, &oid)
    if code == GIT_ENOTFOUND.rawValue { throw .missing(what: "tree `\(id.hex)`") }
    try LibGit2.check(code, "read tree `\(id.hex)`")
    guard let tree = unsafe tree else { throw .missing(what: "tree `\(id.hex)`") }
    return unsafe tree
  }

  private static func entry(
    _ path: String, in root: ObjectID, _ repository: Handle
  ) throws(GitError) -> (id: ObjectID, kind: git_object_t)? {
    let tree = try unsafe lookUpTree(root, in: repository)
    defer { unsafe git_tree_free(tree) }
    var found: OpaquePointer?
    let code = unsafe git_tree_entry_bypath(&found, tree, path)
    if code == GIT_ENOTFOUND.rawValue { return nil }
    try LibGit2.check(code, "look for `\(path)`")
    defer { unsafe git_tree_entry_free(found) }
    guard let id = unsafe ObjectID(git_tree_entry_id(found)) else { return nil }
    return (id, unsafe git_tree_entry_type(found))
  }

  private static func collect(
    _ id: ObjectID, prefix: String, besides left: String? = nil, _ repository: Handle,
    into files: inout [TreeFile]
  ) throws(GitError) {
    let tree = try unsafe lookUpTree(id, in: repository)
    defer { unsafe git_tree_free(tree) }
    let count = unsafe git_tree_entrycount(tree)
    for index in 0..<count {
      guard let entry = unsafe git_tree_entry_byindex(tree, index),
        let name = unsafe git_tree_entry_name(entry),
        let child = unsafe ObjectID(git_tree_entry_id(entry))
      else { continue }
      let path = unsafe prefix + String(cString: name)
      if path == left { continue }
      if unsafe git_tree_entry_type(entry) == GIT_OBJECT_TREE {
        try collect(child, prefix: path + "/", repository, into: &files)
      } else {
        files.append(TreeFile(path: path, blob: BlobID(child)))
      }
    }
  }

  private static func content(
    _ id: ObjectID, _ repository: Handle
  ) throws(GitError) -> [UInt8] {
    var blob: OpaquePointer?
    var oid = id.oid
    let code = unsafe git_blob_lookup(&blob, repository.pointer, &oid)
    if code == GIT_ENOTFOUND.rawValue { throw .missing(what: "blob `\(id.hex)`") }
    try LibGit2.check(code, "read blob `\(id.hex)`")
    defer { unsafe git_blob_free(blob) }
    let size = unsafe Int(git_blob_rawsize(blob))
    guard size > 0, let start = unsafe git_blob_rawcontent(blob) else { return [] }
    return unsafe Array(UnsafeRawBufferPointer(start: start, count: size))
  }
}
