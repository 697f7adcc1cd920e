import Core
import GRDB
import Index
import SystemIO
import Testing

@Suite struct RememberingTests {
  let folder = try? TemporaryFolder()

  func open() throws -> Index {
    let folder = try #require(folder)
    let (index, notice) = Index.open(at: folder.database)
    #expect(notice == nil)
    #expect(index.isPersistent)
    return index
  }

  @Test func `a digest is remembered beyond the process`() throws {
    let path = try file(1)
    #expect(try open().remember(try digest(7), for: path, stamp: stamp(), now: noon))

    #expect(try open().digest(for: path, stamp: stamp()) == digest(7))
    #expect(try open().digest(for: file(2), stamp: stamp()) == nil)
  }

  @Test func `any change of the stamp makes the digest unknown`() throws {
    let index = try open()
    let path = try file(1)
    index.remember(try digest(7), for: path, stamp: stamp(), now: noon)

    for other in [
      stamp(device: 9), stamp(inode: 9), stamp(size: 9), stamp(time: noon - 60_000_000_001),
    ] {
      #expect(index.digest(for: path, stamp: other) == nil)
    }
    #expect(index.digest(for: path, stamp: stamp()) == (try digest(7)))
  }

  @Test func `numbers above what SQLite signs come back`() throws {
    let index = try open()
    let path = try file(1)
    let large = stamp(device: .max, inode: .max - 1, size: .max, time: .min)
    index.remember(try digest(7), for: path, stamp: large, now: 0)
    #expect(index.count == 0, "the age of such a file does not fit a number")

    let high = stamp(device: .max, inode: .max - 1, size: .max)
    index.remember(try digest(7), for: path, stamp: high, now: noon)
    #expect(index.digest(for: path, stamp: high) == (try digest(7)))
  }

  @Test func `a file that is remembered again has its new digest alone`() throws {
    let index = try open()
    let path = try file(1)
    index.remember(try digest(7), for: path, stamp: stamp(), now: noon)
    index.remember(try digest(8), for: path, stamp: stamp(size: 4), now: noon)

    #expect(index.count == 1)
    #expect(index.digest(for: path, stamp: stamp()) == nil)
    #expect(index.digest(for: path, stamp: stamp(size: 4)) == (try digest(8)))
  }

  @Test func `a file that changed a moment ago is not remembered`() throws {
    let index = try open()
    let fresh = stamp(time: noon - 1_999_999_999)
    let ahead = stamp(time: noon + 1_000_000_000)
    let settled = stamp(time: noon - 2_000_000_000)
    index.remember(
      [
        (try digest(1), try file(1), fresh), (try digest(2), try file(2), ahead),
        (try digest(3), try file(3), settled),
      ], now: noon)

    #expect(index.count == 1)
    #expect(index.digest(for: try file(3), stamp: settled) == (try digest(3)))
    #expect(index.remember([], now: noon))
  }

  @Test func `many files are asked about at once`() throws {
    let index = try open()
    let all = try (1...50).map { (try digest(UInt8($0)), try file($0), stamp(inode: UInt64($0))) }
    index.remember(all, now: noon)

    let asked = try (40...60).map { (path: try file($0), stamp: stamp(inode: UInt64($0))) }
    let found = index.digests(for: asked)
    #expect(found.count == 11)
    #expect(try found[file(50)] == digest(50))
  }

  @Test func `pruning forgets the old and then the oldest`() throws {
    let index = try open()
    for number in 1...5 {
      index.remember(
        try digest(UInt8(number)), for: try file(number), stamp: stamp(),
        now: noon + Int64(number))
    }
    index.prune(keeping: 100, since: noon + 2)
    #expect(index.count == 4)
    #expect(index.digest(for: try file(1), stamp: stamp()) == nil)

    index.prune(keeping: 2, since: 0)
    #expect(index.count == 2)
    #expect(index.digest(for: try file(4), stamp: stamp()) != nil)
    #expect(index.digest(for: try file(5), stamp: stamp()) != nil)
  }

  @Test func `two at a time see what the other wrote`() throws {
    let one = try open()
    let other = try open()
    one.remember(try digest(1), for: try file(1), stamp: stamp(), now: noon)
    other.remember(try digest(2), for: try file(2), stamp: stamp(), now: noon)
    #expect(one.count == 2)
    #expect(other.digest(for: try file(1), stamp: stamp()) == (try digest(1)))
  }

  @Test func `a stamp is what one look at a file tells`() throws {
    let folder = try #require(folder)
    let path = folder.path.appending("model")
    try folder.files.writeAtomically(Array("content".utf8), to: path)
    try folder.files.setModified(path, FileTime(seconds: 5, nanoseconds: 6))
    let status = try #require(try folder.files.status(path))
    let stamp = FileStamp(status)
    #expect(stamp.mtimeNanoseconds == 5_000_000_006)
    #expect(stamp.size == 7)
    #expect(stamp.inode == status.inode)
  }

  @Test func `a memo is kept until another takes its place`() throws {
    let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    try open().keep(bytes, as: "placed")
    try open().keep([1, 2], as: "quiet")
    #expect(try open().memo("placed") == bytes)
    try open().keep([], as: "placed")
    #expect(try open().memo("placed") == [])
    try open().keep(nil, as: "placed")
    #expect(try open().memo("placed") == nil)
    #expect(try open().memo("quiet") == [1, 2])
  }

  @Test func `a memo that is not what was kept is none`() throws {
    let folder = try #require(folder)
    try open().keep([1, 2, 3], as: "placed")
    let database = try DatabaseQueue(path: folder.database.string)
    try database.write { try $0.execute(sql: "UPDATE memo SET bytes = x'010204'") }
    try database.close()
    #expect(try open().memo("placed") == nil)
  }
}
