import ContentStore
import Core
import DiskTestSupport
import Glibc
import SystemIO
import Testing
import Tree

/// What a disk does while a file of the user's is adopted.
@Suite struct AdoptingTests {
  private func run(
    _ world: World, _ journal: SwitchJournal, failing code: Int32
  ) throws -> SwitchReport {
    let recorder = Recorder { call, path in
      call == "utimens" && path.hasSuffix("/it") ? code : nil
    }
    return try Switcher(
      state: world.state, objects: world.store, files: FileSystem(observer: recorder)
    ).run(journal)
  }

  @Test(arguments: [EIO, ENOSPC, EDQUOT])
  func `a failure of the disk is no reason to give it up`(code: Int32) throws {
    let world = try World()
    let one = try world.add("one")
    try world.save("it", "one")
    let place = try world.place("it")
    let journal = try world.switcher.prepare(world.journal([.adopt(place, one)]))
    #expect(throws: TreeError.self) { try run(world, journal, failing: code) }
    let report = try world.switcher.run(journal, recovering: true)
    #expect(report.kept.isEmpty)
    #expect(try world.observe("it", one) == .intact(.copy))
  }

  @Test(arguments: [EPERM, EACCES, EROFS])
  func `one that may not be marked is left`(code: Int32) throws {
    let world = try World()
    let one = try world.add("one")
    try world.save("it", "one")
    let journal = try world.switcher.prepare(
      world.journal([.adopt(try world.place("it"), one)]))
    let report = try run(world, journal, failing: code)
    #expect(report.kept.count == 1)
    #expect(report.kept.first?.why.hasPrefix("the file to adopt cannot be marked") == true)
    #expect(try world.text("it") == "one")
  }
}
