package import Core
internal import SystemIO

/// How a file that the user has becomes an object.
package enum IngestMethod: String, Hashable, Sendable, Codable {
  /// Shares the file's extents: no bytes are written, and later edits of the file do not reach the
  /// object.
  case reflink
  /// Becomes a further name of the file, which gets read-only and sealed: no bytes are written.
  case link
  /// Copies the bytes.
  case copy
}

extension ContentStore {
  /// Takes a file into the store when its content has the digest; ``publish()`` makes it durable
  /// and visible. The file stays where it is. Nothing happens when the store has the object.
  /// - Throws: ``StoreError/digestMismatch(expected:actual:length:)`` for other content,
  ///   ``StoreError/changedMeanwhile(_:)``, ``StoreError/busy(_:)``, or a system error with
  ///   `isUnsupported` when the file systems do not allow the method.
  package func ingest(
    _ file: AbsolutePath, expecting digest: Digest, by method: IngestMethod
  ) throws(StoreError) {
    let writer = try writer(for: digest, length: nil)
    if writer.isComplete { return }
    do throws(StoreError) {
      switch method {
      case .copy: try ingestByCopy(file, writer)
      case .reflink: try ingestByReflink(file, writer)
      case .link: try ingestByLink(file, writer)
      }
    } catch {
      try? writer.discard()
      throw error
    }
  }

  private func ingestByCopy(_ path: AbsolutePath, _ writer: ObjectWriter) throws(StoreError) {
    let file = try onDisk { () throws(SystemError) in
      try files.open(path, .read, followingLinks: true)
    }
    let before = try onDisk { () throws(SystemError) in try file.status() }
    try writer.start(keeping: false, validator: nil, total: nil)
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = try onDisk { () throws(SystemError) in
        try file.read(at: writer.received, into: &buffer)
      }
      if count == 0 { break }
      try writer.append(buffer[..<count])
    }
    let after = try onDisk { () throws(SystemError) in try file.status() }
    guard after.isUnchanged(since: before) else { throw .changedMeanwhile(path) }
    try writer.finish()
  }

  /// Clones first and hashes the clone, which nobody else can write to.
  private func ingestByReflink(_ path: AbsolutePath, _ writer: ObjectWriter) throws(StoreError) {
    let file = try onDisk { () throws(SystemError) in
      try files.open(path, .read, followingLinks: true)
    }
    try writer.clone(from: file)
    try writer.finish()
  }

  private func ingestByLink(_ path: AbsolutePath, _ writer: ObjectWriter) throws(StoreError) {
    let digest = writer.digest
    guard let hashed = try onDisk({ () throws(SystemError) in try files.hashFile(path) }) else {
      return
    }
    guard hashed.digest == digest else {
      throw .digestMismatch(expected: digest, actual: hashed.digest, length: hashed.size)
    }
    let target = verifiedPath(digest)
    try onDisk { () throws(SystemError) in try files.link(path, to: target) }
    let linked = try onDisk { () throws(SystemError) in try files.status(target) }
    guard let linked, linked.isUnchanged(since: hashed.status) else {
      _ = try? files.unlink(target)
      throw .changedMeanwhile(path)
    }
    try onDisk { () throws(SystemError) in
      try files.seal(target, as: digest)
      try files.setMode(target, 0o444)
    }
    pending.withLock { _ = $0.insert(digest) }
    try writer.discard()
  }
}

extension ObjectWriter {
  /// The next bytes of an object that comes in order, from an array.
  package func append(_ bytes: ArraySlice<UInt8>) throws(StoreError) {
    let result: Result<Void, StoreError> = unsafe bytes.withUnsafeBytes { buffer in
      Result { () throws(StoreError) in try unsafe write(buffer, at: received) }
    }
    try result.get()
  }

  /// Replaces what came by a clone of a file, and hashes it.
  func clone(from source: borrowing OpenFile) throws(StoreError) {
    try start(keeping: false, validator: nil, total: nil)
    guard let file = state.withLock({ $0.file }) else { throw .closed(digest) }
    let size = try onDisk { () throws(SystemError) in
      try file.handle.clone(from: source)
      return try file.handle.status().size
    }
    state.withLock { $0.table = PieceTable(whole: size) }
  }
}
