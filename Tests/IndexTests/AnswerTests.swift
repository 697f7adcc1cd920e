import Core
import GRDB
import Index
import SystemIO
import Testing

struct `Answers that are kept` {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func open() -> Index { Index.open(at: folder.database).index }

  private static let page = KeptAnswer(
    time: 1_790_000_000, validator: "\"abc\"",
    bytes: (0..<300_000).map { UInt8(truncatingIfNeeded: $0 / 100) })

  @Test func `are given back as they were, with their age`() {
    open().keep(Self.page, as: "https://example.com/api/v1/models?cursor=1")
    let other = KeptAnswer(time: 5, bytes: [])
    open().keep(other, as: "other")
    #expect(open().answer("https://example.com/api/v1/models?cursor=1") == Self.page)
    #expect(open().answer("other") == other)
    #expect(open().answer("https://example.com/api/v1/models?cursor=2") == nil)
    open().keep(KeptAnswer(time: 6, bytes: [1]), as: "other")
    #expect(open().answer("other") == KeptAnswer(time: 6, bytes: [1]))
  }

  @Test func `take little room`() throws {
    open().keep(Self.page, as: "page")
    let size = try #require(try folder.files.status(folder.database)).size
    #expect(size < 100_000)
  }

  @Test func `are forgotten when they are old`() {
    let index = open()
    for time in Int64(1)...4 { index.keep(KeptAnswer(time: time, bytes: [1]), as: "\(time)") }
    index.forgetAnswers(before: 3)
    #expect((1...4).map { index.answer("\($0)") != nil } == [false, false, true, true])
  }

  @Test(arguments: ["x'010204'", "zeroblob(40)", "substr(bytes, 1, 20)"])
  func `that are not what was kept are none`(other: String) throws {
    open().keep(Self.page, as: "page")
    let database = try DatabaseQueue(path: folder.database.string)
    try database.write { try $0.execute(sql: "UPDATE answer SET bytes = \(other)") }
    try database.close()
    #expect(open().answer("page") == nil)
  }
}
