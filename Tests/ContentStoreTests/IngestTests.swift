import ContentStore
import Core
import DiskTestSupport
import SystemIO
import Testing

@Suite struct IngestTests {
  let folder: TemporaryFolder
  let store: ContentStore
  let files = FileSystem()
  let digest = ContentHasher.digest(of: Array("mine".utf8))

  init() throws {
    folder = try TemporaryFolder()
    store = ContentStore(root: folder.path.appending("store"))
    try store.prepare()
  }

  @Test func `a copied file stays as it was`() throws {
    let file = try folder.write("mine", to: "tree/file")
    let before = try files.status(file)
    try store.ingest(file, expecting: digest, by: .copy)
    try store.ingest(file, expecting: digest, by: .copy)
    try store.publish()
    try store.ingest(file, expecting: digest, by: .link)
    #expect(try store.verify(digest) == .ok(size: 4))
    #expect(try files.status(file) == before)
  }

  @Test func `a linked file and its object are one`() throws {
    let file = try folder.write("mine", to: "tree/file")
    let before = try #require(try files.status(file))
    try store.ingest(file, expecting: digest, by: .link)
    try store.publish()
    let object = try #require(try store.stat(digest))
    #expect(object.inode == before.inode)
    #expect(object.links == 2)
    #expect(object.isSealed)
    #expect(object.modified.seconds == before.modified.seconds)
    #expect(try store.partials().isEmpty)
  }

  @Test(arguments: [IngestMethod.copy, .link])
  func `other content is refused and the file left alone`(method: IngestMethod) throws {
    let file = try folder.write("other", to: "tree/file")
    let before = try files.status(file)
    let actual = ContentHasher.digest(of: Array("other".utf8))
    #expect(
      throws: StoreError.digestMismatch(expected: digest, actual: actual, length: 5)
    ) { try store.ingest(file, expecting: digest, by: method) }
    #expect(try files.status(file) == before)
    #expect(try store.partials().isEmpty)
  }

  @Test func `a method that the file systems do not have leaves nothing behind`() throws {
    let file = try folder.write("mine", to: "tree/file")
    for call in ["clone", "link"] {
      let recorder = Recorder { name, _ in name == call ? Code.crossDevice : nil }
      let store = ContentStore(root: store.root, files: FileSystem(observer: recorder))
      let error = #expect(throws: StoreError.self) {
        try store.ingest(file, expecting: digest, by: call == "link" ? .link : .reflink)
      }
      guard case .system(let reason) = error else {
        Issue.record("not the system's error: \(String(describing: error))")
        continue
      }
      #expect(reason.isUnsupported)
      #expect(try store.partials().isEmpty)
    }
  }

  @Test func `a file that is missing or a folder is refused`() throws {
    for name in ["none", "."] {
      #expect(throws: StoreError.self) {
        try store.ingest(folder.path.appending(name), expecting: digest, by: .copy)
      }
    }
    #expect(try store.partials().isEmpty)
  }

  @Test(arguments: [IngestMethod.copy, .link])
  func `a file that changes while it is read is refused`(method: IngestMethod) throws {
    let file = try folder.write("mine", to: "tree/file")
    let plain = FileSystem()
    let done = Locked(false)
    // The change comes after the reading, before the last look.
    let recorder = Recorder { call, path in
      if call == (method == .copy ? "write" : "link"), !done.withLock({ $0 }) {
        done.withLock { $0 = true }
        try? plain.setModified(file, FileTime(seconds: 1, nanoseconds: 1))
      }
      return nil
    }
    let store = ContentStore(root: store.root, files: FileSystem(observer: recorder))
    #expect(throws: StoreError.changedMeanwhile(file)) {
      try store.ingest(file, expecting: digest, by: method)
    }
    #expect(try store.partials().isEmpty)
  }
}
