package import SystemIO

/// What one look at a file tells of whether it was written to since: as long as all four are
/// the same, its content is taken to be.
package struct FileStamp: Hashable, Sendable {
  package let device: UInt64
  package let inode: UInt64
  /// In bytes.
  package let size: Int64
  /// The time of the last change since 1970 in UTC.
  package let mtimeNanoseconds: Int64

  package init(device: UInt64, inode: UInt64, size: Int64, mtimeNanoseconds: Int64) {
    self.device = device
    self.inode = inode
    self.size = size
    self.mtimeNanoseconds = mtimeNanoseconds
  }

  /// The stamp of a file as it was looked at; take it before the content is read.
  package init(_ status: FileStatus) {
    // Years beyond 2262 wrap round: still equal for the same time, which is all that counts.
    let nanoseconds = status.modified.seconds &* 1_000_000_000 &+ status.modified.nanoseconds
    self.init(
      device: status.device, inode: status.inode, size: status.size,
      mtimeNanoseconds: nanoseconds)
  }
}
