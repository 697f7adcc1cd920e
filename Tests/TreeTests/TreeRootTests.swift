import Core
import DiskTestSupport
import SystemIO
import Testing
import Tree

@Suite struct TreeRootTests {
  let folder: TemporaryFolder
  var tree: TreeRoot { TreeRoot(name: .main, root: folder.path.appending("a/models")) }

  init() throws { folder = try TemporaryFolder() }

  @Test func `a new root is made and claimed, and known again`() throws {
    #expect(try tree.check(project: "p", wasClaimed: false) == .new)
    try tree.claim(project: "p")
    #expect(try tree.check(project: "p", wasClaimed: true) == .claimed)
    try tree.claim(project: "p", wasClaimed: true)
    #expect(
      try folder.text("a/models/.civsync-root")
        == "{\"project\":\"p\",\"tree\":\"main\",\"version\":1}\n")
  }

  @Test func `a folder that was claimed and has no marker stops everything`() throws {
    #expect(try tree.check(project: "p", wasClaimed: true) == .gone(folderIsThere: false))
    try FileSystem().makeFolders(tree.root)
    #expect(try tree.check(project: "p", wasClaimed: false) == .unclaimed)
    #expect(try tree.check(project: "p", wasClaimed: true) == .gone(folderIsThere: true))
    let error = #expect(throws: TreeError.self) {
      try tree.claim(project: "p", wasClaimed: true)
    }
    #expect(
      error?.description
        == "the tree `main` at `\(tree.root)` cannot be used: its marker `.civsync-root` is gone; "
        + "is its disk mounted?")
    #expect(try FileSystem().list(tree.root).isEmpty)
  }

  @Test func `another project's root, another tree's, and odd markers are refused`() throws {
    try tree.claim(project: "other")
    #expect(
      try tree.check(project: "p", wasClaimed: false) == .taken(project: "other", tree: "main"))
    let second = TreeRoot(name: TreeName("second"), root: tree.root)
    #expect(
      try second.check(project: "other", wasClaimed: false)
        == .taken(project: "other", tree: "main"))
    _ = try folder.write(
      #"{"project":"p","tree":"main","version":2}"#, to: "a/models/.civsync-root")
    #expect(try tree.check(project: "p", wasClaimed: true) == .unknownVersion(2))
    _ = try folder.write("{", to: "a/models/.civsync-root")
    #expect(try tree.check(project: "p", wasClaimed: true) == .damaged)
    for project in ["p", "other"] {
      #expect(throws: TreeError.self) { try tree.claim(project: project) }
    }
    #expect(try folder.text("a/models/.civsync-root") == "{")
    let file = try folder.write("", to: "file")
    #expect(
      try TreeRoot(name: .main, root: file).check(project: "p", wasClaimed: false) == .notAFolder)
  }

  @Test func `every state that stops says why`() {
    let states: [RootState] = [
      .gone(folderIsThere: true), .gone(folderIsThere: false), .taken(project: "p", tree: "t"),
      .unknownVersion(3), .damaged, .notAFolder,
    ]
    #expect(Set(states.compactMap(\.problem)).count == states.count)
    #expect([RootState.claimed, .unclaimed, .new].allSatisfy { $0.problem == nil })
  }
}

@Suite struct LinkProberTests {
  let folder: TemporaryFolder
  let files = FileSystem()

  init() throws { folder = try TemporaryFolder() }

  private func folders() throws -> (AbsolutePath, AbsolutePath) {
    let store = folder.path.appending("store")
    let tree = folder.path.appending("tree")
    try files.makeFolders(store)
    try files.makeFolders(tree)
    return (store, tree)
  }

  @Test func `within one file system hard links work, and nothing is left behind`() throws {
    let (store, tree) = try folders()
    let support = try LinkProber().probe(store: store, tree: tree)
    #expect(support.kinds.suffix(3) == [.hardlink, .symlink, .copy])
    #expect(support.choose(.symlink) == .symlink)
    #expect(support.choose() == support.kinds.first)
    #expect(try files.list(store).isEmpty)
    #expect(try files.list(tree).isEmpty)
  }

  @Test func `without reflinks and hard links symbolic ones are next, and copies last`() throws {
    let (store, tree) = try folders()
    let refused = Locked<Set<String>>(["clone", "link"])
    let recorder = Recorder { call, _ in
      refused.withLock { $0.contains(call) } ? Code.crossDevice : nil
    }
    let support = try LinkProber(files: FileSystem(observer: recorder))
      .probe(store: store, tree: tree)
    #expect(support.kinds == [.symlink, .copy])
    #expect(support.choose(.hardlink) == nil)
    #expect(support.reasons[.hardlink]?.isCrossDevice == true)
    refused.withLock { _ = $0.insert("symlink") }
    #expect(
      try LinkProber(files: FileSystem(observer: recorder)).probe(store: store, tree: tree).kinds
        == [.copy])
  }

  @Test func `one pair of file systems is probed once`() throws {
    let (store, tree) = try folders()
    let recorder = Recorder()
    let prober = LinkProber(files: FileSystem(observer: recorder))
    let first = try prober.probe(store: store, tree: tree)
    #expect(try prober.probe(store: store, tree: tree) == first)
    #expect(recorder.count("symlink") == 1)
  }

  @Test func `a full disk and a missing folder are errors`() throws {
    let (store, tree) = try folders()
    let full = FileSystem(observer: Recorder { call, _ in call == "copy" ? Code.noSpace : nil })
    #expect(throws: TreeError.self) { try LinkProber(files: full).probe(store: store, tree: tree) }
    #expect(try files.list(tree).isEmpty)
    #expect(throws: TreeError.self) {
      try LinkProber().probe(store: store, tree: tree.appending("none"))
    }
  }

  @Test func `an estimate writes nothing and needs no folder`() throws {
    let store = folder.path.appending("no/store")
    #expect(
      try LinkProber().estimate(store: store, tree: folder.path.appending("no/tree")) == .hardlink)
    let shared = try #require(AbsolutePath("/dev/shm/none"))
    #expect(try LinkProber().estimate(store: store, tree: shared) == .symlink)
    #expect(try files.list(folder.path).isEmpty)
  }

  @Test func `fallbacks go down the order`() {
    #expect(LinkKind.hardlink.fallbacks == [.hardlink, .symlink, .copy])
    #expect(LinkKind.copy.fallbacks == [.copy, .symlink])
    #expect(LinkKind.copy.costsBytes && !LinkKind.reflink.costsBytes)
  }
}
