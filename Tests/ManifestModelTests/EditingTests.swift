import Core
import Diagnostics
import ManifestModel
import Testing

/// A manifest before and after an addition; every other byte is to stay.
struct Edit: CustomTestStringConvertible, Sendable {
  var name: String
  var before: String
  var after: String
  var collection = "base"
  var additions = [ManifestAddition(.models, "7", comment: "Seven")]

  var testDescription: String { name }
}

private let both = [ManifestAddition(.models, "7"), ManifestAddition(.users, "some one")]

private let edits: [Edit] = [
  Edit(
    name: "a block list",
    before:
      "collections:\n  base:\n    models:\n      - 1  # one\n      - 2\n\n  # next\n  b: { users: [u] }\n",
    after:
      "collections:\n  base:\n    models:\n      - 1  # one\n      - 2\n      - 7  # Seven\n\n  # next\n  b: { users: [u] }\n"
  ),
  Edit(
    name: "a list that is not indented, and comments after it",
    before: "collections:\n  base:\n    models:\n    - 1\n    # the end\n    users: [u]\n",
    after:
      "collections:\n  base:\n    models:\n    - 1\n    - 7  # Seven\n    # the end\n    users: [u]\n"
  ),
  Edit(
    name: "an item that is a map over lines",
    before: "collections:\n  base:\n    models:\n      - id: 1\n        versions: all\n",
    after:
      "collections:\n  base:\n    models:\n      - id: 1\n        versions: all\n      - 7  # Seven\n"
  ),
  Edit(
    name: "a flow list", before: "collections:\n  base: { models: [1, 2] } # c\n",
    after: "collections:\n  base: { models: [1, 2, 7] } # c\n"),
  Edit(
    name: "a flow list over lines",
    before: "collections:\n  base:\n    models: [\n      1,\n      2\n    ]\n",
    after: "collections:\n  base:\n    models: [\n      1,\n      2, 7\n    ]\n"),
  Edit(
    name: "an empty list", before: "collections:\n  base: { models: [] }\n",
    after: "collections:\n  base: { models: [7] }\n"),
  Edit(
    name: "a single value", before: "collections:\n  base:\n    models: 1 # one\n",
    after: "collections:\n  base:\n    models: [1, 7] # one\n"),
  Edit(
    name: "a key without a value", before: "collections:\n  base:\n    users: [u]\n    models:\n",
    after: "collections:\n  base:\n    users: [u]\n    models: [7]\n"),
  Edit(
    name: "a collection without that key",
    before: "collections:\n    base:\n        users: [u]\n        types: [LORA]\n\nstore: s\n",
    after:
      "collections:\n    base:\n        users: [u]\n        types: [LORA]\n        models:\n          - 7  # Seven\n\nstore: s\n"
  ),
  Edit(
    name: "a flow collection without that key",
    before: "collections: { base: { users: [u] }, b: { users: [v] } }\n",
    after: "collections: { base: { users: [u], models: [7] }, b: { users: [v] } }\n"),
  Edit(
    name: "another collection",
    before: "collections:\n  a:\n    users: [u]\n  # about b\n  b: { users: [v] }\n# end\n",
    after:
      "collections:\n  a:\n    users: [u]\n  # about b\n  b: { users: [v] }\n  base:\n    models:\n      - 7  # Seven\n# end\n"
  ),
  Edit(
    name: "another collection in a flow map", before: "collections: { a: { users: [u] } }\n",
    after: "collections: { a: { users: [u] }, base: { models: [7] } }\n"),
  Edit(
    name: "no collections yet", before: "version: 1\nroot: m\ncollections: {}  # none\n",
    after: "version: 1\nroot: m\ncollections:  # none\n  base:\n    models:\n      - 7  # Seven\n"),
  Edit(
    name: "collections without a value", before: "collections:\nroot: m\n",
    after: "collections:\n  base:\n    models:\n      - 7  # Seven\nroot: m\n"),
  Edit(
    name: "no such key at all", before: "version: 1\nroot: m",
    after: "version: 1\nroot: m\ncollections:\n  base:\n    models:\n      - 7  # Seven\n"),
  Edit(
    name: "no line break at the end", before: "collections:\n  base:\n    models:\n      - 1",
    after: "collections:\n  base:\n    models:\n      - 1\n      - 7  # Seven"),
  Edit(
    name: "lines that end as in Windows",
    before: "collections:\r\n  base:\r\n    models:\r\n      - 1\r\n",
    after: "collections:\r\n  base:\r\n    models:\r\n      - 1\r\n      - 7  # Seven\r\n"),
  Edit(
    name: "a creator and a model, a name that needs quotes",
    before: "collections:\n  base:\n    models:\n      - 1\n",
    after:
      "collections:\n  base:\n    models:\n      - 1\n      - 7\n    users:\n      - \"some one\"\n",
    additions: both),
  Edit(
    name: "a comment that would break out of its line",
    before: "collections:\n  base:\n    models:\n      - 1\n",
    after: "collections:\n  base:\n    models:\n      - 1\n      - 7  # a b c\n",
    additions: [ManifestAddition(.models, "7", comment: "a\nb\u{2028}c")]),
]

struct `Editing a manifest` {
  @Test(arguments: edits)
  func `puts the addition where it belongs and leaves the rest`(edit: Edit) throws {
    let file = SourceFile(name: "civsync.yaml", text: edit.before)
    let after = try adding(edit.additions, to: edit.collection, in: file)
    #expect(String(decoding: after, as: UTF8.self) == edit.after)
  }

  @Test(arguments: [
    "x: &x [1]\ncollections:\n  base:\n    models: *x\n",
    "x: &x { models: [1] }\ncollections:\n  base: *x\n",
    "x: &x { models: [1] }\ncollections:\n  base:\n    <<: *x\n    users: [u]\n",
    "collections:\n  base:\n    models: [\n      1,  # one\n      2,  # two\n    ]\n",
    "collections:\n  base:\n    models: { id: 1 }\n",
  ])
  func `leaves alone what is too clever for it`(text: String) {
    #expect(throws: ManifestEditProblem.tooClever) {
      try adding(
        [ManifestAddition(.models, "7")], to: "base", in: SourceFile(name: "m", text: text))
    }
  }

  @Test(arguments: ["- a\n", "a: [\n", "collections: 3\n", "collections:\n  base: 3\n"])
  func `leaves alone what it cannot read`(text: String) {
    #expect(throws: ManifestEditProblem.unreadable) {
      try adding(
        [ManifestAddition(.models, "7")], to: "base", in: SourceFile(name: "m", text: text))
    }
  }

  /// Every text that the decoder's own tests hold to be right: with an addition it still reads, or
  /// is left alone.
  @Test(arguments: `The schema for editors`.good)
  func `keeps every line of a manifest that is right`(text: String) throws {
    let file = SourceFile(name: "m", text: text)
    guard let after = try? adding([ManifestAddition(.models, "99")], to: "a", in: file) else {
      return
    }
    let new = String(decoding: after, as: UTF8.self)
    let (manifest, diagnostics) = try read(new)
    #expect(diagnostics.filter { $0.severity == .error }.rendered() == "")
    let spec = try #require(manifest?.collections.first { $0.name == "a" })
    #expect(spec.models.contains { $0.id == 99 })
    // What was changed was one line, or lines came.
    let old = text.split(separator: "\n", omittingEmptySubsequences: false)
    let lines = new.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(old.count { !lines.contains($0) } <= 1)
  }
}
