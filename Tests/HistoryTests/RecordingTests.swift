import CatalogueModel
import Core
import Foundation
import GitStore
import History
import Testing

struct RecordingTests {
  @Test func `reading where nothing was recorded leaves no trace`() throws {
    let project = try TestProject()
    let history = project.history
    #expect(try history.headID() == nil)
    #expect(try history.head() == nil)
    #expect(try history.log() == [])
    #expect(try history.tags() == [])
    try history.recover()
    #expect(throws: HistoryError.git(.notFound(revision: "HEAD"))) { try history.read("HEAD") }
    #expect(throws: HistoryError.git(.notFound(revision: "x"))) { try history.log(from: "x") }
    #expect(!FileManager.default.fileExists(atPath: project.folder.string))
  }

  @Test func `a snapshot comes back as it was recorded`() throws {
    let project = try TestProject()
    var snapshot = try Samples.snapshot([300, 7, 44])
    snapshot.manifests.append(
      ManifestCopy(path: "../shared/civsync.yaml", bytes: [0x00, 0xff, 0x0a]))
    let id = try project.record(snapshot)
    snapshot.id = id
    snapshot.models.sort { $0.id < $1.id }
    #expect(try project.history.head() == snapshot)
    #expect(try project.history.read("HEAD") == snapshot)
    #expect(try project.history.read(id.short) == snapshot)
    #expect(snapshot.fileCount == 3)
    #expect(snapshot.byteCount == ByteCount(3_351))
    #expect(snapshot.entries.count == 3)
  }

  @Test func `a prepared snapshot has not happened`() throws {
    let project = try TestProject()
    let first = try project.record(try Samples.snapshot([1]))
    let prepared = try project.history.prepare(
      try Samples.snapshot([1, 2]), on: first, message: SnapshotMessage(title: "t"),
      time: TestProject.time)
    #expect(try project.history.headID() == first)
    #expect(try project.history.read(prepared).models.count == 2)
    try project.history.advance(to: prepared, from: first, time: TestProject.time)
    #expect(try project.history.headID() == prepared)
    // A recovery that comes once more finds nothing to do.
    try project.history.advance(to: prepared, from: first, time: TestProject.time)
    #expect(try project.history.log().count == 2)
  }

  @Test func `an advance from elsewhere is refused`() throws {
    let project = try TestProject()
    let first = try project.record(try Samples.snapshot([1]))
    let other = try project.history.prepare(
      try Samples.snapshot([2]), on: first, message: SnapshotMessage(title: "t"),
      time: TestProject.time)
    let second = try project.record(try Samples.snapshot([3]))
    #expect(throws: HistoryError.git(.moved(expected: first, found: second))) {
      try project.history.advance(to: other, from: first, time: TestProject.time)
    }
  }

  @Test func `models and manifests that go leave the next snapshot`() throws {
    let project = try TestProject()
    try project.record(try Samples.snapshot([1, 257, 2]))
    var second = try Samples.snapshot([1])
    second.manifests = []
    try project.record(second)
    let head = try #require(try project.history.head())
    #expect(head.models.map(\.id) == [1])
    #expect(head.manifests == [])
    let before = try project.history.read("HEAD~1")
    #expect(before.models.map(\.id) == [1, 2, 257])
    #expect(before.manifests.map(\.path) == ["civsync.yaml"])
  }

  @Test func `the empty revision is nothing placed and needs no history`() throws {
    let project = try TestProject()
    #expect(try project.history.read("@empty") == .empty)
    #expect(try project.history.resolve("@empty") == nil)
    #expect(Snapshot.empty.entries == [])
  }

  @Test func `an empty snapshot can be recorded after a full one`() throws {
    let project = try TestProject()
    try project.record(try Samples.snapshot([1, 2]))
    let id = try project.record(.empty)
    #expect(try project.history.read(id) == Snapshot(id: id))
  }

  @Test func `one model is not recorded twice`() throws {
    let project = try TestProject()
    let error = #expect(throws: HistoryError.self) {
      try project.record(try Samples.snapshot([5, 5]))
    }
    #expect(error == .duplicateModel(id: 5))
    #expect(error?.description.hasPrefix("model 5 was to be recorded twice") == true)
  }

  @Test func `manifests of one name and of odd names are kept apart`() throws {
    let project = try TestProject()
    var snapshot = try Samples.snapshot([1])
    let long = String(repeating: "é", count: 300)
    let paths = ["a/civsync.yaml", "b/civsync.yaml", "/", "..", ".git", "a\nb:c\\d", long]
    snapshot.manifests = paths.enumerated().map {
      ManifestCopy(path: $0.element, bytes: [UInt8($0.offset)])
    }
    try project.record(snapshot)
    #expect(try project.history.head()?.manifests == snapshot.manifests)
  }

  @Test func `snapshots can be named`() throws {
    let project = try TestProject()
    let first = try project.record(try Samples.snapshot([1]))
    try project.history.tag("works", at: first)
    try project.record(try Samples.snapshot([2]))
    #expect(try project.history.tags() == ["works"])
    #expect(try project.history.read("works").models.map(\.id) == [1])
    #expect(throws: HistoryError.git(.tagExists(name: "works"))) {
      try project.history.tag("works", at: first)
    }
  }

  @Test func `a lock that a killed run left goes with the recovery`() throws {
    let project = try TestProject()
    try project.record(try Samples.snapshot([1]))
    let lock = project.folder.appending(".git/refs/heads/main.lock")
    #expect(FileManager.default.createFile(atPath: lock.string, contents: nil))
    #expect(throws: HistoryError.git(.locked(path: lock.string))) {
      try project.record(try Samples.snapshot([2]))
    }
    try project.history.recover()
    try project.record(try Samples.snapshot([2]))
    #expect(try project.history.head()?.models.map(\.id) == [2])
  }

  /// The measuring code: `CIVSYNC_MEASURE_MODELS=20000` in a release build prints the times.
  @Test func `many models are recorded, changed and read`() throws {
    let wanted = ProcessInfo.processInfo.environment["CIVSYNC_MEASURE_MODELS"].flatMap(Int.init)
    let project = try TestProject()
    var snapshot = try Samples.snapshot(1...(wanted ?? 150))
    let clock = ContinuousClock()
    let first = try clock.measure { try project.record(snapshot) }
    for index in 0..<10 { snapshot.models[index * 3].name += " changed" }
    let second = try clock.measure { try project.record(snapshot) }
    var head: Snapshot?
    let reading = try clock.measure { head = try project.history.head() }
    #expect(head?.models == snapshot.models)
    let log = try project.history.log()
    let changed = try project.history.difference(from: log[1].id, to: log[0].id)
    #expect(changed.changed.count == 10 && changed.added.isEmpty && changed.removed.isEmpty)
    if wanted != nil { print("first \(first), 10 changed \(second), read \(reading)") }
  }
}
