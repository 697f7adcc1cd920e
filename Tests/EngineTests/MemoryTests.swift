import CatalogueModel
import Core
import Diagnostics
import SystemIO
import Testing

@testable import Engine

struct `What a project remembers` {
  let files = FileSystem()

  @Test func `refusals hold as long as their kind says`() throws {
    let scratch = try Scratch()
    let refusals = Refusals(path: scratch.path.appending("refusals.jsonl"), fileSystem: files)
    #expect(refusals.current(now: 0, hasToken: false).isEmpty)
    let gate = BlockedReason.gated(until: Timestamp(milliseconds: 5_000_000))
    let met: [(EntryIdentity, BlockedReason)] = [
      (entry(1).identity, .loginRequired), (entry(2).identity, gate), (entry(3).identity, .gone),
      (entry(4).identity, .gated(until: nil)), (entry(5).identity, .quota),
      (entry(6).identity, .region), (entry(7).identity, .noGrant),
      (entry(8).identity, .downloadsDisabled), (entry(9).identity, .archived),
    ]
    try refusals.append(met, now: 1_000, withToken: false)
    let soon = refusals.current(now: 2_000, hasToken: false)
    #expect(soon.count == 9)
    #expect(soon[entry(2).identity] == gate)
    #expect(refusals.current(now: 2_000, hasToken: true).isEmpty)
    let later = refusals.current(now: 6_000, hasToken: false)
    #expect(later[entry(2).identity] == nil)
    #expect(later.count == 8)
    #expect(refusals.current(now: 1_000 + Refusals.lifetime, hasToken: false).isEmpty)
  }

  @Test func `the last word about an entry counts, and a broken line is passed over`() throws {
    let scratch = try Scratch()
    let path = try scratch.write("{broken\n{\"version\":9}\n", to: "refusals.jsonl")
    let refusals = Refusals(path: path, fileSystem: files)
    try refusals.append([(entry(1).identity, .gone)], now: 10, withToken: true)
    try refusals.append([(entry(1).identity, .archived)], now: 20, withToken: true)
    try refusals.append([], now: 20, withToken: true)
    #expect(refusals.current(now: 30, hasToken: true) == [entry(1).identity: .archived])
  }

  @Test func `blocks that were shown are known again`() throws {
    let scratch = try Scratch()
    let project = Project(manifest: scratch.path.appending("civsync.yaml"))
    try files.makeFolders(project.state)
    let memory = BlockMemory(project, files)
    let one = BlockedEntry(model: 1, version: 2, file: 3, title: "One", reason: .gone)
    let nameless = BlockedEntry(title: "version 9", reason: .gone)
    #expect(memory.known(among: [one]).isEmpty)
    memory.remember([one, nameless])
    var renamed = one
    renamed.title = "Renamed"
    var other = one
    other.reason = .archived
    #expect(memory.known(among: [renamed, other, nameless]) == [renamed, nameless])
  }

  @Test func `the project's state is read back, and refused when it is not understood`() throws {
    let scratch = try Scratch()
    let project = Project(manifest: scratch.path.appending("civsync.yaml"))
    try files.makeFolders(project.state)
    #expect(try ProjectState.load(project, files) == nil)
    let state = ProjectState(id: "abc", store: "/store")
    try state.save(project, files)
    #expect(try ProjectState.load(project, files) == state)
    _ = try scratch.write("{\"version\": 2}", to: ".civsync/project.json")
    #expect(code { _ = try ProjectState.load(project, files) } == "C011")
    _ = try scratch.write("{\"version\": 1}", to: ".civsync/project.json")
    #expect(code { _ = try ProjectState.load(project, files) } == "C012")
    _ = try scratch.write("", to: ".civsync/project.json")
    #expect(code { _ = try ProjectState.load(project, files) } == "C012")
  }

  func code(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch {
      return (error as? EngineError)?.diagnostics.first?.code
    }
  }

  @Test func `a lock is written once, read back, and refused with its line`() throws {
    let scratch = try Scratch()
    let path = scratch.path.appending("civsync.lock")
    let lock = LockFile(path: path, files: files)
    #expect(try lock.read().isEmpty)
    try lock.write(RecordFormat.encodeLock([]), isEmpty: true)
    #expect(try files.status(path) == nil)
    let entries = [entry(1, at: "a"), entry(2, at: "b")]
    let text = RecordFormat.encodeLock(of: entries)
    try lock.write(text, isEmpty: false)
    let first = try files.status(path)
    try lock.write(text, isEmpty: false)
    #expect(try files.status(path) == first)
    #expect(try lock.read() == entries)
    _ = try scratch.write("<<<<<<< ours\n", to: "civsync.lock")
    #expect(code { _ = try lock.read() } == "C041")
  }
}
