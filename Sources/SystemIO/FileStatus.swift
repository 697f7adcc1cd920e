internal import Glibc

/// A point in time as file systems keep it, since 1970 in UTC.
package struct FileTime: Hashable, Sendable, Comparable {
  package var seconds: Int64
  /// 0 ..< 1,000,000,000
  package var nanoseconds: Int64

  package init(seconds: Int64, nanoseconds: Int64) {
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }

  package static func < (left: FileTime, right: FileTime) -> Bool {
    (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
  }
}

/// What kind of thing stands at a path.
package enum FileKind: String, Hashable, Sendable, Codable {
  case file, folder, symlink, other
}

/// What `lstat` says of a path, without following a symbolic link at its end.
package struct FileStatus: Hashable, Sendable {
  package let kind: FileKind
  package let device: UInt64
  package let inode: UInt64
  /// In bytes; for a symbolic link the length of its text.
  package let size: Int64
  package let modified: FileTime
  /// When the file's own facts last changed: its name in a folder, its links, its mode, its content.
  /// Nobody can set it.
  package let changed: FileTime
  /// The permission bits alone, such as 0o444.
  package let mode: UInt32
  /// The number of hard links.
  package let links: UInt64
  package let owner: UInt32

  init(_ raw: stat) {
    switch raw.st_mode & S_IFMT {
    case S_IFREG: kind = .file
    case S_IFDIR: kind = .folder
    case S_IFLNK: kind = .symlink
    default: kind = .other
    }
    device = UInt64(raw.st_dev)
    inode = UInt64(raw.st_ino)
    size = Int64(raw.st_size)
    modified = FileTime(
      seconds: Int64(raw.st_mtim.tv_sec), nanoseconds: Int64(raw.st_mtim.tv_nsec))
    changed = FileTime(
      seconds: Int64(raw.st_ctim.tv_sec), nanoseconds: Int64(raw.st_ctim.tv_nsec))
    mode = raw.st_mode & 0o7777
    links = UInt64(raw.st_nlink)
    owner = raw.st_uid
  }

  /// Whether both describe one file of one file system.
  package func isSameFile(as other: FileStatus) -> Bool {
    device == other.device && inode == other.inode
  }

  /// Whether nothing tells that the file was written to between the two looks. A change of the
  /// inode's own time is no sign: making a hard link causes one.
  package func isUnchanged(since earlier: FileStatus) -> Bool {
    isSameFile(as: earlier) && size == earlier.size && modified == earlier.modified
  }
}
