internal import Core
internal import FoundationEssentials
internal import SystemIO

/// Which response the bytes of a partial object came from.
struct PartialOrigin: Codable, Equatable {
  /// The response's ETag.
  var validator: String?
  /// The whole object's length as the response told it.
  var total: Int64?
  /// Which start of the machine saw them come (`/proc/sys/kernel/random/boot_id`): as long as it runs,
  /// what was written is there, synced or not.
  var boot: String?
}

/// What is known of a partial object: `partial/<hex>.pieces`.
///
/// ```
/// civsync-partial 2
/// {"boot":"2d3f…","total":20000000,"validator":"\"abc\""}
/// 0 8388608 9f3e2a7b5c1d0e48
/// 2 8388608 ba9876543210fedc
/// ```
///
/// A line for each piece that is there: its number, how many bytes of it, and their checksum. Lines
/// are only ever added; a later one of the same piece counts, and one that was torn does not. Behind
/// them a piece may have been begun that the file ends with: the digest alone can tell about that.
struct PartialJournal: Equatable {
  private static let heading = "civsync-partial 2"
  /// A hundred terabytes are no longer than that.
  static let limit: Int64 = 512 << 20

  var origin: PartialOrigin
  var records: [PieceTable.Record] = []
  /// Written by an earlier civsync: the bytes are there from the beginning on, and nothing but the
  /// digest can tell about them.
  var isFormer = false

  init(former origin: PartialOrigin) {
    self.origin = origin
    isFormer = true
  }

  /// - Returns: `nil` for a text of another version, or none that can be trusted.
  init?(_ text: [UInt8]) {
    let lines = text.split(separator: 0x0a, omittingEmptySubsequences: false)
    // What stands behind the last line end was torn.
    guard lines.count >= 3, lines[0].elementsEqual(Self.heading.utf8),
      let origin = try? JSONDecoder().decode(PartialOrigin.self, from: Data(lines[1]))
    else { return nil }
    self.origin = origin
    var found: [Int: PieceTable.Record] = [:]
    for line in lines.dropFirst(2).dropLast() {
      if let record = PieceTable.Record(line: line) { found[record.index] = record }
    }
    records = found.values.sorted { $0.index < $1.index }
  }

  /// The journal's beginning.
  static func heading(_ origin: PartialOrigin) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(origin) else { return [] }
    return Array((heading + "\n").utf8) + data + [0x0a]
  }
}

extension PieceTable.Record {
  fileprivate init?(line: ArraySlice<UInt8>) {
    let words = String(decoding: line, as: UTF8.self).split(separator: " ")
    guard words.count == 3, let index = Int(words[0]), (0..<1 << 30).contains(index),
      let filled = Int64(words[1]), (1...PieceTable.pieceSize).contains(filled),
      words[2].utf8.count == 16, let sum = UInt64(words[2], radix: 16)
    else { return nil }
    self.init(index: index, filled: filled, sum: sum)
  }

  var line: String {
    let hex = String(sum, radix: 16)
    return "\(index) \(filled) \(String(repeating: "0", count: 16 - hex.count))\(hex)\n"
  }
}

/// A journal that is being written.
final class OpenJournal: Sendable {
  private struct State: ~Copyable {
    var file: OpenFile
    var end: Int64
  }

  private let state: Locked<State>

  /// Puts a journal of what is there in the place of the one before.
  init(
    _ path: AbsolutePath, _ origin: PartialOrigin, _ records: [PieceTable.Record],
    _ files: FileSystem
  ) throws(SystemError) {
    let fresh = path.parent.appending(path.name + ".new")
    let file = try files.open(fresh, .updateOrCreate, mode: 0o600)
    try file.truncate(to: 0)
    let text = PartialJournal.heading(origin) + Array(records.map(\.line).joined().utf8)
    try file.write(text[...])
    try files.rename(fresh, to: path)
    state = Locked(State(file: file, end: Int64(text.count)))
  }

  func add(_ records: [PieceTable.Record]) throws(SystemError) {
    try state.withLock { state throws(SystemError) in
      let text = Array(records.map(\.line).joined().utf8)
      try state.file.write(text[...], at: state.end)
      state.end += Int64(text.count)
    }
  }

  func sync() throws(SystemError) {
    try state.withLock { state throws(SystemError) in try state.file.syncData() }
  }
}

extension ContentStore {
  /// `nil` where the system does not tell.
  func currentBoot() -> String? {
    boot.withLock { boot in
      if let boot { return boot }
      let place = AbsolutePath("/proc/sys/kernel/random/boot_id")
      let text = place.flatMap { try? files.read($0, limit: 100, followingLinks: false) }
      boot = .some(
        text.map { String(decoding: $0.filter { $0 > 0x20 && $0 < 0x7f }, as: UTF8.self) })
      return boot ?? nil
    }
  }

  /// - Returns: `nil` when there is none, or none that can be trusted.
  func readJournal(_ digest: Digest) throws(SystemError) -> PartialJournal? {
    let limit = PartialJournal.limit
    guard let bytes = try readSmall(journalPath(digest), limit: limit) else {
      return try readFormerJournal(digest)
    }
    return PartialJournal(bytes)
  }

  /// Version 1, `partial/<hex>.json`: the origin alone; the bytes are there from the beginning on.
  private func readFormerJournal(_ digest: Digest) throws(SystemError) -> PartialJournal? {
    struct Former: Decodable {
      var version: Int
      var validator: String?
      var total: Int64?
    }
    guard let bytes = try readSmall(formerJournalPath(digest), limit: 64 << 10),
      let former = try? JSONDecoder().decode(Former.self, from: Data(bytes)), former.version == 1
    else { return nil }
    return PartialJournal(
      former: PartialOrigin(validator: former.validator, total: former.total))
  }

  private func readSmall(
    _ path: AbsolutePath, limit: Int64
  ) throws(SystemError) -> [UInt8]? {
    do {
      return try files.read(path, limit: Int(limit))
    } catch  where error.code == SystemError.tooBig {
      return nil
    }
  }
}
