import ContentStore
import Core
import SystemIO
import Testing
import Tree

/// What civsync placed and leaves a tree, with a time that does not tell what it holds.
@Suite struct `What leaves a tree is read where its time was changed` {
  let world: World

  init() throws { world = try World() }

  private let later = FileTime(seconds: 1_700_000_000, nanoseconds: 5)

  private func touch(_ path: AbsolutePath) throws {
    try FileSystem().setModified(path, later)
  }

  private func isSealed(_ digest: Digest) throws -> Bool {
    try FileSystem().status(world.store.path(of: digest))?.isSealed(as: digest) == true
  }

  @Test(arguments: [LinkKind.hardlink, .copy], [true, false])
  func `it goes, and the object can be relied on again`(link: LinkKind, ofObject: Bool) throws {
    let one = try world.add("one")
    try world.run([.place(world.place("a"), one)], link: link)
    try touch(ofObject ? world.store.path(of: one) : world.root.appending("a"))
    let report = try world.run([.remove(world.place("a"), previous: one)], link: link)
    #expect(report.aside.isEmpty)
    #expect(try world.names().isEmpty)
    #expect(try isSealed(one))
  }

  @Test func `a new version takes its place, and nothing is kept aside`() throws {
    let (old, new) = (try world.add("old"), try world.add("new"))
    try world.run([.place(world.place("a"), old)])
    try touch(world.root.appending("a"))
    let report = try world.run([.replace(world.place("a"), new, previous: old)])
    #expect(report.aside.isEmpty)
    #expect(try world.text("a") == "new")
    #expect(try isSealed(old))
  }

  @Test(arguments: [LinkKind.hardlink, .copy])
  func `other content of the same length goes aside`(link: LinkKind) throws {
    let one = try world.add("one")
    try world.run([.place(world.place("a"), one)], link: link)
    if link == .copy { try world.edit("a", "two") } else { try world.save("a", "two") }
    let report = try world.run([.remove(world.place("a"), previous: one)], link: link)
    #expect(report.aside.map(\.isSurprise) == [true])
    #expect(try world.aside("a") == "two")
  }

  @Test func `the last copy goes aside`() throws {
    let one = try world.add("one")
    try world.run([.place(world.place("a"), one)])
    try touch(world.root.appending("a"))
    try FileSystem().unlink(world.store.path(of: one))
    let report = try world.run([.remove(world.place("a"), previous: one)])
    #expect(report.aside.count == 1)
    #expect(try world.aside("a") == "one")
  }

  @Test func `what was found damaged is not read again`() throws {
    let one = try world.add("one")
    try world.run([.place(world.place("a"), one)], link: .copy)
    let path = world.root.appending("a")
    let sealed = try #require(try FileSystem().status(path)?.modified)
    try FileSystem().setModified(path, sealed.withoutSeal)
    #expect(try world.run([.remove(world.place("a"), previous: one)]).aside.count == 1)
  }
}
