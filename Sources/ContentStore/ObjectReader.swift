package import Core
package import SystemIO

/// What reading an object again came to.
package enum ObjectReading: Hashable, Sendable {
  /// Its name's own content.
  case sound(FileStatus)
  case damaged(actual: Digest, FileStatus)
  /// What stands there is no file.
  case notAFile
  case unreadable(SystemError)
  /// Another process took it away meanwhile.
  case gone
  case cancelled
}

/// Reads objects one after the other and compares their digests: one for each thread.
package struct ObjectReader: Sendable {
  private let store: ContentStore
  private var buffer = HashBuffer()

  package init(_ store: ContentStore) { self.store = store }

  /// - Parameter isCancelled: asked about once a mebibyte.
  package mutating func read(
    _ object: FoundObject, isCancelled: () -> Bool
  ) -> ObjectReading {
    guard object.status.kind == .file else { return .notAFile }
    do throws(SystemError) {
      let hashed = try store.files.hashFile(
        store.path(of: object.digest), through: &buffer, isCancelled: isCancelled)
      guard let hashed else { return .cancelled }
      return hashed.digest == object.digest
        ? .sound(hashed.status) : .damaged(actual: hashed.digest, hashed.status)
    } catch {
      return error.isMissing ? .gone : .unreadable(error)
    }
  }
}

extension ContentStore {
  /// Gives a sound object its seal and its read-only mode back.
  /// - Parameter seen: its status when it was read; what was written to since is left alone.
  package func setRight(_ digest: Digest, seen: FileStatus) throws(StoreError) {
    try onDisk { () throws(SystemError) in
      let path = path(of: digest)
      guard try files.status(path)?.isUnchanged(since: seen) == true else { return }
      if !seen.isSealed(as: digest) { try files.seal(path, as: digest) }
      if seen.mode != 0o444 { try files.setMode(path, 0o444) }
    }
  }

  /// What was moved to `damaged/` from the name of an object.
  package func setAside(of digest: Digest) throws(StoreError) -> [AbsolutePath] {
    try onDisk { () throws(SystemError) in
      try list(damagedFolder).compactMap(\.name).filter {
        $0 == digest.hex || $0.hasPrefix(digest.hex + "-")
      }.map { damagedFolder.appending($0) }
    }
  }

  /// Takes the seal from an object that was read and found damaged: from then on one look tells, and
  /// no command takes it for sound.
  /// - Parameter seen: its status before it was read; what was written to since is left alone.
  package func markDamaged(_ digest: Digest, seen: FileStatus) throws(StoreError) {
    try onDisk { () throws(SystemError) in
      let path = path(of: digest)
      guard let now = try files.status(path), now.isUnchanged(since: seen),
        now.isSealed(as: digest)
      else { return }
      try files.setModified(path, now.modified.withoutSeal)
    }
  }
}
