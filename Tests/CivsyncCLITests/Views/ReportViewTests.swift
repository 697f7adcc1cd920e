import CatalogueModel
import CivsyncCLI
import Core
import Diagnostics
import Testing

private let newest = LogItem(
  id: "abc1234def", shortID: "abc1234", time: "2026-11-21 04:17", timestamp: "2026-11-21T04:17:00Z",
  title: "apply: 12 created, 1 removed", refs: ["HEAD", "works"])
private let oldest = LogItem(
  id: "9876543fed", shortID: "9876543", time: "2026-11-20 23:59", timestamp: "2026-11-20T23:59:00Z",
  title: "apply: \u{1B}[31m3 created")

@Suite struct `The log` {
  @Test func `has a line for each snapshot`() {
    #expect(
      LogView.human([newest, oldest]) == """
        abc1234  2026-11-21 04:17  (HEAD, works) apply: 12 created, 1 removed
        9876543  2026-11-20 23:59  apply: \\u{1b}[31m3 created

        """)
    #expect(
      LogView.human([oldest], ViewOptions(width: 52))
        == "9876543  2026-11-20 23:59  apply: \\u{1b}[31m3 creat…\n")
  }

  @Test func `has the title below on a narrow terminal`() {
    #expect(
      LogView.human([newest], ViewOptions(width: 40)) == """
        abc1234  2026-11-21 04:17
          (HEAD, works) apply: 12 created, 1
          removed

        """)
  }

  @Test func `says so when it is empty`() {
    #expect(LogView.human([]) == "No snapshot yet: the first `civsync apply` makes one.\n")
  }

  @Test func `is JSON for programs`() {
    #expect(
      LogView.json([newest]).text
        == #"{"version":1,"snapshots":[{"id":"abc1234def","short":"abc1234","#
        + #""time":"2026-11-21T04:17:00Z","title":"apply: 12 created, 1 removed","#
        + #""refs":["HEAD","works"],"whole":null}]}"# + "\n")
  }
}

@Suite struct `A snapshot` {
  private func report() throws -> SnapshotReport {
    SnapshotReport(
      item: newest, body: "by hand\n", manifests: ["civsync.yaml"], files: 252,
      bytes: ByteCount(1_200_000_000_000), comparedTo: "9876543",
      changes: [
        SnapshotChange(
          kind: .removed, place: try Sample.place("vae/x.safetensors"), title: "X · v1",
          digest: try Sample.digest(0x1), bytes: ByteCount(335_000_000)),
        SnapshotChange(
          kind: .added, place: try Sample.place("loras/a.safetensors"), title: "A · v1",
          digest: try Sample.digest(0x2), bytes: ByteCount(151_000_000)),
        SnapshotChange(
          kind: .changed, place: try Sample.place("loras/b.safetensors"), title: "B · v2",
          digest: try Sample.digest(0x3), former: try Sample.digest(0x4),
          bytes: ByteCount(151_000_000)),
        SnapshotChange(
          kind: .moved, place: try Sample.place("loras/c.safetensors", tree: TreeName("gpu")),
          from: try Sample.place("loras/old.safetensors"), title: "C · v1",
          digest: try Sample.digest(0x5), bytes: ByteCount(151_000_000)),
      ])
  }

  @Test func `is shown with its facts and what it changed, removals last`() throws {
    #expect(
      SnapshotView.human(try report()) == """
        Snapshot abc1234
          apply: 12 created, 1 removed
          by hand
          time      2026-11-21 04:17
          refs      HEAD, works
          manifests civsync.yaml
          files     252, 1.2 TB

        Changed since 9876543: 1 added, 1 moved, 1 changed, 1 removed
          + loras/a.safetensors
            A · v1; 151 MB; 200000000000
          > gpu:loras/c.safetensors
            from loras/old.safetensors
            C · v1; 151 MB; 500000000000
          ~ loras/b.safetensors
            B · v2; 151 MB; 400000000000 → 300000000000
          - vae/x.safetensors
            X · v1; 335 MB; 100000000000

        """)
  }

  @Test func `that changed no file says so`() {
    let report = SnapshotReport(item: oldest, files: 0, bytes: .zero)
    #expect(
      SnapshotView.human(report, ViewOptions(width: 40)) == """
        Snapshot 9876543
          apply: \\u{1b}[31m3 created
          time      2026-11-20 23:59
          files     0, 0 B

        No file changed.

        """)
  }

  @Test func `is JSON for programs`() throws {
    var report = try report()
    report.changes.removeSubrange(0...2)
    let digest = try Sample.digest(0x5).hex
    #expect(
      SnapshotView.json(report).text
        == #"{"version":1,"snapshot":{"id":"abc1234def","short":"abc1234","#
        + #""time":"2026-11-21T04:17:00Z","title":"apply: 12 created, 1 removed","#
        + #""refs":["HEAD","works"],"whole":null},"body":"by hand\n","manifests":["civsync.yaml"],"#
        + #""files":252,"bytes":1200000000000,"comparedTo":"9876543","changes":["#
        + #"{"kind":"moved","place":{"tree":"gpu","path":"loras/c.safetensors"},"#
        + #""from":{"tree":"main","path":"loras/old.safetensors"},"title":"C · v1","#
        + #""sha256":""# + digest + #"","formerSha256":null,"bytes":151000000}]}"# + "\n")
  }
}

@Suite struct `The status` {
  @Test(arguments: [
    (
      StatusReport(snapshot: nil, intact: 0),
      "Nothing is placed yet: the first `civsync apply` does that.\n"
    ),
    (StatusReport(snapshot: "abc1234", intact: 0), "Clean: snapshot abc1234 places no file.\n"),
    (
      StatusReport(snapshot: "abc1234", intact: 1),
      "Clean: 1 file as snapshot abc1234 placed it.\n"
    ),
    (
      StatusReport(snapshot: "abc1234", intact: 240, foreign: 17),
      "Clean: 240 files as snapshot abc1234 placed them.\n"
        + "17 other files in the trees are not civsync's.\n"
    ),
    (
      StatusReport(
        snapshot: "abc1234", intact: 2, foreign: 1,
        pending: "an apply was interrupted; the next one finishes it"),
      "Interrupted: 2 files as snapshot abc1234 placed them, and a change is to be brought to its "
        + "end.\n1 other file in the trees is not civsync's.\n"
        + "Warning: an apply was interrupted; the next one finishes it\n"
    ),
  ])
  func `of clean trees is one line`(report: StatusReport, text: String) {
    #expect(StatusView.human(report) == text)
  }

  private func drifted() throws -> StatusReport {
    StatusReport(
      snapshot: "abc1234", intact: 237,
      drift: [
        Drift(
          kind: .modified, place: try Sample.place("loras/b.safetensors"), detail: "size changed"),
        Drift(kind: .missing, place: try Sample.place("loras/a.safetensors")),
        Drift(
          kind: .wrongLink, place: try Sample.place("vae/c.safetensors"), detail: "leads to `/x`"),
      ])
  }

  @Test func `of drifted trees names every file`() throws {
    #expect(
      StatusView.human(try drifted()) == """
        Missing: 1 file
          - loras/a.safetensors

        Modified: 1 file
          ~ loras/b.safetensors
            size changed

        Wrong link: 1 file
          @ vae/c.safetensors
            leads to `/x`

        Drift: 1 missing, 1 modified, 1 wrong link; 237 as snapshot abc1234 placed them.
        `civsync plan` shows what would repair it, `civsync apply` does it.

        """)
  }

  @Test func `is JSON for programs`() throws {
    var report = try drifted()
    report.drift.removeLast(2)
    #expect(
      StatusView.json(report).text
        == #"{"version":1,"snapshot":"abc1234","clean":false,"intact":237,"drift":["#
        + #"{"kind":"modified","place":{"tree":"main","path":"loras/b.safetensors"},"#
        + #""detail":"size changed"}],"edited":0,"editedFiles":0,"foreign":0,"pending":null}"#
        + "\n")
  }
}

@Suite struct `Errors` {
  private let diagnostic = Diagnostic(code: "C001", message: "no `x`", help: "make one")

  @Test func `are shown as diagnostics are`() {
    #expect(
      ErrorView.human([diagnostic, diagnostic]) == """
        error[C001]: no `x`
          help: make one

        error[C001]: no `x`
          help: make one

        """)
    #expect(ErrorView.human([]) == "")
  }

  @Test func `are JSON for programs`() {
    #expect(
      ErrorView.json([diagnostic], exit: 4).text
        == #"{"version":1,"exit":4,"diagnostics":[{"code":"C001","severity":"error","#
        + #""message":"no `x`","help":"make one"}]}"# + "\n")
  }
}
