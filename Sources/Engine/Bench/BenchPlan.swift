package import CatalogueModel
package import Core

/// What a bench would fetch, and how often.
package struct BenchPlan: Sendable {
  package var files: [Entry]
  /// Two.
  package var policies: [BenchPolicy]
  package var rounds: Int

  /// Of one pass.
  package var bytes: ByteCount { files.reduce(.zero) { $0 + $1.file.bytes } }
  package var passes: Int { rounds * policies.count }
  /// In all; the site counts each.
  package var downloads: Int { passes * files.count }

  /// Which policy each pass is under: A B, B A, A B, … so that neither has the better time of it.
  var order: [Int] { (0..<rounds).flatMap { $0 % 2 == 0 ? [0, 1] : [1, 0] } }

  /// More do not tell more.
  static let mostFiles = 4

  /// The files to fetch: four at most, so that both files at one time and connections for each can show;
  /// the largest that are no larger than a quarter of `size`, and where there are fewer of them the
  /// smallest of the others that fit.
  /// - Throws: `C192`.
  static func choose(from entries: [Entry], size: ByteCount) throws(EngineError) -> [Entry] {
    var seen: Set<Digest> = []
    let all = entries.filter { $0.isToBeHad && seen.insert($0.digest).inserted }
      .sorted { ($0.file.bytes, $1.digest.hex) > ($1.file.bytes, $0.digest.hex) }
    guard let smallest = all.last?.file.bytes else {
      throw EngineError(
        "C192", "there is no file to fetch: the manifest selects none that the site has",
        help: "`civsync plan` shows what it selects")
    }
    let share = size.bytes / Int64(mostFiles)
    var chosen = Array(all.filter { $0.file.bytes.bytes <= share }.prefix(mostFiles))
    var left = size.bytes - chosen.reduce(0) { $0 + $1.file.bytes.bytes }
    for entry in all.reversed() where entry.file.bytes.bytes > share {
      guard chosen.count < mostFiles, entry.file.bytes.bytes <= left else { break }
      chosen.append(entry)
      left -= entry.file.bytes.bytes
    }
    guard !chosen.isEmpty else {
      throw EngineError(
        "C192",
        "no file is small enough: the smallest has \(smallest), and `--size` allows \(size)",
        help: "allow more with `--size`")
    }
    return chosen
  }

  /// In the order that they have among others: it is that of the policy `order=manifest`.
  static func ordered(_ files: [Entry], as entries: [Entry]) -> [Entry] {
    let places = Dictionary(
      entries.enumerated().map { ($0.element.digest, $0.offset) }, uniquingKeysWith: min)
    return files.sorted { (places[$0.digest] ?? 0) < (places[$1.digest] ?? 0) }
  }
}

extension Entry {
  /// Whether the site should give it, of a length that is known.
  fileprivate var isToBeHad: Bool {
    file.state != .withdrawn && file.bytes > .zero && (!isObject || file.url != nil)
  }
}
