import Core
import DiskTestSupport
import SystemIO
import Testing

/// What an observer of calls is told.
@Suite struct ObserverTests {
  /// Records what changed.
  private final class Changes: SystemCallObserver {
    let wantsEffects = true
    private let seen = Locked<[SystemCallEffect]>([])

    var all: [SystemCallEffect] { seen.withLock { $0 } }
    func willCall(_ call: String, path: String) -> Int32? { nil }
    func didCall(_ effect: SystemCallEffect) { seen.withLock { $0.append(effect) } }
  }

  @Test func `an observer that wants to is told what calls changed`() throws {
    let world = try TemporaryFolder()
    let changes = Changes()
    let files = FileSystem(observer: changes)
    let path = world.path.appending("a")
    let file = try files.open(path, .create)
    let inode = try file.status().inode
    try file.write(Array("hello".utf8)[...], at: 2)
    try file.truncate(to: 4)
    try file.setMode(0o444)
    try file.sync()
    try files.link(path, to: world.path.appending("b"))
    try files.renameNoReplace(path, to: world.path.appending("c"))
    try files.unlink(world.path.appending("b"))
    try files.syncFolder(world.path)
    let base = world.path.string
    #expect(
      changes.all == [
        .made("\(base)/a", inode: inode), .wrote(inode, offset: 2, bytes: Array("hello".utf8)),
        .truncated(inode, size: 4), .setMode(inode, 0o444), .synced(inode),
        .linked("\(base)/a", to: "\(base)/b"), .renamed("\(base)/a", to: "\(base)/c"),
        .unlinked("\(base)/b"), .syncedFolder(base),
      ])
  }

  @Test func `a folder whose names cannot be read is not an empty one`() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("x", to: "x")
    let files = FileSystem(observer: Recorder { call, _ in call == "readdir" ? Code.io : nil })
    #expect(throws: SystemError.self) { try files.list(folder.path) }
    #expect(throws: SystemError.self) { try files.listing(of: folder.path) }
    #expect(try FileSystem().list(folder.path).count == 1)
  }
}
