package import Core
internal import FoundationEssentials
internal import GRDB

/// When an object of the store was last read and found sound, and how its file looked then.
package struct VerifiedObject: Hashable, Sendable {
  package var stamp: FileStamp
  /// Seconds since 1970.
  package var time: Int64

  package init(stamp: FileStamp, time: Int64) {
    self.stamp = stamp
    self.time = time
  }
}

extension Index {
  /// All objects that were found sound at some time, whatever became of them since.
  package func verifiedObjects() -> [Digest: VerifiedObject] {
    let found = try? database.read { database in
      var found: [Digest: VerifiedObject] = [:]
      let rows = try Row.fetchCursor(database, sql: Schema.findVerified)
      while let row = try rows.next() {
        guard let bytes = row[0] as Data?, let digest = Digest(bytes: bytes),
          let device = row[1] as Int64?, let inode = row[2] as Int64?, let size = row[3] as Int64?,
          let modified = row[4] as Int64?, let time = row[5] as Int64?
        else { continue }
        let stamp = FileStamp(
          device: UInt64(bitPattern: device), inode: UInt64(bitPattern: inode), size: size,
          mtimeNanoseconds: modified)
        found[digest] = VerifiedObject(stamp: stamp, time: time)
      }
      return found
    }
    return found ?? [:]
  }

  /// Keeps that objects were found sound, in one transaction.
  package func noteVerified(_ objects: [Digest: VerifiedObject]) {
    guard !objects.isEmpty else { return }
    write { database in
      let statement = try database.cachedStatement(sql: Schema.keepVerified)
      for (digest, object) in objects {
        let first: [(any DatabaseValueConvertible)?] = [Data(digest.bytes)]
        try statement.execute(
          arguments: StatementArguments(first + object.stamp.values + [object.time]))
      }
    }
  }

  /// Forgets objects that are damaged or not there any more.
  package func forgetVerified(_ digests: some Collection<Digest>) {
    guard !digests.isEmpty else { return }
    write { database in
      let statement = try database.cachedStatement(sql: Schema.forgetVerified)
      for digest in digests { try statement.execute(arguments: [Data(digest.bytes)]) }
    }
  }
}
