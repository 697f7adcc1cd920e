internal import CGit2
package import Core
package import SystemIO

/// A bare repository that holds the history: read and written through libgit2, with no index, no
/// work tree, and no configuration but its own.
///
/// Every call blocks while it reads or writes files, so it belongs on a thread for blocking work.
/// Calls from several threads are safe and wait for each other.
package final class GitRepository: Sendable {
  /// The handle that libgit2 gave, freed with the object.
  @safe final class Handle {
    let pointer: OpaquePointer
    init(_ pointer: OpaquePointer) { unsafe self.pointer = unsafe pointer }
    deinit { unsafe git_repository_free(pointer) }
  }

  /// A libgit2 repository is not made for two threads at once: one call at a time uses it.
  private let handle: PosixLock<Handle>
  package let path: AbsolutePath
  /// For what libgit2 leaves undone: it syncs each file that it writes, but not the folders that it
  /// makes on the way.
  let files: FileSystem

  private init(_ handle: Handle, path: AbsolutePath, files: FileSystem) {
    self.handle = PosixLock(handle)
    self.path = path
    self.files = files
  }

  /// The branch that all snapshots are on.
  static let mainReference = "refs/heads/main"

  /// Runs `body` with the repository while no other thread uses it.
  func withHandle<Result>(
    _ body: (Handle) throws(GitError) -> Result
  ) throws(GitError) -> Result {
    try handle.withLock { handle throws(GitError) in try body(handle) }
  }
}

// MARK: - Opening

extension GitRepository {
  /// Opens the repository at `path`, made before if it is not there.
  ///
  /// `path` is a folder named `.git` inside the folder it belongs to, but with the `core.bare` flag:
  /// `git -C FOLDER log` finds and reads it, `git status` there does not compare with files that do
  /// not exist, and `git clean -fdx` of a repository around it passes FOLDER by as a nested one.
  package static func openOrCreate(
    at path: AbsolutePath, files: FileSystem = FileSystem()
  ) throws(GitError) -> GitRepository {
    try LibGit2.prepare()
    let found = try open(path)
    let isNew = found == nil
    // To create also completes a folder that a killed run left half made: it keeps what is there.
    let handle = if let found { found } else { try create(path) }
    try ensureSettings(handle)
    let repository = GitRepository(handle, path: path, files: files)
    if isNew {
      for folder in [path.appending("refs"), path, path.parent] { try repository.sync(folder) }
    }
    return repository
  }

  /// Opens the repository at `path` and changes nothing; `nil` when there is none, or one in which
  /// nothing was recorded before its creation was interrupted.
  /// - Throws: `damaged` for a folder that holds a branch but no readable repository.
  package static func openExisting(
    at path: AbsolutePath, files: FileSystem = FileSystem()
  ) throws(GitError) -> GitRepository? {
    try LibGit2.prepare()
    if let handle = try open(path) { return GitRepository(handle, path: path, files: files) }
    let reason = LibGit2.lastMessage
    for trace in [mainReference, "packed-refs"]
    where try exists(path.appending(trace), files) {
      throw .damaged(path: path.string, reason: reason)
    }
    return nil
  }

  static func open(_ path: AbsolutePath) throws(GitError) -> Handle? {
    var repository: OpaquePointer?
    let flags = GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue | GIT_REPOSITORY_OPEN_BARE.rawValue
    let code = unsafe git_repository_open_ext(&repository, path.string, flags, nil)
    if code == GIT_ENOTFOUND.rawValue { return nil }
    guard code >= 0, let repository = unsafe repository else {
      throw .damaged(path: path.string, reason: LibGit2.lastMessage)
    }
    return unsafe Handle(repository)
  }

  private static func create(_ path: AbsolutePath) throws(GitError) -> Handle {
    var options = unsafe git_repository_init_options()
    let version = UInt32(GIT_REPOSITORY_INIT_OPTIONS_VERSION)
    try LibGit2.check(
      unsafe git_repository_init_options_init(&options, version), "prepare a repository")
    unsafe options.flags =
      GIT_REPOSITORY_INIT_BARE.rawValue | GIT_REPOSITORY_INIT_MKPATH.rawValue
      | GIT_REPOSITORY_INIT_NO_DOTGIT_DIR.rawValue
    var repository: OpaquePointer?
    let code = unsafe "main".withCString { name in
      unsafe options.initial_head = unsafe name
      return unsafe git_repository_init_ext(&repository, path.string, &options)
    }
    try LibGit2.check(code, "create the repository `\(path)`")
    guard let repository = unsafe repository else {
      throw .damaged(path: path.string, reason: LibGit2.lastMessage)
    }
    return unsafe Handle(repository)
  }

  /// Puts the settings right that the history relies on; a run killed while it created the
  /// repository may have left them out. Without `logAllRefUpdates` a bare repository keeps no
  /// reflog, and `main@{1}` would name nothing.
  private static func ensureSettings(_ handle: Handle) throws(GitError) {
    var config: OpaquePointer?
    try LibGit2.check(
      unsafe git_repository_config(&config, handle.pointer), "read the repository's settings")
    defer { unsafe git_config_free(config) }
    for name in ["core.bare", "core.logAllRefUpdates"] {
      var value: Int32 = 0
      if unsafe git_config_get_bool(&value, config, name) >= 0, value == 1 { continue }
      try LibGit2.check(unsafe git_config_set_bool(config, name, 1), "set `\(name)`")
    }
  }

  private static func exists(
    _ path: AbsolutePath, _ files: FileSystem
  ) throws(GitError) -> Bool {
    do {
      return try files.status(path, followingLinks: true) != nil
    } catch {
      throw .failed(operation: "look at `\(path)`", error)
    }
  }

  /// Makes the names in a folder durable.
  func sync(_ folder: AbsolutePath) throws(GitError) {
    do {
      try files.syncFolder(folder)
    } catch {
      throw .failed(operation: "sync `\(folder)`", error)
    }
  }
}
