import CatalogueModel
import Core
import ManifestModel
import Resolution
import Testing

/// The same filter is held against what the catalogue says today and against what was recorded.
struct `What filters let pass` {
  static let models = [
    model(
      1, "Detail Tweaker", tags: ["tool", "Detail"], nsfw: 1,
      versions: [version(1, published: "2024-12-31T23:59:59Z")]),
    model(
      2, "Ink", tags: ["style", "portrait"], nsfw: 3,
      versions: [version(2, published: "2025-01-01T00:00:00Z")]),
    model(
      3, "more_details", tags: ["portrait", "meme"], nsfw: 1 | 4,
      versions: [version(3, published: "2025-06-30T23:59:59.999Z")]),
    model(
      4, "Unrated", tags: [], nsfw: 0, versions: [version(4, published: "2025-07-01T00:00:00Z")]),
    model(5, "Undated", tags: ["style"], nsfw: 16, versions: [version(5)]),
    model(6, "Blocked", tags: ["style"], nsfw: 32, versions: [version(6, published: "2023-01-01")]),
    model(7, "Mature", tags: ["style"], nsfw: 8, versions: [version(7, published: "2023-01-01")]),
  ]

  static let filters: [(String, [Int64])] = [
    ("tags: [portrait]", [2, 3]),
    ("tags: [PORTRAIT, \"det*\"]", [1, 2, 3]),
    ("tags: { any: [portrait], none: [meme] }", [2]),
    ("tags: { all: [style, portrait] }", [2]),
    ("tags: { none: [style] }", [1, 3, 4]),
    ("names: [\"*detail*\"]", [1, 3]),
    ("names: [ink, \"unr?ted\"]", [2, 4]),
    ("nsfw: PG", [1]),
    ("nsfw: PG13", [1, 2]),
    ("nsfw: R", [1, 2, 3]),
    ("nsfw: X", [1, 2, 3, 7]),
    ("nsfw: XXX", [1, 2, 3, 5, 7]),
    ("since: 2025-01-01", [2, 3, 4]),
    ("until: 2025-06-30", [1, 2, 3, 6, 7]),
    ("{ since: 2025-01-01, until: 2025-06-30 }", [2, 3]),
    ("exclude: { tags: [style, \"me*\"] }", [1, 4]),
    ("exclude: { names: [\"*detail*\", ink] }", [4, 5, 6, 7]),
    ("{ tags: [portrait], names: [\"*detail*\"], nsfw: R, since: 2025-01-01 }", [3]),
  ]

  /// The collection with these keys beside what selects.
  private func body(_ filter: String) -> String {
    guard filter.hasPrefix("{") else { return following + "    \(filter)\n" }
    return following + "    <<: \(filter)\n"
  }

  @Test(arguments: filters)
  func `of what the catalogue shows`(filter: String, expected: [Int64]) throws {
    #expect(try resolve(body(filter), answers(Self.models)).versions == expected)
  }

  @Test(arguments: filters)
  func `of what was recorded, when upstream shows nothing any more`(
    filter: String, expected: [Int64]
  ) throws {
    let former = try recorded(answers(Self.models))
    #expect(former.count == 7)
    let result = try resolve(body(filter), answers([]), former: former)
    #expect(result.versions == expected)
    #expect(
      result.deselected.map(\.key.version.rawValue)
        == (1...7).filter { !expected.contains($0) })
  }

  @Test(arguments: filters)
  func `without an edit nothing goes, whatever upstream makes of it`(
    filter: String, expected: [Int64]
  ) throws {
    let former = try recorded(body(filter), answers(Self.models))
    let changed = Self.models.map { model in
      var changed = model
      changed.name = "Renamed"
      changed.tags = ["meme", "style", "me too"]
      changed.nsfwLevel = 63
      changed.versions[0].publishedAt = Timestamp("2026-01-01")
      return changed
    }
    let result = try resolve(body(filter), answers(changed), former: former)
    #expect(result.deselected.isEmpty)
    #expect(Set(result.versions).isSuperset(of: expected))
    #expect(
      result.entries.filter { expected.contains($0.key.version.rawValue) }
        .flatMap { $0.file.places } == former.flatMap { $0.file.places })
  }

  @Test func `the ceiling of defaults holds until a collection says its own`() throws {
    let defaults = "defaults: { nsfw: PG }\n"
    #expect(try resolve(defaults + following, answers(Self.models)).versions == [1])
    #expect(
      try resolve(defaults + following + "    nsfw: R\n", answers(Self.models)).versions
        == [1, 2, 3])
  }

  @Test(arguments: [
    ("tags: [other]", "tags"), ("names: [other]", "names"), ("nsfw: PG", "nsfw"),
    ("since: 2025-01-01", "since"), ("until: 2023-01-01", "until"),
    ("exclude: { tags: [style] }", "exclude"), ("exclude: { names: [\"I*\"] }", "exclude"),
    ("exclude: { versions: [1] }", "exclude"),
  ])
  func `a model named by id that a filter leaves out is noted with the filter's key`(
    filter: String, key: String
  ) throws {
    let only = model(
      1, "Ink", tags: ["style"], nsfw: 4, versions: [version(1, published: "2024-06-01")])
    for selector in ["models: [1]", "models: [1@1]"] {
      let result = try resolve(
        "collections:\n  base:\n    \(selector)\n    \(filter)\n", answers(ids: [only]))
      #expect(result.entries.isEmpty)
      #expect(result.notes == [.filteredOut(1, collection: "base", by: key)])
      #expect(
        result.notes.map(\.text)
          == ["model 1 of collection `base` does not pass its `\(key)`, and is left out"])
    }
  }

  @Test func `the note tells what left the newest version out`() throws {
    let both = model(
      1,
      versions: [
        version(2, base: "SDXL 1.0", published: "2025-06-01"),
        version(1, base: "Pony", published: "2024-06-01"),
      ])
    let result = try resolve(
      "collections:\n  base:\n    models: [1]\n    baseModels: [\"SDXL*\"]\n    until: 2025-01-01\n",
      answers(ids: [both]))
    #expect(result.notes == [.filteredOut(1, collection: "base", by: "until")])
  }

  @Test func `a period filters before the latest is chosen, and the policy goes on from there`()
    throws
  {
    let versions = [
      version(1, published: "2024-01-01"), version(2, published: "2025-01-01"),
      version(3, published: "2026-01-01"),
    ]
    let until = following + "    until: 2025-12-31\n"
    #expect(try resolve(until, answers([model(1, versions: versions)])).versions == [2])
    let both = until + "    versions: { since: 2024-06-01 }\n"
    #expect(try resolve(both, answers([model(1, versions: versions)])).versions == [2])
  }

  @Test func `an earlier end removes what came later and takes the older latest`() throws {
    let catalogue = answers([
      model(
        1, versions: [version(1, published: "2024-01-01"), version(2, published: "2025-01-01")])
    ])
    let former = try recorded(catalogue)
    #expect(former.map(\.key.version) == [2])
    let result = try resolve(following + "    until: 2024-12-31\n", catalogue, former: former)
    #expect(result.versions == [1])
    #expect(result.deselected.map(\.key.version) == [2])
    #expect(result.notes.isEmpty)
  }

  @Test func `since as a policy is no filter and removes nothing`() throws {
    let catalogue = answers([model(1, versions: [version(1, published: "2024-01-01")])])
    let former = try recorded(following + "    versions: { since: 2023-01-01 }\n", catalogue)
    let later = following + "    versions: { since: 2025-01-01 }\n"
    #expect(try resolve(later, catalogue, former: former).states == [.superseded])
  }
}
