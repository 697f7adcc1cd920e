import ContentStore
import Core
import DiskTestSupport
import SystemIO
import Testing

@Suite struct RootsTests {
  let folder: TemporaryFolder
  let store: ContentStore
  let owner: StoreRoot.Owner
  let digests = (1...3).map { ContentHasher.digest(of: [$0]) }

  init() throws {
    folder = try TemporaryFolder()
    store = ContentStore(root: folder.path.appending("store"))
    try store.prepare()
    owner = StoreRoot.Owner(
      project: "07c5", folder: folder.path.appending("a \"b\""),
      state: folder.path.appending("a \"b\"/.civsync"))
  }

  private func read() throws -> StoreRoot? {
    try store.root(owner.name)?.root.get()
  }

  private var text: String { get throws { try folder.text("store/roots/07c5") ?? "" } }

  @Test func `what a project needs is read as it was written, line after line`() throws {
    try store.write(StoreRoot(owner, [digests[0]]))
    try store.addRoots([digests[1], digests[2]], to: owner.name)
    #expect(try read() == StoreRoot(owner, digests))
    #expect(try store.rootOwner(owner.name) == owner)
    let lines = try text.split(separator: "\n")
    #expect(lines.first == "civsync-roots 1" && lines.last ?? "" == digests[2].hex)
    #expect(try store.roots().map(\.name) == ["07c5"])
  }

  @Test func `a saved plan has a file of its own`() throws {
    var owner = owner
    owner.plan = StoreRoot.Plan(id: "ab12", file: folder.path.appending("plan.json"))
    try store.write(StoreRoot(owner, digests))
    #expect(try store.root("plan-ab12")?.root.get() == StoreRoot(owner, digests))
    #expect(try store.removeRoot("plan-ab12"))
    #expect(try !store.removeRoot("plan-ab12"))
    #expect(try store.roots().isEmpty)
  }

  @Test func `a torn line is passed over, and does not run into the next`() throws {
    try store.write(StoreRoot(owner, [digests[0]]))
    _ = try folder.write(text + digests[1].hex.prefix(20), to: "store/roots/07c5")
    #expect(try read() == StoreRoot(owner, [digests[0]]))
    try store.addRoots([digests[2]], to: owner.name)
    #expect(try read() == StoreRoot(owner, [digests[0], digests[2]]))
  }

  @Test func `what was just being written is none`() throws {
    _ = try folder.write("x", to: "store/roots/\(TemporaryNames.prefix)1")
    #expect(try store.roots().isEmpty)
  }

  @Test(arguments: [
    ("civsync-roots 2\n{}\n", RootProblem.unknownVersion("civsync-roots 2")),
    ("civsync-roots 1\n{}\n", .damaged), ("civsync-roots 1\n", .damaged), ("", .damaged),
    ("something\nelse\n", .damaged),
  ])
  func `another format and damage are told apart`(text: String, problem: RootProblem) throws {
    _ = try folder.write(text, to: "store/roots/07c5")
    let found = try #require(try store.roots().first)
    #expect(throws: problem) { try found.root.get() }
    #expect(try store.rootOwner("07c5") == nil)
  }

  @Test func `a line that nobody wrote is damage`() throws {
    try store.write(StoreRoot(owner, digests))
    for line in ["zz", String(repeating: "0", count: 65), "\0\0\0"] {
      try store.write(StoreRoot(owner, digests))
      _ = try folder.write(text + line + "\n", to: "store/roots/07c5")
      #expect(throws: RootProblem.damaged) { try read() }
    }
  }

  @Test func `a store of before there were roots has none`() throws {
    _ = try FileSystem().removeEmptyFolder(store.rootsFolder)
    #expect(try store.roots().isEmpty)
    #expect(try store.root("07c5") == nil)
    try store.write(StoreRoot(owner, digests))
    #expect(try read()?.digests == digests)
  }

  @Test func `writers share the store, and who collects has it alone`() throws {
    let holder = LockHolder(process: 1, command: "civsync gc", since: "now")
    func lock(_ mode: LockMode) throws -> FileLock? {
      if case .acquired(let lock) = try store.tryLock(mode, holder: holder) { return lock }
      return nil
    }
    let first = try #require(try lock(.shared))
    let second = try #require(try lock(.shared))
    #expect(try lock(.exclusive) == nil)
    first.release()
    #expect(try lock(.exclusive) == nil)
    second.release()
    let alone = try #require(try lock(.exclusive))
    guard case .held(let by) = try store.tryLock(.shared, holder: holder) else {
      Issue.record("it was shared with who has it alone")
      return
    }
    #expect(by == holder)
    alone.release()
    #expect(try lock(.shared) != nil)
  }
}
