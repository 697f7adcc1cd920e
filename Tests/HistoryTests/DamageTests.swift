import CatalogueModel
import Core
import GitStore
import History
import Testing

struct DamageTests {
  /// Records two models, changes raw files on top, and returns what reading HEAD says.
  private func message(
    after files: [String: String?]
  ) throws -> String {
    let project = try TestProject()
    try project.record(try Samples.snapshot([1, 2]))
    let id = try project.recordRaw(files)
    let error = #expect(throws: HistoryError.self) { try project.history.head() }
    return try #require(error).description.replacing(id.short, with: "ID")
  }

  @Test func `a snapshot of a newer civsync is refused`() throws {
    #expect(
      try message(after: ["snapshot": "civsync-snapshot 3\nwhat ever\n"])
        == "snapshot `ID` is written in format 3, this civsync knows 2; use a newer civsync")
    #expect(
      try message(after: ["models/01/1.txt": "civsync-model 3\n"])
        == "snapshot `ID` is written in format 3, this civsync knows 2; use a newer civsync")
  }

  @Test func `a record that cannot be read is named with its line`() throws {
    #expect(
      try message(after: ["models/01/1.txt": "civsync-model 1\nwhat\n"])
        == "snapshot `ID` has an unreadable `models/01/1.txt`: line 2: expected `model`, "
        + "found `what`; restore the file")
  }

  @Test(arguments: [5, 1_097]) func `also where there are many of them`(number: Int) throws {
    let project = try TestProject()
    try project.record(try Samples.snapshot(1...1_100))
    let fan = String(number % 256, radix: 16)
    let path = "models/\(fan.count < 2 ? "0" : "")\(fan)/\(number).txt"
    _ = try project.recordRaw([path: "civsync-model 1\nwhat\n"])
    let error = #expect(throws: HistoryError.self) { try project.history.head() }
    #expect(try #require(error).description.contains("has an unreadable `\(path)`: line 2"))
  }

  @Test func `a lost record is noticed`() throws {
    #expect(
      try message(after: ["models/01/1.txt": nil])
        == "commit `ID` is not a whole snapshot: it holds 1 models with 1 files where 2 with 2 "
        + "were recorded; choose another revision")
  }

  @Test func `a lost manifest is noticed`() throws {
    #expect(
      try message(after: ["manifests/0-civsync.yaml": nil])
        == "commit `ID` is not a whole snapshot: the copy of `civsync.yaml` is missing; "
        + "choose another revision")
  }

  @Test func `a commit that is no snapshot is told`() throws {
    #expect(
      try message(after: ["snapshot": nil])
        == "commit `ID` is not a whole snapshot: it has no `snapshot`; choose another revision")
  }

  @Test func `a record in the wrong place is told`() throws {
    let bytes = RecordFormat.encode(try Samples.model(2), for: .snapshot)
    #expect(
      try message(after: ["models/01/1.txt": String(decoding: bytes, as: UTF8.self)])
        == "commit `ID` is not a whole snapshot: `models/01/1.txt` is the record of model 2; "
        + "choose another revision")
  }

  @Test(arguments: [
    ("models -1\n", "line 2: `-1` is not a count; restore the file"),
    ("models 2\nfiles x\n", "line 3: expected a number, found `x`; restore the file"),
    (
      "models 2\nfiles 2\nbytes 1\ntree \"main\" \"here\"\n",
      "line 5: `here` is not an absolute path; restore the file"
    ),
    (
      "models 2\nfiles 2\nbytes 1\nmore 1\n",
      "line 5: `more 1` does not belong here; restore the file, or use a newer civsync"
    ),
  ])
  func `a header that cannot be read is told`(text: String, expected: String) throws {
    #expect(
      try message(after: ["snapshot": "civsync-snapshot 1\n" + text])
        == "snapshot `ID` has an unreadable `snapshot`: " + expected)
  }

  @Test func `a damaged repository is told`() throws {
    let project = try TestProject()
    let id = try project.record(try Samples.snapshot([1]))
    #expect(throws: HistoryError.git(.notFound(revision: "HEAD~1"))) {
      try project.history.read("HEAD~1")
    }
    #expect(
      HistoryError.git(.notFound(revision: "x")).description
        == "no snapshot is named `x`; `civsync log` lists them")
    _ = id
  }
}
