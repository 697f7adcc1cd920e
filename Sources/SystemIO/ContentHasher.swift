package import Core
internal import Crypto

/// SHA-256 over bytes as they pass.
package struct ContentHasher: Sendable {
  private var state = SHA256()

  package init() {}

  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    unsafe state.update(bufferPointer: bytes)
  }

  package mutating func update(_ bytes: [UInt8]) {
    state.update(data: bytes)
  }

  /// The digest of all that was given so far; more may follow.
  package func digest() -> Core.Digest {
    guard let digest = Core.Digest(bytes: state.finalize()) else {
      preconditionFailure("SHA-256 gives 32 bytes")
    }
    return digest
  }

  /// The digest of bytes at hand.
  package static func digest(of bytes: [UInt8]) -> Core.Digest {
    var hasher = ContentHasher()
    hasher.update(bytes)
    return hasher.digest()
  }
}

/// A file's content by its digest, and how many bytes that were.
package struct HashedFile: Hashable, Sendable {
  package let digest: Core.Digest
  package let size: Int64
  /// The file's status from before the first byte was read.
  package let status: FileStatus
}

/// Where bytes stand while they are hashed.
package struct HashBuffer: Sendable {
  fileprivate var bytes = [UInt8](repeating: 0, count: FileSystem.bufferSize)

  package init() {}
}

extension FileSystem {
  /// Reads a regular file once and hashes it.
  /// - Parameter isCancelled: asked about once a mebibyte; `true` ends the reading.
  /// - Returns: `nil` when it was cancelled.
  package func hashFile(
    _ place: some Locatable, followingLinks: Bool = false,
    isCancelled: () -> Bool = { false }
  ) throws(SystemError) -> HashedFile? {
    var buffer = HashBuffer()
    return try hashFile(
      place, through: &buffer, followingLinks: followingLinks, isCancelled: isCancelled)
  }

  /// The same through a buffer that is used again: for many small files, of which each would wait
  /// longer for a new one than for its bytes.
  package func hashFile(
    _ place: some Locatable, through buffer: inout HashBuffer, followingLinks: Bool = false,
    isCancelled: () -> Bool = { false }
  ) throws(SystemError) -> HashedFile? {
    let file = try open(place, .read, followingLinks: followingLinks)
    let status = try file.status()
    var hasher = ContentHasher()
    guard
      let size = try hash(
        file, into: &hasher, through: &buffer, limit: .max, isCancelled: isCancelled)
    else { return nil }
    return HashedFile(digest: hasher.digest(), size: size, status: status)
  }

  /// Feeds the content of an open file to a hasher.
  /// - Parameter limit: how many bytes at most, from the beginning.
  /// - Returns: the number of bytes; `nil` when it was cancelled.
  package func hash(
    _ file: borrowing OpenFile, into hasher: inout ContentHasher, limit: Int64 = .max,
    isCancelled: () -> Bool = { false }
  ) throws(SystemError) -> Int64? {
    var buffer = HashBuffer()
    return try hash(
      file, into: &hasher, through: &buffer, limit: limit, isCancelled: isCancelled)
  }

  private func hash(
    _ file: borrowing OpenFile, into hasher: inout ContentHasher, through buffer: inout HashBuffer,
    limit: Int64, isCancelled: () -> Bool
  ) throws(SystemError) -> Int64? {
    var offset: Int64 = 0
    while offset < limit {
      if isCancelled() { return nil }
      let wanted = min(limit - offset, Int64(buffer.bytes.count))
      let count = try file.read(at: offset, into: &buffer.bytes, limit: wanted)
      unsafe buffer.bytes.withUnsafeBytes { bytes in
        unsafe hasher.update(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
      }
      offset += Int64(count)
      // Less than was asked for comes only at the file's end.
      if count < wanted { break }
    }
    return offset
  }
}
