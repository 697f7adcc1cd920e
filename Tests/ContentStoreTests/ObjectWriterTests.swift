import Core
import DiskTestSupport
import Glibc
import SystemIO
import Testing

@testable import ContentStore

@Suite struct ObjectWriterTests {
  let folder: TemporaryFolder
  let store: ContentStore
  let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 13) }
  var digest: Digest { ContentHasher.digest(of: bytes) }
  var length: Int64 { Int64(bytes.count) }

  init() throws {
    folder = try TemporaryFolder()
    store = ContentStore(root: folder.path.appending("store"))
    try store.prepare()
  }

  private func again() -> ContentStore { ContentStore(root: store.root) }

  private func partial(_ suffix: String = "") -> AbsolutePath {
    store.root.appending("partial", digest.hex + suffix)
  }

  @Test func `an object is visible only after it was published`() throws {
    let writer = try store.writer(for: digest, length: length)
    #expect(!writer.isComplete)
    try writer.start(keeping: false, validator: "\"e\"", total: length)
    try writer.append(bytes[..<100_000])
    try writer.append(bytes[100_000...])
    #expect(writer.received == length)
    #expect(writer.validator == "\"e\"")
    try writer.finish()
    try writer.finish()
    #expect(writer.isComplete)
    #expect(try store.stat(digest) == nil)
    #expect(try store.publish() == [digest])
    #expect(try store.publish().isEmpty)
    let object = try #require(try store.stat(digest))
    #expect(object.size == length)
    #expect(object.isSealed)
    #expect(object.links == 1)
    let status = try #require(try store.files.status(store.path(of: digest)))
    #expect(status.mode == 0o444)
    #expect(try store.files.list(store.root.appending("partial")).isEmpty)
    #expect(try store.verify(digest) == .ok(size: length))
    #expect(try store.digests() == [digest])
  }

  @Test func `an object of no bytes is an object`() throws {
    let empty = ContentHasher.digest(of: [])
    let writer = try store.writer(for: empty, length: 0)
    if !writer.isComplete {
      try writer.start(keeping: false, validator: nil, total: 0)
      try writer.finish()
    }
    try store.publish()
    #expect(try store.verify(empty) == .ok(size: 0))
  }

  @Test func `what is published need not be fetched again`() throws {
    try fill(store)
    try store.publish()
    let writer = try again().writer(for: digest, length: length)
    #expect(writer.isComplete)
    #expect(writer.received == length)
    try writer.finish()
    #expect(throws: StoreError.closed(digest)) {
      try writer.start(keeping: false, validator: nil, total: nil)
    }
    try writer.discard()
    #expect(try store.stat(digest) != nil)
  }

  private func fill(_ store: ContentStore) throws {
    let writer = try store.writer(for: digest, length: length)
    try writer.start(keeping: false, validator: nil, total: length)
    try writer.append(bytes[...])
    try writer.finish()
  }

  @Test func `a second writer is told that the first is at work`() throws {
    let first = try store.writer(for: digest, length: nil)
    #expect(throws: StoreError.busy(digest)) { try store.writer(for: digest, length: nil) }
    #expect(throws: StoreError.busy(digest)) { try again().writer(for: digest, length: nil) }
    first.abandon()
    _ = try again().writer(for: digest, length: nil)
    #expect(throws: StoreError.closed(digest)) { try first.append(bytes[...]) }
    #expect(throws: StoreError.closed(digest)) { try first.finish() }
  }

  @Test func `an abandoned object goes on where it stopped`() throws {
    let first = try store.writer(for: digest, length: length)
    try first.start(keeping: false, validator: "\"v\"", total: length)
    try first.append(bytes[..<120_000])
    first.abandon()
    #expect(try store.partials().map(\.received) == [120_000])

    let second = try again().writer(for: digest, length: length)
    #expect(second.received == 120_000)
    #expect(second.validator == "\"v\"")
    try second.start(keeping: true, validator: "\"v\"", total: length)
    try second.append(bytes[120_000...])
    try second.finish()
    #expect(second.isComplete)
  }

  @Test func `a writer that is merely dropped keeps what came`() throws {
    do {
      let first = try store.writer(for: digest, length: length)
      try first.start(keeping: false, validator: nil, total: length)
      try first.append(bytes[..<10])
    }
    #expect(try store.writer(for: digest, length: length).received == 10)
  }

  @Test func `a response that starts over drops what came`() throws {
    let writer = try store.writer(for: digest, length: nil)
    try writer.start(keeping: false, validator: "a", total: nil)
    try writer.append([1, 2, 3][...])
    #expect(
      throws: StoreError.wrongOffset(digest: digest, expected: 3, actual: 2)
    ) { try unsafe [9].withUnsafeBytes { try unsafe writer.write($0, at: 2) } }
    try writer.start(keeping: false, validator: "b", total: nil)
    #expect(writer.received == 0)
    try writer.append(bytes[...])
    try writer.finish()
  }

  @Test func `wrong bytes are refused and thrown away`() throws {
    let writer = try store.writer(for: digest, length: 3)
    try writer.start(keeping: false, validator: nil, total: nil)
    try writer.append([1, 2, 3][...])
    let actual = ContentHasher.digest(of: [1, 2, 3])
    #expect(
      throws: StoreError.digestMismatch(expected: digest, actual: actual, length: 3)
    ) { try writer.finish() }
    #expect(try store.files.list(store.root.appending("partial")).isEmpty)
    #expect(try store.publish().isEmpty)
  }

  @Test func `wrong lengths are refused as early as they show`() throws {
    let writer = try store.writer(for: digest, length: length)
    #expect(
      throws: StoreError.lengthMismatch(digest: digest, expected: length, actual: 9)
    ) { try writer.start(keeping: false, validator: nil, total: 9) }
    try writer.start(keeping: false, validator: nil, total: nil)
    try writer.append(bytes[..<299_999])
    #expect(
      throws: StoreError.lengthMismatch(digest: digest, expected: length, actual: length - 1)
    ) { try writer.finish() }
    #expect(
      throws: StoreError.lengthMismatch(digest: digest, expected: length, actual: length + 1)
    ) { try writer.append([1, 2][...]) }
    try writer.append(bytes[299_999...])
    try writer.finish()
  }

  @Test(arguments: [
    "", "{", "civsync-partial 3\n{}\n0 50 0000000000000000\n", "civsync-partial 2\n{}",
    "civsync-partial 2\n[]\n", "civsync-partial 2\n{}\n0 50 0\n0 50 x\n-1 50 0000000000000000\n",
  ])
  func `a journal that cannot be trusted means starting over`(journal: String) throws {
    try store.files.writeAtomically(Array(bytes[..<50]), to: partial())
    try store.files.writeAtomically(Array(journal.utf8), to: partial(".pieces"))
    #expect(try store.writer(for: digest, length: length).received == 0)
  }

  @Test func `the journal of an earlier civsync is gone on from`() throws {
    try store.files.writeAtomically(Array(bytes[..<50]), to: partial())
    let former = #"{"total":300000,"validator":"\"v\"","version":1}"#
    try store.files.writeAtomically(Array(former.utf8), to: partial(".json"))
    do {
      let writer = try store.writer(for: digest, length: nil)
      #expect(writer.received == 50 && writer.validator == "\"v\"")
      #expect(try store.files.status(partial(".json")) == nil)
    }
    let writer = try store.writer(for: digest, length: nil)
    #expect(writer.received == 50)
    try writer.start(keeping: true, validator: "\"v\"", total: length)
    try writer.append(bytes[50...])
    try writer.finish()
  }

  /// A journal of another start of the machine, with the file behind what it notes.
  private func afterReboot(_ sound: Int, then tail: [UInt8], total: Int) throws {
    var sum = PieceSum()
    unsafe bytes[..<sound].withUnsafeBytes { unsafe sum.update($0) }
    let record = PieceTable.Record(index: 0, filled: Int64(sound), sum: sum.value)
    let origin = PartialOrigin(validator: "\"v\"", total: Int64(total), boot: "another")
    try store.files.writeAtomically(Array(bytes[..<sound]) + tail, to: partial())
    try store.files.writeAtomically(
      PartialJournal.heading(origin) + Array(record.line.utf8), to: partial(".pieces"))
  }

  @Test func `nothing stands behind an object's last byte`() throws {
    try afterReboot(bytes.count, then: [UInt8](repeating: 7, count: 5_000), total: 400_000)
    let writer = try store.writer(for: digest, length: nil)
    #expect(writer.isComplete)
    try writer.finish()
    try store.publish()
    #expect(try store.verify(digest) == .ok(size: length))
  }

  @Test func `what a power cut left unnoted is never taken for sound`() throws {
    try afterReboot(1_000, then: [UInt8](repeating: 0, count: 5_000), total: bytes.count)
    do {
      let writer = try store.writer(for: digest, length: nil)
      #expect(writer.received == 1_000)
      try writer.start(keeping: true, validator: "\"v\"", total: length)
      writer.abandon()
    }
    let writer = try again().writer(for: digest, length: nil)
    #expect(writer.received == 1_000)
    try writer.start(keeping: true, validator: "\"v\"", total: length)
    try writer.append(bytes[1_000...])
    try writer.finish()
  }

  @Test(arguments: [#"{"version":2}"#, "[1]", String(repeating: " ", count: 70_000)])
  func `one that is not of an earlier civsync is not`(journal: String) throws {
    try store.files.writeAtomically(Array(bytes[..<50]), to: partial())
    try store.files.writeAtomically(Array(journal.utf8), to: partial(".json"))
    #expect(try store.writer(for: digest, length: length).received == 0)
  }

  @Test func `pieces that came out of order are gone on from, and a torn line is not`() throws {
    let piece = Int(PieceTable.pieceSize)
    let large = (0..<2 * piece + 1_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 9) }
    let digest = ContentHasher.digest(of: large)
    let total = Int64(large.count)
    func write(_ writer: ObjectWriter, _ range: Range<Int>) throws {
      try unsafe large[range].withUnsafeBytes {
        try unsafe writer.write($0, at: Int64(range.lowerBound))
      }
    }
    do {
      let writer = try store.writer(for: digest, length: nil)
      try writer.start(keeping: false, validator: "\"v\"", total: total)
      try write(writer, 2 * piece..<large.count)
      try write(writer, piece..<piece + 70_000)
      try write(writer, 0..<5)
      writer.abandon()
    }
    let journal = store.root.appending("partial", digest.hex + ".pieces")
    let text = try #require(try store.files.read(journal))
    try store.files.writeAtomically(text + Array("0 77 12".utf8), to: journal)
    let writer = try again().writer(for: digest, length: nil)
    #expect(writer.received == 71_005 && writer.validator == "\"v\"")
    #expect(try store.partials().map(\.received) == [71_005])
    #expect(
      writer.missing == [5..<Int64(piece), Int64(piece) + 70_000..<2 * Int64(piece)])
    try writer.start(keeping: true, validator: "\"v\"", total: total)
    try write(writer, 5..<piece)
    try write(writer, piece + 70_000..<2 * piece)
    try writer.finish()
    #expect(writer.isComplete)
  }

  @Test func `a whole file that was killed before its check needs no network`() throws {
    try store.files.writeAtomically(bytes, to: partial())
    let writer = try store.writer(for: digest, length: length)
    #expect(writer.isComplete)
    try store.publish()
    #expect(try store.verify(digest) == .ok(size: length))
  }

  @Test func `a whole file with wrong bytes starts over`() throws {
    var wrong = bytes
    wrong[7] ^= 1
    try store.files.writeAtomically(wrong, to: partial())
    let writer = try store.writer(for: digest, length: length)
    #expect(!writer.isComplete)
    #expect(writer.received == 0)
  }

  @Test func `damage in a resumed part is found before anything goes on from it`() throws {
    let first = try store.writer(for: digest, length: length)
    try first.start(keeping: false, validator: nil, total: length)
    try first.append(bytes[..<100])
    first.abandon()
    try store.files.open(partial(), .update).write([0xff][...], at: 50)
    let second = try store.writer(for: digest, length: length)
    #expect(second.received == 0)
    try second.start(keeping: true, validator: nil, total: length)
    try second.append(bytes[...])
    try second.finish()
  }

  @Test func `an object killed between check and publishing is found by reading it`() throws {
    try fill(store)
    let next = again()
    #expect(try next.partials().map(\.isVerified) == [true])
    #expect(try next.publish().isEmpty)
    #expect(try next.writer(for: digest, length: length).isComplete)
    #expect(try next.publish() == [digest])
    // The first process, had it lived, would have found its work done.
    #expect(try store.publish() == [digest])
  }

  @Test func `a verified file that was damaged since is fetched again`() throws {
    try fill(store)
    try store.files.setMode(partial(".verified"), 0o644)
    try store.files.open(partial(".verified"), .update).write([0xff][...], at: 50)
    let writer = try again().writer(for: digest, length: length)
    #expect(!writer.isComplete)
    #expect(writer.received == 0)
  }

  @Test func `a full disk shows before a large object's first byte and loses nothing`() throws {
    let recorder = Recorder { call, _ in call == "reserve" ? Code.noSpace : nil }
    let store = ContentStore(root: store.root, files: FileSystem(observer: recorder))
    let writer = try store.writer(for: digest, length: nil)
    let error = #expect(throws: StoreError.self) {
      try writer.start(keeping: false, validator: nil, total: 2 << 20)
    }
    #expect(error?.description.contains("ENOSPC") == true)
    writer.abandon()
    #expect(try store.partials().isEmpty)
  }

  @Test func `for a small object no room is asked for ahead`() throws {
    let recorder = Recorder()
    try fill(ContentStore(root: store.root, files: FileSystem(observer: recorder)))
    #expect(!recorder.calls.contains("reserve"))
    #expect(recorder.calls.contains("write"))
  }

  @Test func `a file system without reserving does without`() throws {
    let recorder = Recorder { call, _ in call == "reserve" ? Code.unsupported : nil }
    let store = ContentStore(root: store.root, files: FileSystem(observer: recorder))
    let writer = try store.writer(for: digest, length: nil)
    try writer.start(keeping: false, validator: nil, total: 2 << 20)
    #expect(recorder.calls.contains("reserve"))
    writer.abandon()
  }

  @Test func `a large object is hashed once while it passes`() throws {
    let large = [UInt8](repeating: 0x61, count: 1 << 20)
    var hasher = ContentHasher()
    for _ in 0..<40 { hasher.update(large) }
    let recorder = Recorder()
    let store = ContentStore(root: store.root, files: FileSystem(observer: recorder))
    let writer = try store.writer(for: hasher.digest(), length: 40 << 20)
    try writer.start(keeping: false, validator: nil, total: nil)
    try writer.append(large[...])
    // From the journal's beginning on every piece is noted.
    let journal = store.root.appending("partial", hasher.digest().hex + ".pieces")
    while try self.store.files.status(journal) == nil { sched_yield() }
    for _ in 1..<40 { try writer.append(large[...]) }
    try writer.finish()
    try store.publish()
    #expect(recorder.count("writeback") == 5)
    // It is read back once, in blocks of 256 KiB.
    #expect((160...170).contains(recorder.count("read")), "\(recorder.count("read"))")
  }
}
