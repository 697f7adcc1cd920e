import CatalogueModel
import Core
import Foundation
import GitStore
import History
import ProgramTestSupport
import Testing

struct LogAndDifferenceTests {
  @Test func `the log tells title, body and time`() throws {
    let project = try TestProject()
    let first = try project.record(
      try Samples.snapshot([1, 2]), title: "apply: 2 created", body: ["+ one", "+ two"])
    let second = try project.record(try Samples.snapshot([2, 3]), title: "two\nlines")
    let log = try project.history.log()
    #expect(log.map(\.id) == [second, first])
    #expect(log.map(\.parent) == [first, nil])
    #expect(log.map(\.title) == ["two lines", "apply: 2 created"])
    #expect(log.map(\.body) == ["", "+ one\n+ two"])
    #expect(log[0].time == TestProject.time)
    #expect(try project.history.log(limit: 1).map(\.id) == [second])
    #expect(try project.history.log(from: "HEAD~1").map(\.id) == [first])
    #expect(try project.history.entry(first) == log[1])
  }

  @Test func `a difference names what came, went and changed`() throws {
    let project = try TestProject()
    let first = try project.record(try Samples.snapshot([1, 2, 3]))
    var snapshot = try Samples.snapshot([1, 2, 4])
    snapshot.models[1].versions[0].files[0].state = .withdrawn
    snapshot.manifests[0].bytes.append(0x0a)
    let second = try project.record(snapshot)
    let difference = try project.history.difference(from: first, to: second)
    #expect(difference.added.map(\.key.model) == [4])
    #expect(difference.removed.map(\.key.model) == [3])
    #expect(difference.changed.map(\.new.key.model) == [2])
    #expect(difference.changed.first?.old.file.state == .current)
    #expect(difference.changed.first?.new.file.state == .withdrawn)
    #expect(difference.manifests == ["manifests/0-civsync.yaml"])
    #expect(!difference.isEmpty)
    let back = try project.history.difference(from: second, to: first)
    #expect(back.added == difference.removed)
    #expect(back.removed == difference.added)
    #expect(try project.history.difference(from: second, to: second).isEmpty)
  }

  @Test func `a replaced content is one removed and one added`() throws {
    let old = try Samples.model(9)
    let new = try Samples.model(9, digest: 0xaa)
    let difference = SnapshotDifference(from: [old], to: [new])
    #expect(difference.added.map(\.digest) == [new.versions[0].files[0].digest])
    #expect(difference.removed.map(\.digest) == [old.versions[0].files[0].digest])
    #expect(difference.changed == [])
  }

  @Test func `nothing placed differs by everything`() throws {
    let project = try TestProject()
    let nobody = try #require(CommitID(hex: String(repeating: "ab", count: 20)))
    #expect(try project.history.difference(from: nil, to: nil).isEmpty)
    #expect(throws: HistoryError.git(.missing(what: "commit `ababababab`"))) {
      try project.history.difference(from: nobody, to: nil)
    }
    #expect(throws: HistoryError.git(.missing(what: "commit `ababababab`"))) {
      try project.history.entry(nobody)
    }
    #expect(throws: HistoryError.git(.missing(what: "commit `ababababab`"))) {
      try project.history.read(nobody)
    }
    let first = try project.record(try Samples.snapshot([1, 2]))
    #expect(try project.history.difference(from: nil, to: first).added.count == 2)
    #expect(try project.history.difference(from: first, to: nil).removed.count == 2)
  }

  @Test func `git shows what changed in one model`() throws {
    let project = try TestProject()
    try project.record(try Samples.snapshot([1, 2]))
    var snapshot = try Samples.snapshot([1, 2])
    snapshot.models[0].versions[0].files[0].state = .superseded
    try project.record(snapshot, title: "apply: 1 superseded")
    let text = try Program.run(
      "/usr/bin/env",
      ["git", "-C", project.folder.string, "log", "-1", "-p", "--format=%an|%s"],
      environment: [
        "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
        "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_PAGER": "cat",
      ]
    ).output
    #expect(text.hasPrefix("civsync|apply: 1 superseded\n"))
    #expect(text.contains("+++ b/models/01/1.txt"))
    #expect(text.contains("-      state current\n+      state superseded\n"))
    #expect(text.split(separator: "\n").filter { $0.hasPrefix("diff ") }.count == 1)
  }
}
