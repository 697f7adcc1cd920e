import CatalogueModel
import Core
import ManifestModel
import Resolution
import Testing

struct `An entry that is wanted for facts of today` {
  let before = answers([
    model(1, tags: ["old"], nsfw: 1, versions: [version(1, published: "2024-01-01")])
  ])
  let tagged = following + "    tags: [new]\n"
  let new = model(1, tags: ["new"], nsfw: 2, versions: [version(1, published: "2024-01-01")])

  @Test func `takes them into its record, and stays when upstream deletes it`() throws {
    let edited = try resolve(tagged, answers([new]), former: recorded(before))
    #expect(edited.states == [.current])
    #expect(edited.entries.map(\.model.tags) == [["new"]])
    #expect(edited.entries.map(\.model.nsfwLevel) == [2])
    #expect(edited.deselected.isEmpty)
    let deleted = try resolve(tagged, answers([]), former: edited.entries)
    #expect(deleted.states == [.withdrawn])
    #expect(deleted.deselected.isEmpty)
  }

  @Test func `does so with an older version that is only kept`() throws {
    var two = new
    two.versions.append(version(2, published: "2025-01-01"))
    let result = try resolve(tagged, answers([two]), former: recorded(before))
    #expect(result.versions == [1, 2])
    #expect(result.states == [.superseded, .current])
    #expect(result.entries.map(\.model.tags) == [["new"], ["new"]])
  }

  @Test func `does so for a new version beside one that is pinned`() throws {
    let body = "collections:\n  a:\n    models: [1@1]\n  b:\n    users: [alice]\n    tags: [new]\n"
    var catalogue = before
    catalogue.models[1] = .found(
      model(1, tags: ["old"], versions: [version(1)]), fromFallback: false)
    let former = try recorded(body, catalogue)
    var two = new
    two.versions.append(version(2, published: "2025-01-01"))
    catalogue = answers([two])
    catalogue.models[1] = .found(two, fromFallback: false)
    let result = try resolve(body, catalogue, former: former)
    #expect(result.versions == [1, 2])
    #expect(result.entries.map(\.model.tags) == [["new"], ["new"]])
    let gone = try resolve(
      body, answers([]), former: Entry.entries(of: Entry.models(of: result.entries)))
    #expect(gone.versions == [1, 2])
    #expect(gone.deselected.isEmpty)
  }

  @Test func `keeps what it was recorded with as long as that serves`() throws {
    for body in [following, following + "    tags: [old, new]\n"] {
      let result = try resolve(body, answers([new]), former: recorded(before))
      #expect(result.entries.map(\.model.tags) == [["old"]])
      #expect(result.entries.map(\.model.nsfwLevel) == [1])
    }
  }

  @Test func `believes no fallback`() throws {
    let result = try resolve(
      tagged, answers([new], fallback: true), former: recorded(before))
    #expect(result.entries.map(\.model.tags) == [["old"]])
  }

  @Test func `leaves the record alone where another entry is meant by it`() throws {
    let body = """
      collections:
        a:
          models: [1@1]
          tags: [old]
        b:
          models: [1@2]
          tags: [new]
      """
    var two = model(1, tags: ["old"], versions: [version(1), version(2)])
    let former = try recorded("collections:\n  a:\n    models: [1@1, 1@2]\n", answers(ids: [two]))
    two.tags = ["new"]
    let result = try resolve(body, answers(ids: [two]), former: former)
    #expect(result.versions == [1, 2])
    #expect(result.entries.map(\.model.tags) == [["old"], ["old"]])
  }
}
