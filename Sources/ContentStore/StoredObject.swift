package import Core
package import SystemIO

/// An object as a look at its file shows it.
package struct StoredObject: Hashable, Sendable {
  package let digest: Digest
  package let size: Int64
  package let device: UInt64
  package let inode: UInt64
  package let modified: FileTime
  /// Hard links, the store's own name included: 1 means that no tree links to it.
  package let links: UInt64
  /// Whether the file's time says that nobody wrote to it since it was published. `false` asks
  /// for ``ContentStore/verify(_:reseal:)``.
  package let isSealed: Bool

  init(digest: Digest, status: FileStatus) {
    self.digest = digest
    size = status.size
    device = status.device
    inode = status.inode
    modified = status.modified
    links = status.links
    isSealed = status.isSealed(as: digest)
  }
}

/// What reading an object again told.
package enum ObjectHealth: Hashable, Sendable {
  case ok(size: Int64)
  case missing
  /// The content has another digest, or something that is no file stands there (`nil`).
  case damaged(actual: Digest?, size: Int64)
  /// The caller cancelled.
  case cancelled
}

/// An object that is not whole yet.
package struct PartialObject: Hashable, Sendable {
  package let digest: Digest
  /// How many bytes are there.
  package let received: Int64
  /// Whether it is whole and was verified, and only waits to be published.
  package let isVerified: Bool
  package let modified: FileTime
}
