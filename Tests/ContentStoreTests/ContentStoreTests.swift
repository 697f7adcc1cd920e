import ContentStore
import Core
import DiskTestSupport
import SystemIO
import Testing

@Suite struct ContentStoreTests {
  let folder: TemporaryFolder
  let store: ContentStore
  let files = FileSystem()

  init() throws {
    folder = try TemporaryFolder()
    store = ContentStore(root: folder.path.appending("store"))
    try store.prepare()
  }

  @discardableResult
  private func add(_ text: String, to store: ContentStore? = nil) throws -> Digest {
    let store = store ?? self.store
    let bytes = Array(text.utf8)
    let writer = try store.writer(for: ContentHasher.digest(of: bytes), length: nil)
    if !writer.isComplete {
      try writer.start(keeping: false, validator: nil, total: nil)
      try writer.append(bytes[...])
      try writer.finish()
    }
    return writer.digest
  }

  private func damage(_ digest: Digest) throws {
    try files.open(store.path(of: digest), .update).write([0x21][...])
  }

  @Test func `preparing twice is preparing once`() throws {
    try store.prepare()
    #expect(try folder.text("store/VERSION") == "civsync-store 1\n")
    #expect(
      try files.list(store.root).compactMap(\.name) == [
        "VERSION", "damaged", "partial", "roots", "sha256",
      ])
    #expect(try store.freeSpace().total > .zero)
  }

  @Test func `the names tell which objects there are, and which files they are`() throws {
    let wanted = try ["a", "b", "c"].map { try add($0) }
    try store.publish()
    // Neither of them is an object's name.
    let shard = "store/sha256/" + wanted[0].hex.prefix(2)
    _ = try folder.write("x", to: "\(shard)/readme")
    _ = try folder.write("x", to: "store/sha256/zz/" + wanted[0].hex)
    var found: [Digest: UInt64] = [:]
    try store.forEachName { digest, _, inode in found[digest] = inode }
    #expect(Set(found.keys) == Set(wanted))
    for digest in wanted { #expect(found[digest] == (try store.status(of: digest)?.inode)) }
    let empty = ContentStore(root: folder.path.appending("none"))
    try empty.forEachName { _, _, _ in Issue.record("there is no store") }
  }

  @Test func `a store of another version is refused untouched`() throws {
    _ = try folder.write("civsync-store 9\nmore", to: "other/VERSION")
    let other = ContentStore(root: folder.path.appending("other"))
    let error = #expect(throws: StoreError.self) { try other.prepare() }
    #expect(error == .unknownVersion(found: "civsync-store 9", path: other.root))
    #expect(
      error?.description.hasSuffix(
        "has the format `civsync-store 9`, which this civsync does not know; "
          + "use the civsync that made it, or name another folder as `store:`") == true)
    #expect(try files.list(other.root).count == 1)
  }

  @Test func `a file where the store should be is refused`() throws {
    let file = try folder.write("x", to: "file")
    #expect(throws: StoreError.self) { try ContentStore(root: file).prepare() }
  }

  @Test func `few objects are synced by file, many by file system, before they are seen`() throws {
    for (count, call) in [(3, "fsync"), (12, "syncfs")] {
      let recorder = Recorder()
      let store = ContentStore(root: self.store.root, files: FileSystem(observer: recorder))
      for number in 0..<count { try add("\(count)-\(number)", to: store) }
      let before = recorder.calls.count
      #expect(try store.publish().count == count)
      let calls = recorder.calls.dropFirst(before)
      #expect(calls.contains("syncfs") == (call == "syncfs"))
      let firstRename = try #require(calls.firstIndex(of: "rename"))
      let firstSync = try #require(calls.firstIndex(of: call))
      #expect(firstSync < firstRename)
      #expect(calls.last == "fsync")
    }
  }

  @Test func `publishing that dies anywhere is finished by the next process`() throws {
    var died = true
    var budget = 0
    while died {
      let root = folder.path.appending("dying-\(budget)")
      let store = ContentStore(root: root)
      try store.prepare()
      let recorder = Recorder(dyingAfter: budget)
      let dying = ContentStore(root: root, files: FileSystem(observer: recorder))
      do {
        try add("one", to: dying)
        try add("two", to: dying)
        try dying.publish()
        died = false
      } catch is StoreError {
        budget += 1
      }
      let next = ContentStore(root: root)
      let digests = try [add("one", to: next), add("two", to: next)]
      try next.publish()
      for digest in digests { #expect(try next.verify(digest) == .ok(size: 3)) }
      #expect(try next.partials().isEmpty)
    }
    #expect(budget > 20)
  }

  @Test func `verifying finds damage, and the damaged object is kept beside the store`() throws {
    let digest = try add("hello")
    try store.publish()
    #expect(try store.removeIfDamaged(digest) == .ok(size: 5))
    try damage(digest)
    let actual = ContentHasher.digest(of: Array("!ello".utf8))
    #expect(try store.verify(digest) == .damaged(actual: actual, size: 5))
    #expect(try store.stat(digest)?.isSealed == false)
    #expect(try store.removeIfDamaged(digest) == .damaged(actual: actual, size: 5))
    #expect(try store.verify(digest) == .missing)
    #expect(try folder.text("store/damaged/\(digest.hex)") == "!ello")

    // The same object damaged again does not overwrite the first one.
    try add("hello")
    try store.publish()
    try damage(digest)
    try store.removeIfDamaged(digest)
    #expect(try files.list(store.root.appending("damaged")).count == 2)
  }

  @Test func `a writer replaces a damaged object`() throws {
    let digest = try add("hello")
    try store.publish()
    try damage(digest)
    #expect(try !store.writer(for: digest, length: 5).isComplete)
    try add("hello")
    try store.publish()
    #expect(try store.verify(digest) == .ok(size: 5))
    #expect(try files.list(store.root.appending("damaged")).count == 1)
  }

  @Test func `a sound object whose time was touched is sealed again`() throws {
    let digest = try add("hello")
    try store.publish()
    let path = store.path(of: digest)
    try files.setModified(path, FileTime(seconds: 5, nanoseconds: 5))
    try files.setMode(path, 0o644)
    #expect(try store.verify(digest) == .ok(size: 5))
    #expect(try store.stat(digest)?.isSealed == false)
    #expect(try store.verify(digest, reseal: true) == .ok(size: 5))
    #expect(try store.stat(digest)?.isSealed == true)
    #expect(try files.status(path)?.mode == 0o444)
    #expect(try store.verify(digest, isCancelled: { true }) == .cancelled)
  }

  @Test func `a folder where an object should be is damage`() throws {
    let digest = ContentHasher.digest(of: [1])
    try files.makeFolders(store.path(of: digest))
    guard case .damaged(actual: nil, _) = try store.verify(digest) else {
      Issue.record("a folder passed for an object")
      return
    }
  }

  @Test func `an object that appeared meanwhile is kept, a damaged one replaced`() throws {
    let digest = try add("hello")
    // As another process would publish it between our check and our publishing.
    try files.makeFolder(store.path(of: digest).parent)
    try files.writeAtomically(Array("hello".utf8), to: store.path(of: digest))
    try files.seal(store.path(of: digest), as: digest)
    try store.publish()
    #expect(try store.partials().isEmpty)

    let other = try add("world")
    try files.makeFolder(store.path(of: other).parent)
    try files.writeAtomically(Array("wor".utf8), to: store.path(of: other))
    try store.publish()
    #expect(try store.verify(other) == .ok(size: 5))
    #expect(try files.list(store.root.appending("damaged")).count == 1)
  }

  @Test func `a verified file that somebody deleted is an error once`() throws {
    let digest = try add("hello")
    try files.unlink(store.root.appending("partial", digest.hex + ".verified"))
    #expect(throws: StoreError.self) { try store.publish() }
    #expect(try store.publish().isEmpty)
  }

  @Test func `inventories pass over what is not civsync's`() throws {
    let digest = try add("hello")
    try store.publish()
    _ = try folder.write("", to: "store/sha256/ab/note.txt")
    _ = try folder.write("", to: "store/sha256/README")
    _ = try folder.write("", to: "store/partial/note.txt")
    _ = try folder.write("", to: "store/sha256/ab/" + String(repeating: "AB", count: 32))
    #expect(try store.digests() == [digest])
    #expect(try store.partials().isEmpty)
    let unprepared = ContentStore(root: folder.path.appending("none"))
    #expect(try unprepared.digests().isEmpty)
    #expect(try unprepared.stat(digest) == nil)
  }

  @Test func `every error says what happened and what to do`() throws {
    let digest = ContentHasher.digest(of: [])
    let other = ContentHasher.digest(of: [1])
    let errors: [StoreError] = [
      .system(SystemError(call: "rename", path: "/x", code: 13)), .busy(digest),
      .digestMismatch(expected: digest, actual: other, length: 3),
      .lengthMismatch(digest: digest, expected: 1, actual: 2),
      .wrongOffset(digest: digest, expected: 1, actual: 2), .closed(digest),
      .changedMeanwhile(folder.path),
    ]
    for error in errors {
      #expect(error.description.contains("; ") || error.description.contains(": "))
      #expect(error.description.first?.isUppercase == false)
    }
    #expect(errors[1].description.contains("`e3b0c44298fc`"))
  }
}
