import CatalogueModel
import ContentStore
import Core
import GitStore
import History
import ManifestModel
import SystemIO
import Tree

/// Why the objects that are needed are.
struct Marks: Sendable {
  /// Sorted by what is said first of an object that several need.
  var reasons: [Digest: StayReason] = [:]
  var walk: ReachWalk
  /// Oldest first.
  var snapshots: [SnapshotOutline]
  var keeps: [Bool]
  /// What the project itself is to be able to have: what its file of roots says after a collection.
  var own: Set<Digest> = []

  mutating func mark(_ digests: some Sequence<Digest>, _ reason: StayReason) {
    for digest in digests where reasons[digest] == nil { reasons[digest] = reason }
  }

  mutating func markOwn(_ digests: Set<Digest>, _ reason: StayReason) {
    own.formUnion(digests)
    mark(digests, reason)
  }
}

extension Engine {
  /// Marks everything that this project needs.
  func marks(_ manifest: Manifest) throws(EngineError) -> Marks {
    let reach = try reach()
    let tagged = try reading { history throws(HistoryError) in try history.taggedSnapshots() }
    let keeps = manifest.keep.keeps(
      reach.snapshots, tagged: Set(tagged.map(\.id)), now: context.unixTime)
    let walk = ReachWalk(reach.differences)
    var marks = Marks(walk: walk, snapshots: reach.snapshots, keeps: keeps)
    var isLast = keeps.map { _ in false }
    if !isLast.isEmpty { isLast[isLast.count - 1] = true }
    marks.markOwn(walk.needed(isLast), .placed)
    marks.markOwn(walk.needed(keeps), .snapshot)
    if manifest.keep.tagged {
      // A name may stand on a snapshot that the last one does not come from.
      let line = Set(reach.snapshots.map(\.id))
      for tag in tagged where !line.contains(tag.id) {
        marks.markOwn(Self.digests(of: try snapshot(tag.id).entries), .snapshot)
      }
    }
    try markBranches(beside: reach, &marks)
    if let journal = try loadJournal() { try mark(journal, &marks) }
    let locked = try lockFile.read()
    marks.markOwn(Self.digests(of: locked), .lock)
    return marks
  }

  /// Who makes a branch means to come back to it, whatever `keep` says. A commit of somebody's that is no
  /// snapshot needs nothing.
  private func markBranches(beside reach: ProjectReach, _ marks: inout Marks) throws(EngineError) {
    let line = Set(reach.snapshots.map(\.id))
    let branched = try reading { history throws(HistoryError) in
      try history.branchedSnapshots(beside: line)
    }
    for id in branched {
      let entries = try reading { history throws(HistoryError) -> [Entry] in
        do throws(HistoryError) {
          return try history.read(id).entries
        } catch {
          if case .incomplete = error { return [] }
          throw error
        }
      }
      marks.markOwn(Self.digests(of: entries), .snapshot)
    }
  }

  /// An interrupted switch goes on from the objects of its snapshot; its steps name what they take away.
  private func mark(_ journal: SwitchJournal, _ marks: inout Marks) throws(EngineError) {
    guard let commit = CommitID(hex: journal.commit) else {
      throw EngineError(
        "C057", "the journal names no snapshot: `\(journal.commit)`",
        help: "restore `.civsync/journal/switch.json`, or remove it to keep the trees as they are")
    }
    var digests = Self.digests(of: try snapshot(commit).entries)
    for step in journal.steps {
      for digest in [step.digest, step.previous].compactMap(\.self) { digests.insert(digest) }
    }
    marks.markOwn(digests, .pending)
  }
}
