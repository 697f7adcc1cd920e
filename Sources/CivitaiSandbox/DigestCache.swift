internal import Core
internal import Crypto
internal import NIOPosix

/// SHA-256 of made files: computed when an answer first shows it, once, off the cooperative pool.
actor DigestCache {
  private var known: [FileContent: Task<Core.Digest, any Error>] = [:]

  /// The digest of the whole file.
  func digest(of content: FileContent) async throws -> Core.Digest {
    if let task = known[content] { return try await task.value }
    let task = Task { try await NIOThreadPool.singleton.runIfActive { try content.sha256() } }
    known[content] = task
    return try await task.value
  }

  /// The digests of several files, computed side by side.
  nonisolated func digests(of contents: [FileContent]) async throws -> [FileContent: Core.Digest] {
    try await withThrowingTaskGroup(of: (FileContent, Core.Digest).self) { group in
      for content in Set(contents) {
        group.addTask { (content, try await self.digest(of: content)) }
      }
      var digests: [FileContent: Core.Digest] = [:]
      for try await (content, digest) in group { digests[content] = digest }
      return digests
    }
  }
}

/// A digest that is not 32 bytes long: cannot happen with SHA-256.
private struct UnexpectedDigest: Error {}

extension FileContent {
  /// Reads the whole content once, in pieces of 1 MiB.
  func sha256() throws -> Core.Digest {
    var hash = SHA256()
    var offset: Int64 = 0
    while offset < size {
      let piece = bytes(at: offset, count: 1_048_576)
      hash.update(data: piece)
      offset += Int64(piece.count)
    }
    guard let digest = Core.Digest(bytes: hash.finalize()) else { throw UnexpectedDigest() }
    return digest
  }
}
