package import Core
internal import Deflate
internal import FoundationEssentials
internal import GRDB
internal import SystemIO

extension Index {
  /// The longest answer that is read back, in bytes.
  private static let longest = 256 << 20

  /// What was kept under the name; `nil` when nothing was, or not the same bytes.
  package func answer(_ name: String) -> KeptAnswer? {
    let found = try? database.read { database -> (KeptAnswer, Data)? in
      guard let row = try Row.fetchOne(database, sql: Schema.findAnswer, arguments: [name]),
        let time = row[0] as Int64?, let digest = row[2] as Data?, let small = row[3] as Data?
      else { return nil }
      return (KeptAnswer(time: time, validator: row[1], bytes: [UInt8](small)), digest)
    }
    guard let (kept, digest) = found ?? nil,
      ContentHasher.digest(of: kept.bytes) == Digest(bytes: digest),
      let bytes = Deflate.expanded(kept.bytes, limit: Self.longest)
    else { return nil }
    return KeptAnswer(time: kept.time, validator: kept.validator, bytes: bytes)
  }

  /// Keeps an answer under a name, in the place of what was kept before.
  package func keep(_ answer: KeptAnswer, as name: String) {
    guard let small = Deflate.compressed(answer.bytes) else { return }
    let digest = Data(ContentHasher.digest(of: small).bytes)
    write { database in
      try database.cachedStatement(sql: Schema.keepAnswer).execute(
        arguments: [name, answer.time, answer.validator, digest, Data(small)])
    }
  }

  /// Forgets answers that are older than a time, in seconds since 1970.
  package func forgetAnswers(before time: Int64) {
    write { try $0.execute(sql: Schema.forgetAnswers, arguments: [time]) }
  }
}
