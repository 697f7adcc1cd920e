import CivsyncCLI
import ContentStore
import Core
import Engine
import GitStore
import ManifestModel
import Testing

@Suite struct `What gc tells` {
  private func report(isDone: Bool) throws -> CollectReport {
    let store = try #require(AbsolutePath("/srv/store"))
    var report = CollectReport(isDone: isDone, store: store, keep: KeepSpec(), grace: 90 * 60)
    report.objects = 60
    report.freed = try (1...45).map { number in
      CollectReport.Object(
        digest: try Sample.digest(number), bytes: ByteCount(Int64(number) * 1_000_000),
        title: number == 45 ? nil : "Model \(number) · v1")
    }
    report.leftovers.add(5_000_000)
    report.stays = StayReason.allCases.map { reason in
      var stay = CollectReport.Stay(reason: reason)
      stay.count = 1
      if reason.isIrreplaceable { stay.bytes = ByteCount(2_000_000_000) }
      return stay
    }
    let id = try #require(CommitID(hex: String(repeating: "ab", count: 20)))
    report.losing = [
      SnapshotInfo(
        id: id, time: GitTime(seconds: 1_767_225_600), title: "apply: 6 created", body: "", refs: []
      )
    ]
    report.incomplete = 2
    report.snapshots = 14
    report.keptSnapshots = 11
    let states: [CollectReport.ProjectStanding.State] = [.there, .gone, .elsewhere]
    report.projects = states.map { state in
      CollectReport.ProjectStanding(
        id: "07c5", folder: "/home/\(state)", state: state, objects: 12)
    }
    report.plans = ["/home/me/plan.json"]
    report.unanswered = "`https://civitai.red` cannot be reached"
    report.pending = "an apply begun at noon did not come to its end"
    return report
  }

  @Test func `is what goes, what stays and why, and what that costs`() throws {
    var report = try report(isDone: false)
    report.freed.removeFirst(43)
    #expect(
      CollectView.human(report, offsetMinutes: 0) == """
        Note: an apply begun at noon did not come to its end. What it needs stays.

        Free 2 objects, 89 MB
          - 45 MB  sha256 2d0000000000
          - Model 44 · v1  44 MB  sha256 2c0000000000
          - 1 download that nobody went on with for a week, 5 MB

        Stays: 13 objects
          = 1: the last snapshot needs them
          = 1: snapshots need them that are kept (the last 10, those of 90 days, those with a tag)
          = 1: an interrupted apply needs them
          = 1: `civsync.lock` names them
          = 1: a saved plan needs them: `/home/me/plan.json`
          = 1: other projects need them that use this store
          = 1: something outside the store is a name of the same file
          = 1: published, or given another name, within the last 90 minutes
          ! 1, 2 GB: they were your own files
          ! 1, 2 GB: declared by their digest, without an address
          ! 1, 2 GB: the site has them no more, or not for everybody
          ! 1, 2 GB: no snapshot knows them
          ! 1, 2 GB: the site did not say whether it still has them (`https://civitai.red` cannot be reached)

        Other projects that use this store
          = `/home/there`: 12 objects
          ! `/home/gone`: 12 objects; it is not there. What it needs stays until `civsync gc --forget 07c5`
          ! `/home/elsewhere`: 12 objects; it has another store now. What it needs stays until `civsync gc --forget 07c5`

        Could no longer be gone back to offline: 1 snapshot
          - ababababab  2026-01-01 00:00:00  apply: 6 created

        Would free 94 MB: 2 of 60 objects · 58 stay · 11 of 14 snapshots kept
        `civsync gc --yes` does it.
        To keep a snapshot give it a name (`civsync tag NAME REV`), or keep more: `keep:` in the manifest.
        What cannot be had again (10 GB) goes with `--irreplaceable` alone, for good.
        Try again when the site answers; with `--offline` what is on record decides.
        2 snapshots could not be gone back to offline before.

        """)
    #expect(report.exit == .partial)
  }

  @Test func `leaves out the middle of what is long, and not its price`() throws {
    let text = CollectView.human(try report(isDone: true), offsetMinutes: 0)
    #expect(text.contains("Freed 45 objects, 1 GB\n  - 45 MB  sha256 2d0000000000\n"))
    #expect(text.contains("    … and 5 more (`--json` lists all)\n"))
    #expect(text.contains("\nFreed 1 GB: 45 of 60 objects · 15 stay · 11 of 14 snapshots kept\n"))
    #expect(!text.contains("--yes"))
  }

  @Test func `says what failed, what was forgotten, and that it was stopped`() throws {
    var report = try report(isDone: true)
    report.failures = [.init(digest: try Sample.digest(0x11), message: "permission denied")]
    report.forgotten = [report.projects[1]]
    report.projects = []
    #expect(report.exit == .failed)
    report.isStopped = true
    #expect(report.exit == .interrupted)
    let text = CollectView.human(report, offsetMinutes: 0)
    #expect(
      text.contains("Could not be taken away: 1 object\n  x 110000000000: permission denied\n"))
    #expect(text.contains("  - `/home/gone`: 12 objects, forgotten\n"))
    #expect(text.contains("Stopped: `civsync gc --yes` goes on.\n"))
  }

  @Test func `without anything to free is short`() throws {
    let store = try #require(AbsolutePath("/srv/store"))
    let report = CollectReport(isDone: false, store: store, keep: KeepSpec(), grace: 0)
    #expect(
      CollectView.human(report, offsetMinutes: 0)
        == "Nothing to be freed: all of 0 objects stay.\n")
    #expect(report.exit == .ok)
  }
}
