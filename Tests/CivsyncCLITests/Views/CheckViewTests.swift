import CatalogueModel
import CivsyncCLI
import Core
import Testing

@testable import Engine

@Suite struct `Results of checks` {
  private func report(_ output: String, isCut: Bool = false) -> ApplyReport {
    var report = ApplyReport(run: .apply, snapshot: "abc1234567")
    report.checks = [
      CheckResult(name: "loads", command: "true", passed: true, verdict: "passed"),
      CheckResult(
        name: "draws", command: "./draw", passed: false, verdict: "exit code 1", output: output,
        isCut: isCut, seconds: 1.5),
    ]
    report.rolledBackTo = "@empty"
    return report
  }

  @Test func `show what the failed one said, with nothing that steers a terminal`() {
    let text = ResultView.human(
      report("one\n\u{1B}[2Jtwo\n\nend", isCut: true), ViewOptions(width: 40))
    #expect(
      text == """
        Checks passed: loads

        Check `draws` failed: exit code 1
            …
            one
            \\u{1b}[2Jtwo

            end

        Apply taken back to `@empty`: a check
        failed · snapshot abc1234567.
        What was fetched stays in the store.
        Mend the cause and run `civsync apply`
        again; `--no-checks` leaves the checks
        out.

        """)
  }

  @Test func `of which nothing was said have no lines`() {
    #expect(ResultView.human(report("")).contains("exit code 1\n\nApply taken back"))
  }

  @Test func `are JSON for programs`() {
    #expect(
      ResultView.json(report("x\n")).text.hasSuffix(
        #""manifests":[],"checks":[{"name":"loads","run":"true","passed":true,"#
          + #""verdict":"passed","output":"","cut":false,"seconds":0.0},{"name":"draws","#
          + #""run":"./draw","passed":false,"verdict":"exit code 1","output":"x\n","cut":false,"#
          + #""seconds":1.5}],"rolledBackTo":"@empty"}"# + "\n"))
  }
}

@Suite struct `How the lock stands` {
  private func text(
    _ files: Int?, _ recorded: Int?, lock: Int = 0, snapshot: Int = 0, different: Int = 0
  ) -> String {
    LockView.human(
      LockStanding(
        files: files, recorded: recorded, onlyInLock: lock, onlyInSnapshot: snapshot,
        different: different))
  }

  @Test func `is said in one or two lines`() {
    #expect(text(nil, nil) == "There is no lock yet: the first `civsync apply` writes it.\n")
    #expect(text(1, 1) == "The lock is what the last snapshot has: 1 file.\n")
    #expect(text(nil, 0) == "The lock is what the last snapshot has: no file.\n")
    #expect(
      text(3, 4, lock: 1, snapshot: 2, different: 1) == """
        The lock is not what the last snapshot has: 1 only in the lock, 2 only in the snapshot, 1 with other facts.
        `civsync plan` shows what the manifest and the lock ask for beyond the snapshot.

        """)
    #expect(
      text(2, nil, lock: 2).hasPrefix(
        "The lock is not what the last snapshot has: it has 2 files, and there is no snapshot yet.\n"
      ))
    #expect(
      text(nil, 2, snapshot: 2) == """
        The lock is not what the last snapshot has: it is not there.
        `civsync apply` writes it anew; `git checkout civsync.lock` brings an older one back.

        """)
  }

  @Test func `after settling, tells what each side had and where they differ`() throws {
    let entry = try Sample.entry(1, "Alpha")
    var ours = entry
    ours.file.places = [try Sample.place("a.pt")]
    var theirs = entry
    theirs.file.places = [try Sample.place("b.pt")]
    let settled = SettledLock(ours: [ours], theirs: [theirs], conflicts: 2)
    #expect(
      LockView.human(settled) == """
        In other places on each side: 1 file
          ? Alpha · v1
            kept   a.pt
            theirs b.pt

        Settled 2 conflicts in the lock: 1 file, 0 only ours, 0 only theirs.
        Next: `civsync plan` shows what the manifest makes of it: what it does not select goes.

        """)
    #expect(
      LockView.json(settled).text == #"{"version":1,"conflicts":2,"files":1,"onlyOurs":0,"#
        + #""onlyTheirs":0,"disputed":[{"title":"Alpha · v1","kept":[{"tree":"main","path":"a.pt"}],"#
        + #""theirs":[{"tree":"main","path":"b.pt"}]}]}"# + "\n")
  }
}
