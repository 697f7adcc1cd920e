import ContentStore
import Core
import DiskTestSupport
import SystemIO
import Testing
import Tree

@Suite struct SwitcherTests {
  let world: World

  init() throws { world = try World() }

  @Test func `files are placed in folders made for them, and go with them`() throws {
    let one = try world.add("one")
    let empty = try world.add("")
    let report = try world.run([
      .place(world.place("a/b/one"), one), .place(world.place("empty"), empty),
    ])
    #expect(
      try report.placed == [world.place("a/b/one"): .hardlink, world.place("empty"): .hardlink])
    #expect(try world.text("a/b/one") == "one")
    #expect(try world.text("empty") == "")
    #expect(
      try OwnFolders.load(in: world.state).places == [world.place("a"), world.place("a/b")])
    let second = try world.run([.remove(world.place("a/b/one"), previous: one)])
    #expect(try second.removed == [world.place("a/b/one")])
    #expect(second.aside.isEmpty)
    #expect(try world.names() == ["empty"])
    #expect(try OwnFolders.load(in: world.state).places.isEmpty)
    #expect(try world.store.verify(one) == .ok(size: 3))
  }

  @Test func `placing one more file in a folder is one more call`() throws {
    let one = try world.add("one")
    func calls(_ folder: String, placing count: Int) throws -> [String] {
      let steps = try (1...count).map {
        try SwitchStep.place(world.place("\(folder)/\($0)"), one)
      }
      let journal = try world.switcher.prepare(world.journal(steps))
      let recorder = Recorder()
      let switcher = Switcher(
        state: world.state, objects: world.store, files: FileSystem(observer: recorder))
      #expect(try switcher.run(journal).placed.count == count)
      return recorder.calls
    }
    // The first run finds no record of folders yet.
    _ = try calls("first/run", placing: 1)
    let few = try calls("a/b", placing: 10)
    let many = try calls("c/d", placing: 50)
    #expect(many.count { $0 == "link" } == 50)
    #expect(many.count == few.count + 40)
  }

  @Test func `removing one more file of a folder is five more calls`() throws {
    let one = try world.add("one")
    func calls(_ folder: String, removing count: Int) throws -> [String] {
      let places = try (1...count).map { try world.place("\(folder)/\($0)") }
      try world.run(places.map { .place($0, one) })
      let journal = try world.switcher.prepare(
        world.journal(places.map { .remove($0, previous: one) }))
      let recorder = Recorder()
      let switcher = Switcher(
        state: world.state, objects: world.store, files: FileSystem(observer: recorder))
      #expect(try switcher.run(journal).removed.count == count)
      return recorder.calls
    }
    let (few, many) = (try calls("a/b", removing: 10), try calls("c/d", removing: 50))
    // Three looks, two of them at the file, its own name away from it, and its end.
    #expect(many.count == few.count + 40 * 5)
    #expect(try world.names().isEmpty)
  }

  @Test func `folders that the user made, or uses, stay`() throws {
    let one = try world.add("one")
    try FileSystem().makeFolder(world.root.appending("mine"))
    try world.run([
      .place(world.place("mine/one"), one), .place(world.place("ours/one"), one),
    ])
    try world.save("ours/note.txt", "x")
    try world.run([
      .remove(world.place("mine/one"), previous: one),
      .remove(world.place("ours/one"), previous: one),
    ])
    #expect(try world.names() == ["mine/", "ours/", "ours/note.txt"])
  }

  @Test(arguments: [LinkKind.hardlink, .symlink, .copy, .reflink])
  func `every kind of link is replaced, moved and removed without a trace`(link: LinkKind) throws {
    let old = try world.add("old")
    let new = try world.add("new!")
    try world.run([.place(world.place("x/a"), old)], link: link)
    try world.run([.replace(world.place("x/a"), new, previous: old)], link: link)
    #expect(try world.text("x/a") == "new!")
    try world.run([.move(from: world.place("x/a"), to: world.place("y/b"), new)], link: link)
    #expect(try world.names() == ["y/", "y/b"])
    guard case .intact = try world.observe("y/b", new) else {
      Issue.record("not intact")
      return
    }
    let report = try world.run([.remove(world.place("y/b"), previous: new)], link: link)
    #expect(report.aside.isEmpty)
    #expect(try world.names().isEmpty)
    #expect(try world.store.digests().count == 2)
  }

  @Test func `placed copies are read-only and keep names of 255 bytes`() throws {
    let one = try world.add("one")
    let name = String(repeating: "ü", count: 127) + "x"
    try world.run([.place(world.place(name), one)], link: .copy)
    let status = try #require(try FileSystem().status(world.root.appending(name)))
    #expect(status.mode == 0o444)
    #expect(status.links == 1)
    try world.save(name, "mine")
    try world.run([.repair(world.place(name), one)], link: .copy)
    #expect(try world.aside(name) == "mine")
  }

  @Test func `a link kind that fails for one file gives way to the next`() throws {
    let one = try world.add("one")
    let recorder = Recorder { call, path in
      call == "link" && path.contains("/m/") ? Code.crossDevice : nil
    }
    let switcher = Switcher(
      state: world.state, objects: world.store, files: FileSystem(observer: recorder))
    let journal = try switcher.prepare(
      world.journal([.place(world.place("m/one"), one), .place(world.place("one"), one)]))
    let report = try switcher.run(journal)
    #expect(try report.placed == [world.place("m/one"): .symlink, world.place("one"): .hardlink])
  }

  @Test func `what the user changed goes aside before anything happens to it`() throws {
    let one = try world.add("one")
    let two = try world.add("two")
    let names = ["replaced", "removed", "repaired", "moved"]
    try world.run(names.map { .place(try world.place($0), one) }, link: .copy)
    for name in names { try world.save(name, "mine: " + name) }
    let report = try world.run(
      [
        .replace(world.place("replaced"), two, previous: one, knownModified: true),
        .remove(world.place("removed"), previous: one),
        .repair(world.place("repaired"), one),
        .move(from: world.place("moved"), to: world.place("here"), one),
      ], link: .copy)
    for name in names { #expect(try world.aside(name) == "mine: " + name) }
    #expect(report.aside.map(\.place.path.string) == names)
    #expect(report.aside.map(\.isSurprise) == [false, true, true, true])
    #expect(report.kept.isEmpty)
    #expect(try world.names() == ["here", "repaired", "replaced"])
    #expect(try world.text("replaced") == "two")
    #expect(try world.text("here") == "one")
  }

  @Test func `aside never overwrites`() throws {
    let one = try world.add("one")
    for number in 1...3 {
      try world.save("a", "mine \(number)")
      try world.run([.repair(world.place("a"), one)])
    }
    #expect(try world.aside("a") == "mine 1")
    #expect(try world.aside("a-2") == "mine 2")
    #expect(try world.aside("a-3") == "mine 3")
  }

  @Test func `aside works across file systems`() throws {
    let one = try world.add("one")
    try world.save("a", "mine")
    try FileSystem().symlink("/user/target", at: world.root.appending("b"))
    try FileSystem().makeFolder(world.root.appending("c"))
    let shared = try TemporaryFolder(in: "/dev/shm")
    let device = try FileSystem().status(shared.path)?.device
    try #require(try device != FileSystem().status(world.root)?.device)
    let switcher = Switcher(
      state: shared.path, objects: world.store)
    let report = try switcher.run(
      switcher.prepare(
        world.journal([
          .repair(world.place("a"), one), .repair(world.place("b"), one),
          .repair(world.place("c"), one), .aside(world.place("c")),
        ])))
    #expect(try shared.text("aside/when/main/a") == "mine")
    #expect(
      try FileSystem().readLink(shared.path.appending("aside/when/main/b")) == "/user/target")
    #expect(report.aside.count == 2)
    #expect(report.kept.count == 2)
    #expect(try world.names() == ["a", "b", "c/"])
  }

  @Test func `a foreign newcomer is kept and the step refused`() throws {
    let one = try world.add("one")
    let two = try world.add("two")
    try world.run([.place(world.place("from"), two)])
    try world.save("a", "foreign")
    try FileSystem().makeFolder(world.root.appending("folder"))
    try FileSystem().symlink("nowhere", at: world.root.appending("link"))
    let before = try FileSystem().status(world.root.appending("a"))
    let report = try world.run([
      .place(world.place("a"), one), .place(world.place("folder"), one),
      .place(world.place("link"), one),
      .move(from: world.place("from"), to: world.place("a"), two),
      .replace(world.place("a"), one, previous: two, from: world.place("from")),
    ])
    #expect(report.kept.count == 5)
    #expect(report.aside.isEmpty)
    #expect(try FileSystem().status(world.root.appending("a")) == before)
    #expect(try world.names() == ["a", "folder/", "from", "link"])
    #expect(try world.text("from") == "two")
  }

  @Test func `a newcomer in the last moment is kept too`() throws {
    let one = try world.add("one")
    let root = world.root
    let folder = world.folder
    let recorder = Recorder { call, path in
      if call == "link", path.hasPrefix(root.string) {
        _ = try? folder.write("foreign", to: "tree/a")
      }
      return nil
    }
    let switcher = Switcher(
      state: world.state, objects: world.store, files: FileSystem(observer: recorder))
    let report = try switcher.run(
      switcher.prepare(world.journal([.place(world.place("a"), one)])))
    #expect(report.kept.count == 1)
    #expect(try world.names() == ["a"])
    #expect(try world.text("a") == "foreign")
  }

  @Test func `a way that leads out of the tree is not taken`() throws {
    let one = try world.add("one")
    let outside = world.folder.path.appending("outside")
    try FileSystem().makeFolder(outside)
    _ = try world.folder.write("theirs", to: "outside/b")
    try FileSystem().symlink(outside.string, at: world.root.appending("out"))
    try world.save("file", "x")
    let report = try world.run([
      .place(world.place("out/a"), one), .remove(world.place("out/b"), previous: one),
      .place(world.place("file/a"), one), .remove(world.place("none/b"), previous: one),
    ])
    #expect(report.kept.count == 3)
    #expect(try report.removed == [world.place("none/b")])
    #expect(try FileSystem().list(outside).compactMap(\.name) == ["b"])
  }

  @Test func `a folder in a placed file's stead goes aside for a repair, and stays for a removal`()
    throws
  {
    let one = try world.add("one")
    try world.save("a/inner", "mine")
    try world.save("b/inner", "mine")
    let report = try world.run([
      .repair(world.place("a"), one), .remove(world.place("b"), previous: one),
    ])
    #expect(try world.aside("a/inner") == "mine")
    #expect(try world.text("a") == "one")
    #expect(try world.text("b/inner") == "mine")
    #expect(report.kept.count == 1)
  }

  @Test func `without an exchange the old goes first and nothing else differs`() throws {
    let one = try world.add("one")
    let two = try world.add("two")
    try world.run([.place(world.place("a"), one)])
    try world.save("b", "mine")
    let recorder = Recorder { call, _ in call == "exchange" ? Code.invalid : nil }
    let switcher = Switcher(
      state: world.state, objects: world.store, files: FileSystem(observer: recorder))
    _ = try switcher.run(
      switcher.prepare(
        world.journal([
          .replace(world.place("a"), two, previous: one), .repair(world.place("b"), two),
        ])))
    #expect(try world.names() == ["a", "b"])
    #expect(try world.text("a") == "two")
    #expect(try world.aside("b") == "mine")
  }

  @Test func `a placed file that is the last copy is not thrown away`() throws {
    let one = try world.add("one")
    try world.run([.place(world.place("a"), one)])
    try FileSystem().unlink(world.store.path(of: one))
    let report = try world.run([.remove(world.place("a"), previous: one)])
    #expect(report.aside.count == 1)
    #expect(try world.aside("a") == "one")
  }

  @Test func `links into a store that stood elsewhere are replaced without ado`() throws {
    let one = try world.add("one")
    let old = "/old/store/sha256/\(one.hex.prefix(2))/\(one.hex)"
    try FileSystem().symlink(old, at: world.root.appending("a"))
    #expect(try world.observe("a", one) == .modified(.wrongLink(target: old)))
    let report = try world.run([.repair(world.place("a"), one)], link: .symlink)
    #expect(report.aside.isEmpty)
    #expect(try world.observe("a", one) == .intact(.symlink))
  }
}
