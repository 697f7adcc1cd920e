import Diagnostics
import ManifestModel
import Testing

@Test func `every filter of a collection is read`() throws {
  let manifest = try good(
    """
    defaults: { nsfw: R }
    collections:
      a:
        users: [alice]
        tags: { any: [portrait, "land*"], all: [sdxl], none: meme }
        names: "*detail*"
        nsfw: PG13
        since: 2025-01-01
        until: "2025-06-30"
        versions: { since: 2024-01-01 }
        exclude: { tags: [wip], names: ["*test*", old] }
      b:
        users: [bob]
        tags: [portrait, landscape]
        versions: latest-per-base-model
    """)
  try #require(manifest.collections.count == 2)
  let first = manifest.collections[0]
  #expect(first.tags?.any?.map(\.text) == ["portrait", "land*"])
  #expect(first.tags?.all.map(\.text) == ["sdxl"])
  #expect(first.tags?.none.map(\.text) == ["meme"])
  #expect(first.names?.map(\.text) == ["*detail*"])
  #expect(first.nsfw == .pg13)
  #expect(first.since == "2025-01-01" && first.until == "2025-06-30")
  #expect(first.versions == .since("2024-01-01"))
  #expect(first.exclude.tags.map(\.text) == ["wip"])
  #expect(first.exclude.names.map(\.text) == ["*test*", "old"])
  let second = manifest.collections[1]
  #expect(second.tags?.any?.map(\.text) == ["portrait", "landscape"])
  #expect(second.tags?.all == [] && second.tags?.none == [])
  #expect(second.names == nil && second.since == nil && second.until == nil)
  #expect(second.nsfw == .r)
  #expect(second.versions == .latestPerBaseModel)
}

@Test func `defaults may say the policy per base model`() throws {
  let manifest = try good(
    "defaults: { versions: latest-per-base-model }\ncollections: { c: { users: [a] } }\n")
  #expect(manifest.collections.first?.versions == .latestPerBaseModel)
  #expect(manifest.collections.first?.nsfw == nil)
}

@Test(arguments: [
  ("any: [a, b]", ["B"], true), ("any: [a, b]", ["c"], false), ("any: [a]", [], false),
  ("any: [\"anime*\"]", ["Anime Style"], true),
  ("all: [a, b]", ["b", "c", "a"], true), ("all: [a, b]", ["a"], false),
  ("none: [a]", ["b"], true), ("none: [a]", ["b", "A"], false), ("none: [a]", [], true),
  ("any: [a, b], all: [c], none: [d]", ["a", "c"], true),
  ("any: [a, b], all: [c], none: [d]", ["a"], false),
  ("any: [a, b], all: [c], none: [d]", ["a", "c", "d"], false),
])
func `tags pass by any, all and none together`(filter: String, tags: [String], passes: Bool) throws
{
  let manifest = try good("collections: { c: { users: [u], tags: { \(filter) } } }\n")
  #expect(try #require(manifest.collections.first?.tags).admits(tags) == passes)
}

@Test(arguments: [
  ("types", "M031 `types` is an empty list, so nothing passes"),
  ("baseModels", "M031 `baseModels` is an empty list, so nothing passes"),
  ("tags", "M031 `tags` is an empty list, so nothing passes"),
])
func `no filter may be an empty list`(key: String, message: String) throws {
  #expect(try complaints("users: [a]\n\(key): []") == [message])
}

@Test(arguments: [
  ("exclude: { types: [], tags: [], names: [] }", []),
  ("tags: { all: [], none: [] }", []),
  ("since: 2025-01-01\nuntil: 2025-01-01", []),
  ("tags: [[a]]", ["M004 an item of `tags` must be text"]),
  ("tags: { any: { a: b } }", ["M004 `any` must be a list of tags"]),
  ("names: [\"\"]", ["M026 an item of `names` is empty"]),
  ("since: yesterday", ["M012 `yesterday` is not a date"]),
  ("nsfw: pg", ["M011 `nsfw` cannot be `pg`"]),
  (
    "baseModels: [Pony]\nexclude: { baseModels: [pony] }",
    ["M023 base model `pony` is selected and excluded at once"]
  ),
  (
    "tags: { all: [a] }\nexclude: { tags: [A] }",
    ["M023 tag `A` is selected and excluded at once"]
  ),
])
func `what filters say is checked`(lines: String, messages: [String]) throws {
  #expect(try complaints("users: [a]\n" + lines) == messages)
}

@Test(arguments: ["tags: [a]", "names: [a]", "nsfw: PG", "since: 2025-01-01"])
func `a filter selects nothing by itself`(line: String) throws {
  #expect(try complaints(line) == ["M010 the collection `c` selects nothing"])
}

struct `The schema and the filters` {
  @Test(arguments: [
    "tags: a", "tags: [a, 2024]", "tags: { any: a, all: [b], none: [c] }", "names: \"*x*\"",
    "nsfw: XXX", "since: 2025-01-01\n    until: 2025-12-31", "versions: latest-per-base-model",
    "exclude: { tags: [], names: a }",
  ])
  func `take the same`(line: String) throws {
    #expect(try refusals(line) == [false, false])
  }

  @Test(arguments: [
    "tags:", "tags: {}", "tags: []", "tags: { any: [] }", "tags: { some: [a] }",
    "names: []", "types: []", "baseModels: []", "nsfw: PG-13", "since: January", "until: [a]",
    "exclude: { nsfw: PG }", "versions: latest-per-basemodel",
  ])
  func `refuse the same`(line: String) throws {
    #expect(try refusals(line) == [true, true])
  }

  /// Whether the decoder and the schema refuse a collection with these keys.
  private func refusals(_ line: String) throws -> [Bool] {
    let text = "version: 1\nroot: /m\ncollections:\n  c:\n    users: [u]\n    \(line)\n"
    return [
      try read(text).1.hasErrors, try !Schema.shipped().complaints(manifest: text).isEmpty,
    ]
  }
}
