internal import Core
internal import FoundationEssentials
internal import SystemIO

/// Which response the bytes of a partial object came from: `partial/<hex>.json`.
struct PartialJournal: Codable, Equatable {
  var version = 1
  /// The response's ETag.
  var validator: String?
  /// The whole object's length as the response told it.
  var total: Int64?
}

extension ContentStore {
  /// - Returns: `nil` when there is none, or none that can be trusted.
  func readJournal(_ digest: Digest) throws(SystemError) -> PartialJournal? {
    let bytes: [UInt8]?
    do {
      bytes = try files.read(journalPath(digest), limit: 64 << 10)
    } catch  where error.code == SystemError.tooBig {
      return nil
    }
    guard let bytes,
      let journal = try? JSONDecoder().decode(PartialJournal.self, from: Data(bytes)),
      journal.version == 1
    else { return nil }
    return journal
  }

  /// Not made durable: after a power cut the digest decides.
  func writeJournal(_ journal: PartialJournal, _ digest: Digest) throws(SystemError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(journal) else { return }
    try files.writeAtomically(Array(data), to: journalPath(digest))
  }
}
