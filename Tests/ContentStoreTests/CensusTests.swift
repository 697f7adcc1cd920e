import ContentStore
import Core
import DiskTestSupport
import SystemIO
import Testing

@Suite struct CensusTests {
  let folder: TemporaryFolder
  let store: ContentStore
  let files = FileSystem()

  init() throws {
    folder = try TemporaryFolder()
    store = ContentStore(root: folder.path.appending("store"))
    try store.prepare()
  }

  private func add(_ text: String) throws -> Digest {
    let file = try folder.write(text, to: "source")
    let digest = ContentHasher.digest(of: Array(text.utf8))
    try store.ingest(file, expecting: digest, by: .copy)
    try store.publish()
    return digest
  }

  private func found(_ digest: Digest) throws -> FoundObject {
    FoundObject(digest: digest, status: try #require(try store.status(of: digest)))
  }

  @Test func `everything in the store is an object, on its way, set aside, or a stray`() throws {
    let digests = try ["a", "b"].map { try add($0) }
    let shard = "sha256/" + digests[0].hex.prefix(2)
    let other = ContentHasher.digest(of: [9]).hex
    let elsewhere = "sha256/00/" + (other.hasPrefix("00") ? "11" : "") + other
    let strays = [
      "\(shard)/readme", elsewhere, "sha256/zz/\(other)", "sha256/note", "partial/note",
      "partial/\(TemporaryNames.prefix)1", "\(TemporaryNames.prefix)2",
      "\(shard)/\(digests[0].hex.uppercased())", "note",
    ]
    _ = try store.settleIdentity(String(repeating: "a", count: 32))
    for name in strays { _ = try folder.write("xyz", to: "store/" + name) }
    for name in ["", ".pieces", ".pieces.new", ".verified", ".json"] {
      _ = try folder.write("x", to: "store/partial/\(other)\(name)")
    }
    _ = try folder.write("x", to: "store/damaged/\(other)")
    _ = try folder.write("x", to: "store/LOCK")
    let census = try store.census()
    #expect(census.objects == (try digests.sorted().map(found)))
    #expect(census.setAside == 1)
    let named = strays.map { $0.hasPrefix("sha256/zz/") ? "sha256/zz" : $0 }
    #expect(census.strays.map(\.path) == named.sorted())
    #expect(census.strays.filter(\.isTemporary).count == 2)
    #expect(census.strays.first { $0.path == "sha256/note" }?.bytes == 3)
    #expect(census.strays.first { $0.path == "sha256/zz" }?.bytes == nil)
  }

  @Test func `a store that is not there is an empty one`() throws {
    let none = ContentStore(root: folder.path.appending("none"))
    let census = try none.census()
    #expect(census.objects.isEmpty && census.strays.isEmpty && census.setAside == 0)
    #expect(try !none.isThere())
    #expect(try store.isThere())
    _ = try folder.write("civsync-store 9\n", to: "none/VERSION")
    #expect(throws: StoreError.self) { try none.isThere() }
  }

  @Test func `one reader tells sound, damaged, gone and unreadable objects apart`() throws {
    // Longer than the reader's buffer, so that a later, shorter one finds its left-over bytes there.
    let long = try add(String(repeating: "long", count: 600_000))
    let (short, gone, folderName) = (try add("short"), try add("gone"), try add("folder"))
    let all = try [long, short, gone, folderName].map(found)
    try files.unlink(store.path(of: gone))
    var reader = ObjectReader(store)
    #expect(reader.read(all[0]) { false } == .sound(all[0].status))
    #expect(reader.read(all[1]) { false } == .sound(all[1].status))
    #expect(reader.read(all[2]) { false } == .gone)
    #expect(reader.read(all[0]) { true } == .cancelled)
    try files.open(store.path(of: short), .update).write([0x21][...])
    let damaged = try found(short)
    let actual = ContentHasher.digest(of: Array("!hort".utf8))
    #expect(reader.read(damaged) { false } == .damaged(actual: actual, damaged.status))
    try files.unlink(store.path(of: folderName))
    try files.makeFolder(store.path(of: folderName))
    #expect(reader.read(try found(folderName)) { false } == .notAFile)
    let failing = ContentStore(
      root: store.root,
      files: FileSystem(observer: Recorder { call, _ in call == "read" ? Code.io : nil }))
    var second = ObjectReader(failing)
    guard case .unreadable = second.read(all[0], isCancelled: { false }) else {
      Issue.record("what cannot be read passed for something else")
      return
    }
  }

  @Test func `what is found damaged loses its seal, unless somebody wrote to it since`() throws {
    let digest = try add("hello")
    let seen = try found(digest).status
    try store.markDamaged(digest, seen: seen)
    let marked = try found(digest).status
    #expect(!marked.isSealed(as: digest))
    #expect(marked.isMarkedDamaged(as: digest))
    #expect(!seen.isMarkedDamaged(as: digest))
    let other = try add("world")
    let before = try found(other).status
    try files.open(store.path(of: other), .update).write([0x21][...])
    try files.seal(store.path(of: other), as: other)
    try files.setModified(
      store.path(of: other),
      FileTime(seconds: 7, nanoseconds: try found(other).status.modified.nanoseconds))
    try store.markDamaged(other, seen: before)
    #expect(try found(other).status.isSealed(as: other))
  }

  @Test func `a time without nanoseconds loses its seal too`() throws {
    let digest = try add("hello")
    let path = store.path(of: digest)
    try files.setModified(path, FileTime(seconds: digest.sealSeconds, nanoseconds: 0))
    try store.markDamaged(digest, seen: try found(digest).status)
    #expect(try !found(digest).status.isSealed(as: digest))
    #expect(try found(digest).status.isMarkedDamaged(as: digest))
  }
}
