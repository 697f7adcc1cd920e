import ContentStore
import Core
import DiskTestSupport
import FoundationEssentials
import SystemIO
import Testing
import Tree

@Suite struct CompanionStepTests {
  private func step(
    _ action: SwitchStep.Action, _ world: World, _ path: String, _ digest: Digest? = nil,
    from: String? = nil, previous: Digest? = nil, beside: String = "file"
  ) throws -> SwitchStep {
    SwitchStep(
      action, try world.place(path), digest: digest, from: try from.map(world.place),
      previous: previous, knownModified: true, beside: try world.place(beside).path)
  }

  /// A tree with something for every step to do.
  private func setUp() throws -> (World, [SwitchStep]) {
    let shared = try FileSystem().status(#require(AbsolutePath("/dev/shm")))
    let world = try World(in: shared?.kind == .folder ? "/dev/shm" : "/tmp")
    let one = try world.add("one")
    let two = try world.add("two")
    try world.run(
      ["gone/it", "old/moves", "old/edited", "replaced", "replaced edited", "removed edited"].map {
        try step(.place, world, $0, one)
      })
    for path in ["old/edited", "replaced edited", "removed edited"] {
      try world.edit(path, "mine: \(path)")
    }
    try world.save("foreign", "not civsync's")
    let steps = try [
      step(.remove, world, "gone/it", previous: one),
      step(.remove, world, "removed edited", previous: one),
      step(.move, world, "new/moves", from: "old/moves", previous: one),
      step(.move, world, "new/edited", from: "old/edited", previous: one),
      step(.replace, world, "replaced", two, previous: one),
      step(.replace, world, "replaced edited", two, previous: one),
      step(.place, world, "made", two),
      step(.place, world, "foreign", two),
    ]
    return (world, steps)
  }

  private func expectFinished(_ world: World, _ report: SwitchReport, _ note: Comment) throws {
    #expect(
      try world.names() == [
        "foreign", "made", "new/", "new/edited", "new/moves", "replaced", "replaced edited",
      ], note)
    #expect(try world.text("new/moves") == "one", note)
    #expect(try world.text("new/edited") == "mine: old/edited", note)
    #expect(try world.text("replaced") == "two", note)
    #expect(try world.text("replaced edited") == "two", note)
    #expect(try world.text("made") == "two", note)
    #expect(try world.text("foreign") == "not civsync's", note)
    #expect(try world.aside("removed edited") == "mine: removed edited", note)
    #expect(try world.aside("replaced edited") == "mine: replaced edited", note)
    #expect(report.kept.isEmpty, note)
    #expect(
      Set(report.aside.map(\.place.path.string)) == ["removed edited", "replaced edited"], note)
  }

  @Test func `companions are copies that can be written to, whatever the tree's links`() throws {
    let (world, steps) = try setUp()
    let report = try world.run(steps, link: .symlink)
    try expectFinished(world, report, "whole")
    let status = try #require(try world.files.status(world.root.appending("made")))
    #expect(status.kind == .file && status.links == 1 && status.mode == 0o644)
    let two = try world.add("two")
    #expect(try world.observe("made", two) == .intact(.copy))
    try world.edit("made", "TWO")
    #expect(try world.store.verify(two) == .ok(size: 3))
  }

  @Test func `a switch that dies at any call is carried through by the next run`() throws {
    var budget = 0
    var died = true
    while died {
      let (world, steps) = try setUp()
      let journal = try world.switcher.prepare(world.journal(steps))
      try journal.save(in: world.state)
      let dying = Switcher(
        state: world.state, objects: world.store,
        files: FileSystem(observer: Recorder(dyingAfter: budget)))
      do {
        _ = try dying.run(journal)
        died = false
      } catch {
        // As a kill would, the fault ends the run in the middle.
      }
      let saved = try #require(try SwitchJournal.load(in: world.state))
      #expect(saved == journal)
      let report = try world.switcher.run(saved, recovering: true)
      try expectFinished(world, report, "died after \(budget) calls")
      budget += 1
    }
    #expect(budget > 50)
  }

  @Test func `nothing goes along with a file whose place was refused`() throws {
    let world = try World()
    let one = try world.add("one")
    try world.save("file", "appeared meanwhile")
    let report = try world.run([
      .place(world.place("file"), one), step(.place, world, "file.json", one),
    ])
    #expect(report.kept.count == 1)
    #expect(try world.names() == ["file"])
  }

  @Test func `a companion whose target is taken meanwhile goes aside when it was edited`() throws {
    let world = try World()
    let one = try world.add("one")
    try world.run([step(.place, world, "a", one), step(.place, world, "b", one)])
    try world.edit("a", "mine")
    try world.save("c", "taken")
    try world.save("d", "taken too")
    let report = try world.run([
      step(.move, world, "c", from: "a", previous: one),
      step(.move, world, "d", from: "b", previous: one),
    ])
    #expect(try world.names() == ["c", "d"])
    #expect(try world.text("c") == "taken" && world.aside("a") == "mine")
    #expect(report.aside.count == 1 && report.kept.isEmpty)
  }

  @Test func `a journal of before there were companions is read as it was meant`() throws {
    let world = try World()
    let one = try world.add("one")
    let journal = """
      {"version":1,"transaction":"t-1","commit":"c","project":"p","started":"now","aside":"when",
      "trees":{"main":{"root":"\(world.root)","link":"hardlink"}},"creating":{},"steps":[
      {"action":"place","tree":"main","path":"file","digest":"\(one.hex)"}]}
      """
    _ = try world.folder.write(journal, to: "state/journal/switch.json")
    let loaded = try #require(try SwitchJournal.load(in: world.state))
    #expect(loaded.steps == [.place(try world.place("file"), one)])
    _ = try world.switcher.run(loaded, recovering: true)
    #expect(try world.files.status(world.root.appending("file"))?.links == 2)
  }
}
