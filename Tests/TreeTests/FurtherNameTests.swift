import ContentStore
import Core
import DiskTestSupport
import SystemIO
import Testing
import Tree

/// Hard links that the user makes to what is placed.
@Suite struct FurtherNameTests {
  private func editable(_ world: World, _ digest: Digest, _ action: SwitchStep.Action) throws
    -> SwitchStep
  {
    var step = SwitchStep(action, try world.place("it"), digest: digest, previous: digest)
    step.isEditable = true
    return step
  }

  @Test func `make no copy a name of the object's`() throws {
    let world = try World()
    let one = try world.add("one")
    try world.run([try editable(world, one, .place)])
    let (placed, mine) = (world.root.appending("it"), world.root.appending("mine"))
    try world.files.link(placed, to: mine)
    let observer = TreeObserver(root: world.root, objects: world.store)
    let path = try #require(TreePath("it"))
    #expect(try observer.look(path, expecting: one, isExact: true).state == .intact(.copy))
    try world.run([try editable(world, one, .repair)])
    let (it, other) = (try world.files.status(placed), try world.files.status(mine))
    #expect(try #require(it).isSameFile(as: #require(other)))
  }

  @Test func `leave one that is the object's to be made a file of its own`() throws {
    let world = try World()
    let one = try world.add("one")
    try world.run([.place(try world.place("it"), one)])
    let observer = TreeObserver(root: world.root, objects: world.store)
    let path = try #require(TreePath("it"))
    #expect(try observer.look(path, expecting: one, isExact: true).state == .intact(.hardlink))
    try world.run([try editable(world, one, .repair)])
    #expect(try world.files.status(world.root.appending("it"))?.links == 1)
  }

  @Test func `of one object at many places recovery looks at the object once`() throws {
    let world = try World()
    let one = try world.add("one")
    let steps = try (0..<20).map { SwitchStep.place(try world.place("p\($0)"), one) }
    let journal = try world.switcher.prepare(world.journal(steps))
    let object = world.store.path(of: one).string
    let looks = Locked(0)
    let recorder = Recorder { call, path in
      if call == "stat", path == object { looks.withLock { $0 += 1 } }
      return nil
    }
    _ = try Switcher(
      state: world.state, objects: world.store, files: FileSystem(observer: recorder)
    ).run(journal, recovering: true)
    #expect(looks.withLock { $0 } == 1)
    #expect(try world.names().count == 20)
  }
}
