import ContentStore
import Core
import DiskTestSupport
import SystemIO
import Testing

@Suite struct CollectingTests {
  let folder: TemporaryFolder
  let store: ContentStore
  let files = FileSystem()

  init() throws {
    folder = try TemporaryFolder()
    store = ContentStore(root: folder.path.appending("store"))
    try store.prepare()
  }

  private func add(_ text: String) throws -> (Digest, FileStatus) {
    let file = try folder.write(text, to: "source")
    let digest = ContentHasher.digest(of: Array(text.utf8))
    try store.ingest(file, expecting: digest, by: .copy)
    try store.publish()
    return (digest, try #require(try store.status(of: digest)))
  }

  @Test func `an object goes that is as it was looked at`() throws {
    let (digest, seen) = try add("a")
    #expect(try store.collect(digest, seen: seen))
    #expect(try store.stat(digest) == nil)
    #expect(try !store.collect(digest, seen: seen))
  }

  @Test func `one that a further name leads to stays`() throws {
    let (digest, _) = try add("a")
    try files.link(store.path(of: digest), to: folder.path.appending("placed"))
    let seen = try #require(try store.status(of: digest))
    #expect(try !store.collect(digest, seen: seen))
    #expect(try store.stat(digest) != nil)
  }

  @Test func `one that is another file now, or had another name meanwhile, stays`() throws {
    let (digest, seen) = try add("a")
    let name = folder.path.appending("placed")
    try files.link(store.path(of: digest), to: name)
    try files.unlink(name)
    #expect(try !store.collect(digest, seen: seen))
    let fresh = try #require(try store.status(of: digest))
    try files.unlink(store.path(of: digest))
    _ = try add("a")
    #expect(try !store.collect(digest, seen: fresh))
    #expect(try store.stat(digest) != nil)
  }

  @Test func `what nobody went on with for long goes, and what is whole stays`() throws {
    let old = FileTime(seconds: 1_000, nanoseconds: 0)
    let digests = (1...4).map { ContentHasher.digest(of: [$0]) }
    func write(_ name: String, at time: FileTime?) throws {
      let path = try folder.write("1234", to: "store/partial/\(name)")
      if let time { try files.setModified(path, time) }
    }
    for ending in ["", ".pieces"] { try write(digests[0].hex + ending, at: old) }
    // Somebody went on with the bytes.
    try write(digests[1].hex, at: nil)
    try write(digests[1].hex + ".pieces", at: old)
    try write(digests[2].hex + ".verified", at: old)
    try write(digests[3].hex, at: old)
    try write(TemporaryNames.prefix + "1", at: old)
    try write("note", at: old)
    let found = try store.leftovers(before: 2_000)
    #expect(Set(found.map(\.digest)) == [digests[0], digests[3], nil])
    #expect(found.map(\.bytes).sorted() == [4, 4, 8])
    let file = try files.open(store.partialFolder.appending(digests[3].hex), .update)
    #expect(try file.tryLock())
    let removed = try found.filter { try store.remove($0) }
    #expect(removed.count == 2 && !removed.contains { $0.digest == digests[3] })
    let left = try files.list(store.partialFolder).map(\.displayName)
    #expect(
      Set(left) == [
        digests[1].hex, digests[1].hex + ".pieces", digests[2].hex + ".verified",
        digests[3].hex, "note",
      ])
  }
}
