internal import Core
internal import GitStore
internal import SystemIO

extension History {
  /// How many commits are tried at most: each is read as a whole.
  private static let mostTried = 50
  /// A line for each snapshot: some hundred thousand of them.
  private static let longestLog = 64 << 20

  /// Snapshots that can be read although the history is damaged, by what it notes of where `main` stood, the
  /// newest first, and then by their names.
  /// - Parameter count: no more are looked for.
  package func readableSnapshots(_ count: Int) throws(HistoryError) -> [LogEntry] {
    var candidates = notedCommits()
    for tag in (try? taggedSnapshots()) ?? [] where !candidates.contains(tag.id) {
      candidates.append(tag.id)
    }
    var found: [LogEntry] = []
    for id in candidates.prefix(Self.mostTried) where found.count < count {
      guard (try? read(id)) != nil, let entry = try? entry(id) else { continue }
      found.append(entry)
    }
    return found
  }

  /// Where `main` stood, newest first.
  private func notedCommits() -> [CommitID] {
    let path = repositoryPath.appending("logs", "refs", "heads", "main")
    guard let bytes = (try? files.read(path, limit: Self.longestLog)) ?? nil else { return [] }
    var noted: [CommitID] = []
    var seen: Set<CommitID> = []
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n").reversed() {
      for word in line.split(separator: " ").prefix(2).reversed() {
        if let id = CommitID(hex: String(word)), seen.insert(id).inserted { noted.append(id) }
      }
      if noted.count >= Self.mostTried { break }
    }
    return noted
  }
}
