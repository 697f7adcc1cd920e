import Core
import GRDB
import Index
import SystemIO
import Testing

@Suite struct OpeningTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func fill() throws {
    let (index, _) = Index.open(at: folder.database)
    let files = try (1...200).map { (try digest(1), try file($0), stamp()) }
    index.remember(files, now: noon)
  }

  @Test func `no database is made anew without a word`() throws {
    let (index, notice) = Index.open(at: folder.database)
    #expect(notice == nil)
    #expect(index.count == 0)
  }

  @Test func `a file that is no database is set aside once`() throws {
    let text = [UInt8](repeating: UInt8(ascii: "x"), count: 8_192)
    try folder.files.writeAtomically(text, to: folder.database)

    let (index, notice) = Index.open(at: folder.database)
    #expect(
      notice == "the index is damaged: it was set aside as `\(folder.database).corrupt-1` and "
        + "begun anew; nothing is lost, the next run works out again what it held")
    #expect(index.isPersistent)
    #expect(index.remember(try digest(1), for: try file(1), stamp: stamp(), now: noon))
    let aside = folder.path.appending("index.sqlite.corrupt-1")
    #expect(try folder.files.read(aside, limit: 9_000) == text)
    #expect(Index.open(at: folder.database).notice == nil)
  }

  @Test func `a page that was overwritten is noticed when the index is opened`() throws {
    try fill()
    let size = try #require(try folder.files.status(folder.database)).size
    var bytes = try #require(try folder.files.read(folder.database, limit: Int(size)))
    #expect(bytes.count > 3 * 4_096)
    for place in 4_096..<8_192 { bytes[place] = 0xa5 }
    try folder.files.writeAtomically(bytes, to: folder.database)

    let (index, notice) = Index.open(at: folder.database)
    #expect(notice?.hasPrefix("the index is damaged: it was set aside") == true)
    #expect(index.count == 0)
  }

  @Test func `a database of a later civsync is set aside and not read`() throws {
    try fill()
    let database = try DatabaseQueue(path: folder.database.string)
    try database.write { try $0.execute(sql: "PRAGMA user_version = 6") }
    try database.close()

    let (index, notice) = Index.open(at: folder.database)
    #expect(
      notice?.hasPrefix("the index was written by a later civsync (version 6, this one knows 5): ")
        == true)
    #expect(index.count == 0)
    #expect(index.isPersistent)
  }

  @Test(arguments: [
    "DROP TABLE memo; DROP TABLE answer; DROP TABLE verified; DROP TABLE reach; PRAGMA user_version = 1",
    "DROP TABLE answer; DROP TABLE verified; DROP TABLE reach; PRAGMA user_version = 2",
    "DROP TABLE verified; DROP TABLE reach; PRAGMA user_version = 3",
    "DROP TABLE reach; PRAGMA user_version = 4",
  ])
  func `one of an earlier civsync is gone on with`(earlier: String) throws {
    try fill()
    let database = try DatabaseQueue(path: folder.database.string)
    try database.write { try $0.execute(sql: earlier) }
    try database.close()

    let (index, notice) = Index.open(at: folder.database)
    #expect(notice == nil)
    #expect(index.count == 200)
    index.keep([7], as: "placed")
    #expect(index.memo("placed") == [7])
    let answer = KeptAnswer(time: 1, bytes: [8])
    index.keep(answer, as: "page")
    #expect(index.answer("page") == answer)
    index.noteVerified([try digest(1): VerifiedObject(stamp: stamp(), time: 9)])
    #expect(index.verifiedObjects()[try digest(1)]?.time == 9)
    let reach = KeptReach(parent: nil, added: [try digest(2)], removed: [])
    index.keep(["c": reach])
    #expect(index.reaches() == ["c": reach])
  }

  @Test func `it is written ahead, and looking into it waits for no disk`() throws {
    try fill()
    let database = try DatabaseQueue(path: folder.database.string)
    #expect(try database.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") } == "wal")
    try database.close()
    let before = try #require(try folder.files.status(folder.database))
    #expect(Index.open(at: folder.database).index.digest(for: try file(1), stamp: stamp()) != nil)
    #expect(try folder.files.status(folder.database) == before)
  }

  @Test func `somebody else's database is set aside`() throws {
    let database = try DatabaseQueue(path: folder.database.string)
    try database.write { try $0.execute(sql: "CREATE TABLE notes (text)") }
    try database.close()
    #expect(Index.open(at: folder.database).notice?.hasPrefix("the index is damaged") == true)
  }

  @Test func `our version over other tables is damage`() throws {
    let database = try DatabaseQueue(path: folder.database.string)
    try database.write { try $0.execute(sql: "PRAGMA user_version = 1") }
    try database.close()
    #expect(Index.open(at: folder.database).notice?.hasPrefix("the index is damaged") == true)
  }

  @Test func `each damaged one gets a number of its own, up to nine`() throws {
    for _ in 1...10 {
      try folder.files.writeAtomically(Array("not a database at all".utf8), to: folder.database)
      #expect(Index.open(at: folder.database).index.isPersistent)
    }
    let aside = try folder.names().filter { $0.hasPrefix("index.sqlite.corrupt-") }
    #expect(aside.filter { !$0.hasSuffix("-wal") && !$0.hasSuffix("-shm") }.count == 9)
  }

  @Test func `where nothing can be opened one in memory serves`() throws {
    let place = folder.path.appending("missing", "index.sqlite")
    let (index, notice) = Index.open(at: place)
    #expect(
      notice == "cannot open the index `\(place)`: unable to open database file (SQLite 14); "
        + "this run does without, which makes it slower but changes nothing else")
    #expect(!index.isPersistent)
    #expect(index.remember(try digest(1), for: try file(1), stamp: stamp(), now: noon))
    #expect(index.digest(for: try file(1), stamp: stamp()) == (try digest(1)))
  }

  @Test func `a damaged index that cannot be moved away stays, and one in memory serves`() throws {
    try folder.files.writeAtomically(Array("not a database at all".utf8), to: folder.database)
    let files = FileSystem(observer: RefusesRenames())
    let (index, notice) = Index.open(at: folder.database, files: files)
    #expect(notice?.contains("is damaged, and moving it away failed: cannot rename") == true)
    #expect(!index.isPersistent)
    #expect(try folder.names() == ["index.sqlite"])
  }

  @Test func `a database that fails later is a cache that misses`() throws {
    let (index, _) = Index.open(at: folder.database)
    index.remember(try digest(1), for: try file(1), stamp: stamp(), now: noon)
    let database = try DatabaseQueue(path: folder.database.string)
    try database.write { try $0.execute(sql: "DROP TABLE digest") }

    #expect(index.digest(for: try file(1), stamp: stamp()) == nil)
    #expect(!index.remember(try digest(1), for: try file(1), stamp: stamp(), now: noon))
    index.prune(keeping: 0, since: 0)
    #expect(index.count == 0)
  }
}

/// A file system on which nothing can be renamed.
private struct RefusesRenames: SystemCallObserver {
  func willCall(_ call: String, path: String) -> Int32? { call == "rename" ? 13 : nil }
}
