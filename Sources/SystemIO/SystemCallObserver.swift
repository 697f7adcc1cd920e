internal import CLinux
internal import Glibc

/// Sees every call before it is made, and can make it fail: for fault injection and recording.
package protocol SystemCallObserver: Sendable {
  /// - Returns: an `errno` value to fail with instead of making the call, or `nil` to go ahead.
  func willCall(_ call: String, path: String) -> Int32?

  /// Whether it is to be told what calls changed: bytes are copied for it.
  var wantsEffects: Bool { get }

  /// A call that was made has changed something.
  func didCall(_ effect: SystemCallEffect)
}

extension SystemCallObserver {
  package var wantsEffects: Bool { false }
  package func didCall(_ effect: SystemCallEffect) {}
}

/// What a call changed, for whoever models what a crash would leave of it. Contents are named by their
/// inode, since a file that is open outlives its name; names by their paths.
package enum SystemCallEffect: Hashable, Sendable {
  /// A file has this name. Where one had it before nothing was made.
  case made(String, inode: UInt64)
  case madeFolder(String)
  case madeSymlink(String, text: String)
  case linked(String, to: String)
  /// What stood at the second path is gone.
  case renamed(String, to: String)
  case exchanged(String, String)
  case unlinked(String)
  case removedFolder(String)
  case wrote(UInt64, offset: Int64, bytes: [UInt8])
  /// The same range of another file was copied, or is shared from now on.
  case copied(from: UInt64, to: UInt64, offset: Int64, length: Int64)
  case truncated(UInt64, size: Int64)
  /// Room was taken; content and size are as they were.
  case reserved(UInt64, size: Int64)
  case setMode(UInt64, UInt32)
  case setModified(UInt64, FileTime)
  /// Content, size and what else belongs to the file are on the disk; its names need not be.
  case synced(UInt64)
  /// The names in the folder are on the disk.
  case syncedFolder(String)
  case syncedFileSystem(String)
}

extension FileSystem {
  /// The inode behind a descriptor; `nil` when the system does not tell.
  static func inode(_ descriptor: Int32) -> UInt64? {
    var raw = stat()
    return unsafe fstat(descriptor, &raw) == 0 ? UInt64(raw.st_ino) : nil
  }

  static func made(_ location: Location, _ descriptor: Int32) -> SystemCallEffect? {
    inode(descriptor).map { .made(location.description, inode: $0) }
  }

  /// - Parameter length: `nil`: the whole of it.
  static func copied(
    from source: Int32, to target: Int32, offset: Int64, length: Int64?
  ) -> SystemCallEffect? {
    var raw = stat()
    guard unsafe fstat(source, &raw) == 0, let target = inode(target) else { return nil }
    return .copied(
      from: UInt64(raw.st_ino), to: target, offset: offset, length: length ?? Int64(raw.st_size))
  }

  /// The inode behind a name, of a symbolic link itself.
  static func inode(at location: Location) -> UInt64? {
    var raw = stat()
    let code = unsafe fstatat(location.base, location.text, &raw, AT_SYMLINK_NOFOLLOW)
    return code == 0 ? UInt64(raw.st_ino) : nil
  }
}
