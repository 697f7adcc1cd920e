import ContentStore
import Core
import DiskTestSupport
import Glibc
import SystemIO
import Testing
import Tree

@Suite struct TreeObserverTests {
  let world: World
  let digest: Digest

  init() throws {
    world = try World()
    digest = try world.add("hello")
  }

  @Test(arguments: [
    (LinkKind.hardlink, LinkKind.hardlink), (.symlink, .symlink), (.copy, .copy),
  ])
  func `what was placed is intact by a look alone`(link: LinkKind, seen: LinkKind) throws {
    try world.run([.place(world.place("loras/a"), digest)], link: link)
    #expect(try world.observe("loras/a", digest, size: 5) == .intact(seen))
    #expect(try world.observe("loras/a", digest) == .intact(seen))
  }

  @Test func `an edit in place is seen, and whether the object has it too`() throws {
    try world.run([.place(world.place("copy"), digest)], link: .copy)
    try world.edit("copy", "Hello")
    #expect(try world.observe("copy", digest) == .modified(.contentChanged(size: 5)))

    try world.run([.place(world.place("link"), digest)])
    try world.run([.place(world.place("symlink"), digest)], link: .symlink)
    try world.edit("link", "Hello, world")
    #expect(try world.observe("link", digest) == .modified(.objectChanged(size: 12)))
    #expect(try world.observe("symlink", digest) == .modified(.objectChanged(size: 12)))
    try FileSystem().unlink(world.store.path(of: digest))
    #expect(try world.observe("symlink", digest) == .modified(.danglingLink))
    #expect(try world.observe("link", digest) == .modified(.contentChanged(size: 12)))
  }

  @Test func `something else in a placed file's stead is seen`() throws {
    let files = FileSystem()
    try files.symlink("/elsewhere", at: world.root.appending("link"))
    #expect(
      try world.observe("link", digest) == .modified(.wrongLink(target: "/elsewhere")))
    try files.makeFolder(world.root.appending("folder"))
    #expect(try world.observe("folder", digest) == .modified(.replaced(.folder)))
    try world.save("file", "other")
    #expect(try world.observe("file", digest) == .modified(.contentChanged(size: 5)))
    #expect(try world.observe("none", digest) == .absent)
    #expect(try world.observe("none/deep", digest) == .absent)
  }

  @Test func `what civsync did not place is foreign`() throws {
    let files = FileSystem()
    try world.save("file", "other")
    try files.makeFolder(world.root.appending("folder"))
    try files.symlink("/elsewhere", at: world.root.appending("link"))
    let made = unsafe mkfifo(world.root.appending("pipe").string, 0o600)
    #expect(made == 0)
    let expected: [(String, ObservedState)] = [
      ("file", .foreign(.file(size: 5))), ("folder", .foreign(.folder)),
      ("link", .foreign(.symlink(target: "/elsewhere"))), ("pipe", .foreign(.other)),
      ("none", .absent),
    ]
    for (path, state) in expected {
      #expect(try world.observe(path, nil) == state)
      #expect(try world.observe(path, digest, placedBefore: false) == state)
    }
  }

  @Test func `a way through a file or a link is blocked`() throws {
    try world.save("file", "x")
    try FileSystem().symlink("/tmp", at: world.root.appending("out"))
    let file = try #require(TreePath("file"))
    let out = try #require(TreePath("out"))
    #expect(try world.observe("file/a/b", digest) == .blocked(.file(file)))
    #expect(try world.observe("out/a", digest) == .blocked(.symlink(out, target: "/tmp")))
    #expect(
      ParentProblem.symlink(out, target: "/tmp").description
        == "`out` is a symbolic link to `/tmp`, which civsync does not follow; "
        + "put the folder back, or make what it leads to a tree of its own with `trees`, or a "
        + "collection's `root`")
    #expect(ParentProblem.file(file).description == "`file` is not a folder; move it away")
  }

  @Test func `a root that is a link to a folder is fine, and a missing one is empty`() throws {
    let link = world.folder.path.appending("linked-root")
    try FileSystem().symlink(world.root.string, at: link)
    try world.save("a", "x")
    let path = try #require(TreePath("a"))
    #expect(
      try TreeObserver(root: link, objects: world.store).observe(path, expecting: nil)
        == .foreign(.file(size: 1)))
    #expect(
      try TreeObserver(root: link.appending("none"), objects: world.store)
        .observe(path, expecting: nil) == .absent)
  }

  @Test func `the content of a file in the way is read off the pool`() async throws {
    try world.save("a/file", "hello")
    let observer = TreeObserver(root: world.root, objects: world.store)
    let executor = BlockingExecutor(label: "test", width: 1)
    let path = try #require(TreePath("a/file"))
    #expect(try await observer.hash(path, on: executor)?.digest == digest)
    #expect(try await observer.hash(#require(TreePath("a")), on: executor) == nil)
    #expect(try observer.contentDigest(#require(TreePath("a/file/x"))) == nil)
    let cancelled = Task {
      unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
      return try await observer.hash(path, on: executor)
    }
    #expect(try await cancelled.value == nil)
  }

  @Test func `an error of the system is passed on`() async throws {
    try world.save("file", "x")
    let observer = TreeObserver(
      root: world.root, objects: world.store,
      files: FileSystem(observer: Recorder { call, _ in call == "read" ? Code.io : nil }))
    let path = try #require(TreePath("file"))
    await #expect(throws: TreeError.self) {
      try await observer.hash(path, on: BlockingExecutor(label: "test", width: 1))
    }
  }

  @Test func `every reason reads well`() {
    let reasons: [ModificationReason] = [
      .contentChanged(size: 1), .objectChanged(size: 1), .wrongLink(target: "/x"), .danglingLink,
      .replaced(.folder), .replaced(.other),
    ]
    #expect(Set(reasons.map(\.description)).count == reasons.count)
  }
}
