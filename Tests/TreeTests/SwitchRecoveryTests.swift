import ContentStore
import Core
import DiskTestSupport
import SystemIO
import Testing
import Tree

@Suite struct SwitchRecoveryTests {
  /// A tree with something for every step to do.
  private func setUp() throws -> (World, [SwitchStep]) {
    // Hundreds of these are made: in memory, where there is such a file system, no disk waits.
    let shared = try FileSystem().status(#require(AbsolutePath("/dev/shm")))
    let world = try World(in: shared?.kind == .folder ? "/dev/shm" : "/tmp")
    let one = try world.add("one")
    let two = try world.add("two")
    try world.run(
      ["replace", "remove/it", "move", "changed", "twice/from"].map {
        .place(try world.place($0), one)
      }, link: .copy)
    try world.save("changed", "mine")
    try world.save("adopt", "two")
    try world.save("aside", "also mine")
    let steps: [SwitchStep] = try [
      .place(world.place("new/deep/file"), two),
      .adopt(world.place("adopt"), two),
      .aside(world.place("aside")),
      .move(from: world.place("move"), to: world.place("moved/here"), one),
      .replace(world.place("replace"), two, previous: one),
      .replace(world.place("twice/to"), two, previous: one, from: world.place("twice/from")),
      .repair(world.place("changed"), one),
      .remove(world.place("remove/it"), previous: one),
    ]
    return (world, steps)
  }

  private func expectFinished(_ world: World, _ report: SwitchReport, _ note: Comment) throws {
    #expect(
      try world.names() == [
        "adopt", "changed", "moved/", "moved/here", "new/", "new/deep/", "new/deep/file",
        "replace", "twice/", "twice/to",
      ], note)
    #expect(try world.text("new/deep/file") == "two", note)
    #expect(try world.text("replace") == "two", note)
    #expect(try world.text("moved/here") == "one", note)
    #expect(try world.text("changed") == "one", note)
    #expect(try world.aside("changed") == "mine", note)
    #expect(try world.aside("aside") == "also mine", note)
    #expect(try world.folder.text("state/aside/when/main/changed-2") == nil, note)
    #expect(report.kept.isEmpty, note)
    #expect(Set(report.aside.map(\.place.path.string)) == ["aside", "changed"], note)
    let own = try OwnFolders.load(in: world.state).places.map(\.path.string).sorted()
    #expect(own == ["moved", "new", "new/deep", "twice"], note)
    let stored = try world.store.digests()
    #expect(stored.count == 2, note)
    for digest in stored { #expect(try world.store.verify(digest) == .ok(size: 3), note) }
  }

  @Test(arguments: [LinkKind.hardlink, .symlink, .copy])
  func `a switch that dies at any call is carried through by the next run`(link: LinkKind) throws {
    var budget = 0
    var died = true
    while died {
      let (world, steps) = try setUp()
      let journal = try world.switcher.prepare(world.journal(steps, link: link))
      try journal.save(in: world.state)
      let recorder = Recorder(dyingAfter: budget)
      let dying = Switcher(
        state: world.state, objects: world.store, files: FileSystem(observer: recorder))
      do {
        _ = try dying.run(journal)
        died = false
      } catch {
        // As a kill would, the fault ends the run in the middle.
      }
      let saved = try #require(try SwitchJournal.load(in: world.state))
      #expect(saved == journal)
      let report = try world.switcher.run(saved, recovering: true)
      try expectFinished(world, report, "died after \(budget) calls, \(link)")
      budget += 1
    }
    #expect(budget > 100)
  }

  @Test func `doing all steps twice is doing them once`() throws {
    let (world, steps) = try setUp()
    let journal = try world.switcher.prepare(world.journal(steps))
    var report = try world.switcher.run(journal)
    try expectFinished(world, report, "first")
    report = try world.switcher.run(journal, recovering: true)
    try expectFinished(world, report, "second")
  }

  @Test func `a prefix of the steps and then all of them gives the same`() throws {
    let count = try setUp().1.count
    for length in 0...count {
      let (world, steps) = try setUp()
      let journal = try world.switcher.prepare(world.journal(steps))
      var prefix = journal
      prefix.steps = Array(steps.prefix(length))
      _ = try world.switcher.run(prefix)
      let report = try world.switcher.run(journal, recovering: true)
      try expectFinished(world, report, "prefix of \(length)")
    }
  }

  @Test func `nothing begins when an object, a tree or a marker is missing`() throws {
    let (world, steps) = try setUp()
    let missing = ContentHasher.digest(of: [9])
    let before = try world.names()
    #expect(throws: TreeError.objectsMissing([missing])) {
      try world.switcher.prepare(world.journal(steps + [.place(world.place("z"), missing)]))
    }
    let elsewhere = Place(tree: TreeName("other"), path: try #require(TreePath("a")))
    #expect(throws: TreeError.unknownTree(TreeName("other"))) {
      try world.switcher.prepare(world.journal([.aside(elsewhere)]))
    }
    let journal = try world.switcher.prepare(world.journal(steps))
    try FileSystem().unlink(world.root.appending(TreeRoot.markerName))
    let error = #expect(throws: TreeError.self) { try world.switcher.run(journal) }
    #expect(error == .rootNotOurs(.main, world.root, .gone(folderIsThere: true)))
    #expect(try world.names() == before)
  }

  @Test func `an adopted file that is gone or other is kept and reported`() throws {
    let world = try World()
    let one = try world.add("one")
    try world.save("b", "other")
    try world.save("d", "one")
    let report = try world.run([
      .adopt(world.place("a"), one), .adopt(world.place("b"), one),
      .adopt(world.place("c/c"), one), .adopt(world.place("d"), one),
      .aside(world.place("none")), .aside(world.place("no/folder")),
    ])
    #expect(report.kept.map(\.step.place.path.string) == ["a", "b", "c/c"])
    #expect(try world.observe("d", one) == .intact(.copy))
    #expect(try world.text("b") == "other")

    try world.save("e", "one")
    let recorder = Recorder { call, _ in call == "utimens" ? Code.notPermitted : nil }
    let switcher = Switcher(
      state: world.state, objects: world.store, files: FileSystem(observer: recorder))
    let refused = try switcher.run(world.journal([.adopt(world.place("e"), one)]))
    #expect(refused.kept.first?.why.hasPrefix("the file to adopt cannot be marked: ") == true)
  }

  @Test func `a full disk stops the switch and leaves no half file`() throws {
    let world = try World()
    let one = try world.add("one")
    let recorder = Recorder { call, _ in call == "copy" ? Code.noSpace : nil }
    let switcher = Switcher(
      state: world.state, objects: world.store, files: FileSystem(observer: recorder))
    #expect(throws: TreeError.self) {
      try switcher.run(world.journal([.place(world.place("a"), one)], link: .copy))
    }
    #expect(try world.names().isEmpty)
  }
}

@Suite struct SwitchJournalTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `a journal comes back as it was, and is cleared`() throws {
    let digest = ContentHasher.digest(of: [1])
    let place = Place(tree: .main, path: try #require(TreePath("a/b")))
    let other = Place(tree: TreeName("two"), path: try #require(TreePath("c")))
    let journal = SwitchJournal(
      transaction: "t", commit: "c", project: "p", started: "s", asideName: "w",
      trees: [.main: .init(root: folder.path, link: .symlink)],
      steps: [
        .place(place, digest), .replace(place, digest, previous: digest, from: other),
        .repair(place, digest, knownModified: true), .move(from: other, to: place, digest),
        .remove(other, previous: digest), .adopt(place, digest), .aside(place),
      ], creating: [place, other])
    #expect(try SwitchJournal.load(in: folder.path) == nil)
    try SwitchJournal.clear(in: folder.path)
    try journal.save(in: folder.path)
    #expect(try SwitchJournal.load(in: folder.path) == journal)
    try SwitchJournal.clear(in: folder.path)
    #expect(try SwitchJournal.load(in: folder.path) == nil)
  }

  @Test func `a journal says only where it is so that manifests are put back`() throws {
    let folder = try TemporaryFolder()
    var journal = SwitchJournal(
      transaction: "t", commit: "c", project: "p", started: "now", asideName: "when", trees: [:],
      steps: [])
    let path = folder.path.appending("journal", "switch.json")
    func text() throws -> String {
      String(decoding: try #require(try FileSystem().read(path)), as: UTF8.self)
    }
    try journal.save(in: folder.path)
    #expect(!(try text()).contains("manifests"))
    journal.restoresManifests = true
    try journal.save(in: folder.path)
    #expect(try text().contains(#""manifests" : true"#))
    #expect(try SwitchJournal.load(in: folder.path)?.restoresManifests == true)
  }

  @Test(arguments: [
    ("{", "it is not the JSON that civsync writes"),
    (#"{"version":7}"#, "it has version 7, not 1"),
    (#"{"version":1}"#, "it is not what civsync writes there"),
  ])
  func `a journal that cannot be read is an error that says so`(text: String, why: String) throws {
    let path = try folder.write(text, to: "journal/switch.json")
    #expect(throws: TreeError.unreadable(path, why: why)) {
      try SwitchJournal.load(in: folder.path)
    }
  }

  @Test(arguments: [
    #""path":"../a""#, #""path":"a","digest":"zz""#, #""path":"a","fromPath":"""#,
  ])
  func `a step that makes no sense is not run`(fields: String) throws {
    let text =
      #"{"version":1,"transaction":"t","commit":"c","project":"p","started":"s","aside":"w","#
      + #""trees":{},"creating":{},"steps":[{"action":"place","tree":"main",\#(fields)}]}"#
    _ = try folder.write(text, to: "journal/switch.json")
    #expect(throws: TreeError.self) { try SwitchJournal.load(in: folder.path) }
  }

  @Test func `unreadable records of own folders are as good as none`() throws {
    _ = try folder.write("{", to: "folders.json")
    #expect(try OwnFolders.load(in: folder.path).places.isEmpty)
  }

  @Test func `errors name what is missing`() {
    let digests = (0..<5).map { ContentHasher.digest(of: [$0]) }
    let text = TreeError.objectsMissing(digests).description
    #expect(text.contains("and 2 more"))
    #expect(TreeError.unknownTree(.main).description.contains("`main`"))
    #expect(TreeError.unreadable(folder.path, why: "why").description.contains("why; use"))
    #expect(
      TreeError.system(SystemError(call: "open", path: "/x", code: 13)).description
        .hasPrefix("cannot open `/x`: permission denied (EACCES)"))
  }
}
