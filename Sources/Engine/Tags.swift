import GitStore
import History
import SystemIO

/// A name that the user gave to a snapshot.
package struct TaggedSnapshot: Sendable {
  package var name: String
  package var snapshot: SnapshotInfo
}

extension Engine {
  /// All names that snapshots were given, sorted.
  package func tags() async throws -> [TaggedSnapshot] {
    try await disk.run { () throws(EngineError) in
      try self.reading { history throws(HistoryError) in
        var tags: [TaggedSnapshot] = []
        for tag in try history.taggedSnapshots() {
          tags.append(
            TaggedSnapshot(name: tag.name, snapshot: SnapshotInfo(try history.entry(tag.id))))
        }
        return tags
      }
    }
  }

  /// Gives a snapshot a name that stays. Giving it once more changes nothing.
  /// - Throws: `C215` for a name that cannot be one, or that another snapshot has.
  package func tag(_ name: String, at revision: String) async throws -> TaggedSnapshot {
    // Said before anything is made: without a history there is nothing to name.
    try await disk.run { () throws(EngineError) in try self.requireHeadOrRun() }
    try Self.requireTagName(name)
    let lock = try await acquireLock(.none)
    defer { lock.release() }
    return try await disk.run { () throws(EngineError) in try self.name(revision, name) }
  }

  private func name(_ revision: String, _ name: String) throws(EngineError) -> TaggedSnapshot {
    let id = try reading { history throws(HistoryError) in try history.resolve(revision) }
    let former = try reading { history throws(HistoryError) in try history.taggedSnapshots() }
    guard let id else {
      throw EngineError(
        "C215", "`\(revision)` is nothing placed, and no snapshot that could have a name",
        help: "`civsync log` lists the snapshots", exit: .usage)
    }
    let known = former.first { $0.name == name }
    if let known, known.id != id {
      throw EngineError(
        "C215", "snapshot `\(known.id.short)` is called `\(name)` already",
        help: "choose another name, or take that one away with `civsync tag -d \(name)`",
        exit: .usage)
    }
    do {
      if known == nil { try history.tag(name, at: id) }
    } catch {
      guard case .git(.invalidTagName) = error else {
        throw unusable(error)
      }
      throw Self.badTagName(name)
    }
    let entry = try reading { history throws(HistoryError) in try history.entry(id) }
    return TaggedSnapshot(name: name, snapshot: SnapshotInfo(entry))
  }

  /// Takes a name away; the snapshot stays.
  /// - Throws: `C216` when there is none of that name.
  package func untag(_ name: String) async throws {
    let missing = EngineError(
      "C216", "no snapshot is called `\(name)`", help: "`civsync tag` lists the names")
    let tags = try await disk.run { () throws(EngineError) in
      try self.reading { history throws(HistoryError) in try history.taggedSnapshots() }
    }
    guard tags.contains(where: { $0.name == name }) else { throw missing }
    let lock = try await acquireLock(.none)
    defer { lock.release() }
    let isGone = try await disk.run { () throws(EngineError) in
      try self.reading { history throws(HistoryError) in try history.untag(name) }
    }
    guard isGone else { throw missing }
  }

  /// The tags of each snapshot that has some.
  func tagNames() throws(EngineError) -> [CommitID: [String]] {
    let tags = try reading { history throws(HistoryError) in try history.taggedSnapshots() }
    return Dictionary(grouping: tags, by: \.id).mapValues { $0.map(\.name) }
  }

  /// Git would take these for tags too, and what they mean as a revision would be anybody's guess.
  private static func requireTagName(_ name: String) throws(EngineError) {
    let isID =
      name.count >= 4
      && name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
        default: false
        }
      }
    if ["HEAD", "main"].contains(name) || name.hasPrefix("@") || isID { throw badTagName(name) }
  }

  private static func badTagName(_ name: String) -> EngineError {
    EngineError(
      "C215", "`\(name)` cannot be the name of a snapshot",
      notes: ["`HEAD`, `main`, what begins with `@` and what looks like an id mean others"],
      help: "use letters, digits, `-`, `_`, `.` and `/`", exit: .usage)
  }
}
