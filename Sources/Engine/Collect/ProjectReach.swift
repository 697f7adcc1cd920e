import CatalogueModel
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
      if let kept = known[snapshot.id.hex], kept.parent == snapshot.parent?.hex {
        reach.differences.append(ReachDifference(added: kept.added, removed: kept.removed))
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

  /// Keeps the reach of a snapshot that was just recorded, so that nobody has to work it out later.
  func rememberReach(_ recording: Recording, _ commit: CommitID) {
    guard let index = openIndex() else { return }
    let outline = SnapshotOutline(
      id: commit, parent: recording.head?.id, time: context.now(), title: recording.title)
    let difference: ReachDifference?
    if outline.parent == nil {
      difference = ReachDifference(from: [], to: recording.entries.flatMap(\.contents))
    } else {
      difference = try? history.reachDifference(from: outline.parent, to: commit)
    }
    if let difference { index.keep([commit.hex: KeptReach(outline, difference)]) }
  }
}

extension KeptReach {
  fileprivate init(_ snapshot: SnapshotOutline, _ difference: ReachDifference) {
    self.init(
      parent: snapshot.parent?.hex, added: difference.added, removed: difference.removed)
  }
}
