import Core
import Foundation
import GRDB
import Index
import Testing

@Suite struct ReachTests {
  @Test func `what snapshots need is kept, and replaced`() throws {
    let folder = try TemporaryFolder()
    let (index, _) = Index.open(at: folder.database)
    #expect(index.reaches().isEmpty)
    let (one, two) = (try digest(1), try digest(2))
    let first = KeptReach(parent: nil, added: [one, one, two], removed: [])
    let second = KeptReach(parent: "aa", added: [], removed: [one])
    index.keep(["aa": first, "bb": second])
    #expect(Index.open(at: folder.database).index.reaches() == ["aa": first, "bb": second])
    index.keep(["bb": first])
    #expect(index.reaches()["bb"] == first)
  }

  @Test(arguments: [
    "UPDATE reach SET added = zeroblob(64)", "UPDATE reach SET removed = added",
    "UPDATE reach SET parent = 'bb'", "UPDATE reach SET snapshot = 'ab'",
    "UPDATE reach SET added = substr(added, 2)",
  ])
  func `a row that is not what was written is left out`(damage: String) throws {
    let folder = try TemporaryFolder()
    let (index, _) = Index.open(at: folder.database)
    index.keep(["aa": KeptReach(parent: nil, added: [try digest(1), try digest(2)], removed: [])])
    let database = try DatabaseQueue(path: folder.database.string)
    try database.write { try $0.execute(sql: damage) }
    try database.close()
    #expect(index.reaches().isEmpty)
  }
}
