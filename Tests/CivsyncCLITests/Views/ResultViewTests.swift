import CatalogueModel
import CivsyncCLI
import Core
import Testing

@Suite struct `The result` {
  private let failure = ApplyReport.Failure(
    title: "Delta \u{1B}[1m · v2", message: "the digest is another one than the site told")

  @Test func `of an apply says what was done and how to undo it`() {
    let report = ApplyReport(
      created: 12, replaced: 3, snapshot: "abc1234", fetchedFiles: 15,
      fetchedBytes: ByteCount(18_200_000_000), seconds: 252)
    #expect(
      ResultView.human(report) == """
        Apply complete: 12 created, 3 replaced · fetched 18.2 GB in 4 min 12 s · snapshot abc1234.
        What was taken out of the trees stays in the store.
        `civsync rollback HEAD~1` undoes it.

        """)
  }

  @Test func `of an apply with incidents names them before the conclusion`() {
    let report = ApplyReport(
      created: 2, moved: 1, failures: [failure],
      aside: [".civsync/aside/20261121-041700/loras/b.safetensors"],
      blocked: [Sample.blocked(7, "Painter · v2", .noGrant)], snapshot: "abc1234")
    #expect(
      ResultView.human(report, ViewOptions(width: 60)) == """
        Kept aside: 1 file that you had changed
          > .civsync/aside/20261121-041700/loras/b.safetensors

        Blocked upstream: 1 entry
          the creator has not granted this account access
            x Painter · v2 (7@70)

        Failed: 1 file
          x Delta \\u{1b}[1m · v2
            the digest is another one than the site told

        Apply partial: 2 created, 1 moved, 1 file failed · snapshot
        abc1234.
        What failed keeps what it had; run it again to try once
        more.
        `civsync rollback HEAD~1` undoes it.

        """)
  }

  @Test func `counts what was not tried, and not as failed`() {
    var report = ApplyReport(created: 2, failures: [failure], snapshot: "abc1234")
    report.untried = ["Echo · v1", "Foxtrot · v1"]
    let text = ResultView.human(report)
    #expect(text.contains("\nNot tried: 2 files, because the run stopped in safe mode\n"))
    #expect(
      text.contains("Apply partial: 2 created, 1 file failed, 2 not tried · snapshot abc1234."))
    #expect(ResultView.json(report).text.contains(#""untried":["Echo · v1","Foxtrot · v1"]"#))
  }

  @Test func `of a failed apply says that nothing was changed`() {
    let report = ApplyReport(
      failures: [failure], fetchedFiles: 1, fetchedBytes: ByteCount(3_000_000), seconds: 2)
    #expect(
      ResultView.human(report) == """
        Failed: 1 file
          x Delta \\u{1b}[1m · v2
            the digest is another one than the site told

        Apply failed: nothing was changed · fetched and kept 3 MB in 2 s.
        Run it again: what was fetched stays in the store, and it goes on from there.

        """)
  }

  @Test func `of an apply that only recorded something says so`() {
    #expect(ResultView.human(ApplyReport()) == "Apply complete: no file changed.\n")
  }

  @Test func `of a rollback names the way back and the way further`() {
    var report = ApplyReport(
      run: .rollback(to: "HEAD~1", further: "HEAD~3"), removed: 2, snapshot: "abc1234")
    #expect(
      ResultView.human(report) == """
        Rollback to `HEAD~1` complete: 2 removed · snapshot abc1234.
        What was taken out of the trees stays in the store.
        `civsync rollback HEAD~1` undoes this rollback; `civsync rollback HEAD~3` goes further back.

        """)
    report.run = .rollback(to: "@empty", further: nil)
    #expect(ResultView.human(report).hasSuffix("`civsync rollback HEAD~1` undoes this rollback.\n"))
  }

  @Test func `is JSON for programs`() {
    let report = ApplyReport(
      run: .rollback(to: "HEAD~1", further: nil), created: 1, failures: [failure], aside: ["a/b"],
      snapshot: "abc1234", fetchedFiles: 1, fetchedBytes: ByteCount(5), seconds: 1.5)
    #expect(
      ResultView.json(report).text
        == #"{"version":1,"run":"rollback","target":"HEAD~1","done":{"created":1,"adopted":0,"#
        + #""moved":0,"repaired":0,"replaced":0,"removed":0,"released":0},"companions":{"create":0,"move":0,"repair":0,"replace":0,"#
        + #""remove":0},"failures":["#
        + #"{"title":"Delta \u001b[1m · v2","#
        + #""message":"the digest is another one than the site told"}],"untried":[],"aside":["a/b"],"#
        + #""left":[],"blocked":[],"snapshot":"abc1234","fetchedFiles":1,"fetchedBytes":5,"seconds":1.5,"#
        + #""manifests":[],"checks":[],"rolledBackTo":null}"#
        + "\n")
  }
}
