internal import CLinux
package import Core
internal import Glibc

/// One name in a folder.
package struct FolderEntry: Hashable, Sendable {
  /// The name as the file system has it: any bytes but `/` and NUL.
  package let bytes: [UInt8]
  /// `nil` where the file system does not tell without a look at the file itself.
  package let kind: FileKind?

  /// The name as text; `nil` when its bytes are not UTF-8.
  package var name: String? { String(validating: bytes, as: UTF8.self) }

  /// The name for people: what is not UTF-8 shows as U+FFFD.
  package var displayName: String { String(decoding: bytes, as: UTF8.self) }
}

extension FileSystem {
  /// - Returns: `nil` when nothing is there, or when a file stands where a folder of the path
  ///   should be.
  package func status(
    _ place: some Locatable, followingLinks: Bool = false
  ) throws(SystemError) -> FileStatus? {
    let location = place.location
    var raw = stat()
    do {
      try call("stat", location) {
        unsafe Int(
          fstatat(location.base, location.text, &raw, followingLinks ? 0 : AT_SYMLINK_NOFOLLOW))
      }
    } catch  where error.isMissing {
      return nil
    }
    return FileStatus(raw)
  }

  /// Opens a folder to work in.
  /// - Parameter followingLinks: `false` refuses a symbolic link at the end of the path (ELOOP or
  ///   ENOTDIR).
  package func openFolder(
    _ place: some Locatable, followingLinks: Bool = false
  ) throws(SystemError) -> Folder {
    let location = place.location
    let flags = O_RDONLY | O_DIRECTORY | (followingLinks ? 0 : O_NOFOLLOW)
    let descriptor = try call("open", location) {
      unsafe Int(civsync_openat(location.base, location.text, flags, 0))
    }
    let path = AbsolutePath(location.description) ?? AbsolutePath.root
    return Folder(descriptor: Int32(descriptor), path: path)
  }

  /// Makes one folder; its parent must be there.
  /// - Returns: `false` when something stands there already, of whatever kind.
  @discardableResult
  package func makeFolder(_ place: some Locatable) throws(SystemError) -> Bool {
    let location = place.location
    do {
      try call("mkdir", location, did: .madeFolder(location.description)) {
        unsafe Int(mkdirat(location.base, location.text, 0o777))
      }
      return true
    } catch  where error.code == EEXIST {
      return false
    }
  }

  /// Makes the folder and those above it as far as they are missing, and makes them durable.
  /// Symbolic links to folders count as folders.
  /// - Returns: the folders that were made, outermost first.
  @discardableResult
  package func makeFolders(_ path: AbsolutePath) throws(SystemError) -> [AbsolutePath] {
    if let status = try status(path, followingLinks: true) {
      guard status.kind == .folder else {
        throw SystemError(call: "mkdir", path: path.string, code: ENOTDIR)
      }
      return []
    }
    var made = try path == path.parent ? [] : makeFolders(path.parent)
    if try makeFolder(path) {
      try syncFolder(path.parent)
      made.append(path)
    }
    return made
  }

  /// Removes an empty folder.
  /// - Returns: `false` when it is not there or not empty: then nothing happened.
  @discardableResult
  package func removeEmptyFolder(_ place: some Locatable) throws(SystemError) -> Bool {
    let location = place.location
    do {
      try call("rmdir", location, did: .removedFolder(location.description)) {
        unsafe Int(unlinkat(location.base, location.text, AT_REMOVEDIR))
      }
      return true
    } catch  where error.isMissing || error.isExisting {
      return false
    }
  }

  /// The names in a folder without `.` and `..`, sorted by their bytes.
  package func list(_ place: some Locatable) throws(SystemError) -> [FolderEntry] {
    let location = place.location
    let descriptor = try call("list", location) {
      unsafe Int(civsync_openat(location.base, location.text, O_RDONLY | O_DIRECTORY, 0))
    }
    guard let stream = unsafe fdopendir(Int32(descriptor)) else {
      let code = errno
      close(Int32(descriptor))
      throw SystemError(call: "list", path: location.description, code: code)
    }
    defer { unsafe _ = closedir(stream) }
    var entries: [FolderEntry] = []
    try call("readdir", location) {
      entries = []
      return unsafe Self.eachEntry(of: stream) { entry in
        let bytes = unsafe Self.name(of: entry)
        if bytes != [0x2e], bytes != [0x2e, 0x2e] {
          let kind = unsafe Self.kind(entry.pointee.d_type)
          entries.append(FolderEntry(bytes: bytes, kind: kind))
        }
      }
    }
    return entries.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
  }

  /// Hands over all that stands in an open folder, from its beginning.
  /// - Returns: 0, or -1 with `errno`, as a system call does.
  static func eachEntry(
    of stream: OpaquePointer, _ body: (UnsafeMutablePointer<dirent>) -> Void
  ) -> Int {
    unsafe rewinddir(stream)
    while true {
      errno = 0
      guard let entry = unsafe readdir(stream) else { return errno == 0 ? 0 : -1 }
      unsafe body(entry)
    }
  }

  private static func name(of entry: UnsafeMutablePointer<dirent>) -> [UInt8] {
    let offset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 0
    let start = unsafe UnsafeRawPointer(entry).advanced(by: offset)
    let length = unsafe strlen(start.assumingMemoryBound(to: CChar.self))
    return unsafe Array(UnsafeRawBufferPointer(start: start, count: length))
  }

  static func kind(_ type: UInt8) -> FileKind? {
    switch Int(type) {
    case DT_REG: .file
    case DT_DIR: .folder
    case DT_LNK: .symlink
    case DT_UNKNOWN: nil
    default: .other
    }
  }

  /// Whether this user may make files in a folder, as far as permissions and the mount tell. Nothing is made.
  package func mayWrite(into folder: AbsolutePath) -> Bool {
    do {
      try call("faccessat", folder.location) {
        unsafe Int(faccessat(AT_FDCWD, folder.string, W_OK | X_OK, AT_EACCESS))
      }
      return true
    } catch {
      return !error.isForbidden
    }
  }

  /// The free space at a path, which must be there.
  package func freeSpace(_ path: AbsolutePath) throws(SystemError) -> FreeSpace {
    var raw = statvfs()
    try call("statvfs", path.location) { unsafe Int(statvfs(path.string, &raw)) }
    guard let device = try status(path, followingLinks: true)?.device else {
      throw SystemError(call: "stat", path: path.string, code: ENOENT)
    }
    let block = Int64(clamping: raw.f_frsize)
    return FreeSpace(
      available: ByteCount(Int64(clamping: raw.f_bavail).multipliedReportingOverflow(by: block).0),
      total: ByteCount(Int64(clamping: raw.f_blocks).multipliedReportingOverflow(by: block).0),
      device: device)
  }
}

/// The room on a file system.
package struct FreeSpace: Hashable, Sendable {
  /// What this user may still write.
  package let available: ByteCount
  package let total: ByteCount
  package let device: UInt64

  package init(available: ByteCount, total: ByteCount, device: UInt64) {
    self.available = available
    self.total = total
    self.device = device
  }
}

extension AbsolutePath {
  /// `/`
  static var root: AbsolutePath {
    guard let root = AbsolutePath("/") else { preconditionFailure("`/` is absolute") }
    return root
  }
}
