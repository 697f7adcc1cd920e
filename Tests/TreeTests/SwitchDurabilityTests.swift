import Core
import DiskTestSupport
import SystemIO
import Testing
import Tree

/// What a machine that stops could bring back.
@Suite struct SwitchDurabilityTests {
  /// Records what changed.
  private final class Changes: SystemCallObserver {
    let wantsEffects = true
    private let seen = Locked<[SystemCallEffect]>([])

    var all: [SystemCallEffect] { seen.withLock { $0 } }
    func willCall(_ call: String, path: String) -> Int32? { nil }
    func didCall(_ effect: SystemCallEffect) { seen.withLock { $0.append(effect) } }
  }

  @Test func `what recovery removes is gone for good before the journal is`() throws {
    let world = try World()
    let one = try world.add("one")
    let place = try world.place("loras/it")
    try world.run([.place(place, one), .place(try world.place("loras/other"), one)])
    // A run that died between taking the file out of the way and removing it.
    let journal = try world.switcher.prepare(world.journal([.remove(place, previous: one)]))
    let folder = world.root.appending("loras")
    let old = folder.appending(".civsync-old-t1-0")
    try world.files.rename(folder.appending("it"), to: old)
    let changes = Changes()
    _ = try Switcher(
      state: world.state, objects: world.store, files: FileSystem(observer: changes)
    ).run(journal, recovering: true)
    let removed = try #require(changes.all.firstIndex(of: .unlinked(old.string)))
    let synced = changes.all.lastIndex(of: .syncedFolder(folder.string))
    #expect(try #require(synced) > removed)
  }
}
