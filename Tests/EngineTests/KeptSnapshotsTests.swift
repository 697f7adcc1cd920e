import Core
import GitStore
import History
import ManifestModel
import Testing

@testable import Engine

struct KeptSnapshotsTests {
  private static let day: Int64 = 86_400

  /// One snapshot a day, the last one today.
  private func snapshots(_ count: Int) throws -> [SnapshotOutline] {
    try (0..<count).map { number in
      let hex = String(repeating: "0", count: 38) + String(10 + number)
      return SnapshotOutline(
        id: try #require(CommitID(hex: hex)), parent: nil,
        time: GitTime(seconds: Self.day * Int64(1_000 + number)), title: "\(number)")
    }
  }

  private func kept(
    _ keep: KeepSpec, of snapshots: [SnapshotOutline], tagged: [Int] = []
  ) -> [Int] {
    let names = Set(tagged.map { snapshots[$0].id })
    let now = Self.day * Int64(999 + snapshots.count)
    return keep.keeps(snapshots, tagged: names, now: now).indices.filter {
      keep.keeps(snapshots, tagged: names, now: now)[$0]
    }
  }

  @Test func `the last ones stay, those of some days, and those with a name`() throws {
    let snapshots = try snapshots(20)
    var keep = KeepSpec()
    #expect(kept(keep, of: snapshots) == Array(0..<20))
    keep.withinDays = 0
    #expect(kept(keep, of: snapshots) == Array(10..<20))
    #expect(kept(keep, of: snapshots, tagged: [3]) == [3] + Array(10..<20))
    keep.tagged = false
    #expect(kept(keep, of: snapshots, tagged: [3]) == Array(10..<20))
    keep.last = 2
    keep.withinDays = 4
    #expect(kept(keep, of: snapshots) == Array(15..<20))
    keep.withinDays = 0
    #expect(kept(keep, of: snapshots) == [18, 19])
  }

  @Test func `the last one stays, whatever the manifest says`() throws {
    var keep = KeepSpec()
    (keep.last, keep.withinDays, keep.tagged) = (0, 0, false)
    #expect(kept(keep, of: try snapshots(3)) == [2])
    #expect(kept(keep, of: []) == [])
  }

  @Test func `snapshots of a clock that was ahead stay`() throws {
    var keep = KeepSpec()
    (keep.last, keep.withinDays) = (1, 1)
    let snapshots = try snapshots(3)
    #expect(keep.keeps(snapshots, tagged: [], now: 0) == [true, true, true])
  }
}
