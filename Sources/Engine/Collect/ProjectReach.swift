import CatalogueModel
import ContentStore
import Core
import GitStore
import History
import Index

/// What each snapshot of a project needs of the store, as differences from one to the next: a thousand
/// snapshots of ten thousand files take no more to go through than what changed between them.
struct ProjectReach: Sendable {
  /// Oldest first.
  var snapshots: [SnapshotOutline]
  /// One for each.
  var differences: [ReachDifference]

  /// Everything that any snapshot needs, sorted.
  var all: [Digest] { Set(differences.lazy.flatMap(\.added)).sorted() }
}

extension Engine {
  /// The reach of every snapshot up to the last one, from the index where that has it, else from the
  /// history.
  func reach() throws(EngineError) -> ProjectReach {
    let outlines = try reading { history throws(HistoryError) in try history.outlines() }
    guard !outlines.isEmpty else { return ProjectReach(snapshots: [], differences: []) }
    let index = openIndex()
    let known = index?.reaches() ?? [:]
    var found: [String: KeptReach] = [:]
    var reach = ProjectReach(snapshots: outlines.reversed(), differences: [])
    reach.differences.reserveCapacity(outlines.count)
    for snapshot in reach.snapshots {
      if let difference = known.difference(of: snapshot) {
        reach.differences.append(difference)
        continue
      }
      let difference = try reading { history throws(HistoryError) in
        try history.reachDifference(from: snapshot.parent, to: snapshot.id)
      }
      reach.differences.append(difference)
      found[snapshot.id.hex] = KeptReach(snapshot, difference)
    }
    index?.keep(found)
    return reach
  }

  /// How many objects of each snapshot are not in the store, where that is known without working
  /// anything out; else nothing.
  func knownMissing() -> [CommitID: Int] {
    guard let reach = try? knownReach(), let store = try? knownStore(),
      isUsable(store)
    else { return [:] }
    let walk = ReachWalk(reach.differences)
    var missing = Set(walk.digests)
    guard (try? store.forEachName { digest, _, _ in missing.remove(digest) }) != nil else {
      return [:]
    }
    return Dictionary(
      zip(reach.snapshots.map(\.id), walk.count(of: missing)),
      uniquingKeysWith: { first, _ in first }
    )
  }

  /// - Returns: `nil` where the index does not have all of it.
  private func knownReach() throws(EngineError) -> ProjectReach? {
    let outlines = try reading { history throws(HistoryError) in try history.outlines() }
    let known = openIndex()?.reaches() ?? [:]
    var reach = ProjectReach(snapshots: outlines.reversed(), differences: [])
    for snapshot in reach.snapshots {
      guard let difference = known.difference(of: snapshot) else { return nil }
      reach.differences.append(difference)
    }
    return reach
  }

  /// Keeps the reach of a snapshot that was just recorded, so that nobody has to work it out later.
  func rememberReach(_ recording: Recording, _ commit: CommitID) {
    guard let index = openIndex() else { return }
    let outline = SnapshotOutline(
      id: commit, parent: recording.head?.id, time: context.now(), title: recording.title)
    let difference = ReachDifference(from: recording.head?.entries ?? [], to: recording.entries)
    index.keep([commit.hex: KeptReach(outline, difference)])
  }
}

extension [String: KeptReach] {
  fileprivate func difference(of snapshot: SnapshotOutline) -> ReachDifference? {
    guard let kept = self[snapshot.id.hex], kept.parent == snapshot.parent?.hex else { return nil }
    return ReachDifference(added: kept.added, removed: kept.removed)
  }
}

extension KeptReach {
  fileprivate init(_ snapshot: SnapshotOutline, _ difference: ReachDifference) {
    self.init(
      parent: snapshot.parent?.hex, added: difference.added, removed: difference.removed)
  }
}
