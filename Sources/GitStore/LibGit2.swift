internal import CGit2

/// The library as a whole: set up once for the process, and its way of telling errors.
enum LibGit2 {
  /// The outcome of the set-up, which runs once whoever asks first.
  private static let setUp: Int32 = {
    let initialised = git_libgit2_init()
    guard initialised >= 0 else { return initialised }
    // No configuration but the repository's own: what a user or an administrator set for their
    // work (signing, line ends, other defaults) has no say in the history.
    for level in [
      GIT_CONFIG_LEVEL_PROGRAMDATA, GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG,
      GIT_CONFIG_LEVEL_GLOBAL,
    ] {
      let code = unsafe civsync_git2_set_search_path(level.rawValue, "")
      guard code >= 0 else { return code }
    }
    let synced = civsync_git2_set_fsync(1)
    guard synced >= 0 else { return synced }
    // The owner check protects users of programs that run hooks and configured commands. Nothing
    // of that kind is run here, and volumes of containers often belong to somebody else.
    return civsync_git2_set_owner_validation(0)
  }()

  static func prepare() throws(GitError) { try check(setUp, "set up libgit2") }

  /// Throws when `code` tells of an error.
  ///
  /// Call it right after the function that gave `code`, in the same synchronous function: the
  /// message is kept per thread.
  static func check(_ code: Int32, _ operation: @autoclosure () -> String) throws(GitError) {
    guard code < 0 else { return }
    throw .failed(operation: operation(), reason: lastMessage, code: code)
  }

  /// The thread's last error message.
  static var lastMessage: String {
    guard let error = unsafe git_error_last(), let message = unsafe error.pointee.message else {
      return "no reason given"
    }
    return unsafe String(cString: message)
  }
}

extension ObjectID {
  init(_ oid: git_oid) {
    self = unsafe withUnsafeBytes(of: oid) { unsafe ObjectID(bytes: $0) }
  }

  /// The id behind a pointer that libgit2 gave; `nil` when it gave none.
  init?(_ pointer: UnsafePointer<git_oid>?) {
    guard let oid = unsafe pointer?.pointee else { return nil }
    self.init(oid)
  }

  var oid: git_oid {
    var oid = git_oid()
    unsafe withUnsafeMutableBytes(of: &oid) { unsafe copyBytes(to: $0) }
    return oid
  }
}
