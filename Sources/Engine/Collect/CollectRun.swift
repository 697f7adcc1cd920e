import ContentStore
import Core
import History
import SystemIO

/// One collection, from the look at the store on.
struct CollectRun: Sendable {
  var store: ContentStore
  /// The project's own; `nil` before its first apply.
  var id: String?
  var isThere = false
  var marks: Marks
  var report: CollectReport
  var candidates: [CollectCandidate] = []
  var leftovers: [StoreLeftover] = []
  /// Everything that the store had when it was looked at.
  var present: Set<Digest> = []

  init(store: ContentStore, id: String?, marks: Marks, report: CollectReport) {
    self.store = store
    self.id = id
    self.marks = marks
    self.report = report
  }

  mutating func take(_ needs: StoreNeeds) {
    marks.mark(needs.byPlans, .plan)
    marks.mark(needs.byProjects, .project)
    report.projects = needs.projects
    report.plans = needs.plans.sorted()
    report.forgotten = needs.forgotten.map(\.standing)
  }

  /// Decides of each candidate, and counts.
  mutating func settle(takesIrreplaceable: Bool) {
    for index in candidates.indices {
      if takesIrreplaceable, candidates[index].reason?.isIrreplaceable == true {
        candidates[index].reason = nil
      }
      if let reason = candidates[index].reason {
        count(candidates[index], reason)
      } else {
        report.freed.append(object(candidates[index]))
      }
    }
    for leftover in leftovers { report.leftovers.add(leftover.bytes) }
  }

  func object(_ candidate: CollectCandidate) -> CollectReport.Object {
    CollectReport.Object(
      digest: candidate.digest, bytes: ByteCount(candidate.status.size), title: candidate.title)
  }

  /// Which snapshots cannot be gone back to offline any more, and how many could not before.
  mutating func tellSnapshots() {
    let missing = marks.walk.count(of: Set(marks.walk.digests).subtracting(present))
    let lost = marks.walk.count(of: Set(report.freed.map(\.digest)))
    report.incomplete = missing.count { $0 > 0 }
    report.losing = marks.snapshots.indices.reversed()
      .filter { missing[$0] == 0 && lost[$0] > 0 }
      .map { SnapshotInfo(marks.snapshots[$0]) }
  }

  mutating func count(_ candidate: CollectCandidate, _ reason: StayReason) {
    let index =
      report.stays.firstIndex { $0.reason == reason }
      ?? {
        report.stays.append(CollectReport.Stay(reason: reason, bytes: .zero))
        return report.stays.count - 1
      }()
    report.stays[index].count += 1
    if let bytes = report.stays[index].bytes {
      report.stays[index].bytes = bytes + ByteCount(candidate.status.size)
    }
    report.stays.sort { $0.reason.rank < $1.reason.rank }
  }
}

extension SnapshotInfo {
  fileprivate init(_ snapshot: SnapshotOutline) {
    self.init(id: snapshot.id, time: snapshot.time, title: snapshot.title, body: "", refs: [])
  }
}
