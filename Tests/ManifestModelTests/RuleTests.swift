import Diagnostics
import ManifestModel
import Testing

@Test(arguments: [
  ("models: [{ id: 1, place: a/x }, { id: 2, place: b/x }]", []),
  ("models: [{ id: 1, place: a/x }, { id: 1@10, place: a/x }]", []),
  ("models: [{ id: 1@10, place: a/x }, { id: 1@11, place: a/x }]", ["M015"]),
  ("models: [{ id: 1@10+5, place: a/x }, { id: 1@10+6, place: a/x }]", ["M015"]),
  ("models: [1, 2]\nplace: a/x", ["M015"]),
  ("models: [1, 2]\nplace: a/{file}", []),
  ("versions: [10, 11]\nplace: a/x", ["M015"]),
  ("users: [u, v]\nplace: a/x", ["M015"]),
  ("models: [{ id: 1, place: a/\u{E9} }, { id: 2, place: \"a/e\u{301}\" }]", ["M015"]),
])
func `equal places are a mistake where the files cannot be one`(lines: String, codes: [String])
  throws
{
  #expect(try complaints(lines).map { String($0.prefix(4)) } == codes)
}

@Test func `equal places are found between collections`() throws {
  let (_, diagnostics) = try read(
    """
    version: 1
    root: /m
    collections:
      a: { models: [{ id: 1, place: x }] }
      b: { models: [{ id: 2, place: x }] }
    """)
  #expect(diagnostics.map(\.code) == ["M015"])
}

@Test(arguments: [
  ("2025-01-31", true), ("2024-02-29", true), ("2000-02-29", true), ("2023-02-29", false),
  ("1900-02-29", false), ("2025-13-01", false), ("2025-1-1", false), ("yesterday", false),
  ("2025-01-31T00:00:00Z", false),
])
func `only real days are dates`(day: String, isGood: Bool) throws {
  let found = try complaints("users: [a]\nversions: { since: \"\(day)\" }")
  #expect(found == (isGood ? [] : ["M012 `\(day)` is not a date"]))
}

@Test(arguments: [
  ("users: [a]\nversions: sinc", "M011 `versions` cannot be `sinc`"),
  ("users: [a]\nversions:", "M004 `versions` must be a policy or a list of version ids"),
  ("users: [a]\nversions: {}", "M004 `versions` must be a policy or a list of version ids"),
  ("users: [a]\nversions: [[1]]", "M004 a version id must be an id (a number)"),
  ("users: [a]\nversions: { newest: [1] }", "M004 `newest` must be a number"),
  ("users: [a]\nversions: { since: [1] }", "M004 `since` must be a date"),
  ("models: [[1]]", "M004 a model must be an id, a URL, an AIR or a map"),
  ("models: [{ id: [1] }]", "M004 a model must be an id, a URL or an AIR"),
  ("models: [1@x]", "M008 `1@x` names no model"),
  ("models: [1.5]", "M008 `1.5` names no model"),
  ("models: [1@2+x]", "M008 `1@2+x` names no model"),
  ("models: [1+2]", "M008 a file is named without its version"),
  ("models: [\"air:x\"]", "M008 `air:x` names no model"),
  ("models: [\"https://civitai.com/\"]", "M008 `https://civitai.com/` names no model"),
  (
    "models: [\"https://civitai.com/models/1?modelVersionId=x\"]",
    "M008 `https://civitai.com/models/1` names no model"
  ),
  (
    "models: [\"https://civitai.com/posts/12\"]",
    "M008 `https://civitai.com/posts/12` names no model"
  ),
  (
    "models: [\"https://civitai.com/model-versions/12\"]",
    "M008 this address names version 12, not a model"
  ),
  ("users: [a]\nfiles: [Model]", "M004 `files` must be a map"),
  ("users: [a]\nfiles: { only: [precision] }", "M004 `only` must be a map"),
  ("users: [a]\nfiles: { size: {} }", "M004 `size` must be one of `pruned`, `full`"),
  ("users: [a]\nexclude: [1]", "M004 `exclude` must be a map"),
  ("users: [a]\nexclude: { models: [x] }", "M008 `x` names no model"),
  ("users: [a]\nplace: [x]", "M004 `place` must be a path below the root"),
  ("users: [a]\nplace: \"a}b\"", "M013 a brace of `place` has no partner"),
  ("users: [a]\nplace: ~/x", "M014 `place` must be a path below the root"),
  ("users: []\nmodels: []\nversions: []", "M010 the collection `c` selects nothing"),
  ("versions: all", "M010 the collection `c` selects nothing"),
  ("versions: { newest: 1 }", "M010 the collection `c` selects nothing"),
])
func `what cannot be meant is told`(lines: String, message: String) throws {
  #expect(try complaints(lines) == [message])
}

@Test(arguments: [
  ("version: [1]\nroot: /m\ncollections: {c: {users: [a]}}", ["M004"]),
  ("version: 1\nroot: /m\ncollections: [a]", ["M004"]),
  ("version: 1\nroot: /m\nlayout: [a]\ncollections: {c: {users: [a]}}", ["M004"]),
  ("version: 1\nroot: /m\nlayout: \"{x}/{file}\"\ncollections: {c: {users: [a]}}", ["M013"]),
  ("version: 1\nroot: /m\ndefaults: 3\ncollections: {c: {users: [a]}}", ["M004"]),
  ("version: 1\nroot: /m\nsource: x\ncollections: {c: {users: [a]}}", ["M004"]),
  ("version: 1\nroot: /m\nsource: {}\ncollections: {c: {users: [a]}}", []),
  ("version: 1\nroot: [m]\ncollections: {c: {users: [a]}}", ["M004"]),
  ("version: 1\nroot: /m\ncollections: {\" c\": {users: [a]}}", ["M026"]),
  ("", ["M002"]),
])
func `the manifest's own keys are checked`(text: String, codes: [String]) throws {
  #expect(try read(text).1.map(\.code) == codes)
}

@Test(arguments: [
  ("SDXL*", "SDXL 1.0", true), ("SDXL*", "sdxl", true), ("*XL*", "SDXL Turbo", true),
  ("SD ?.5", "SD 1.5", true), ("SD ?.5", "SD 12.5", false), ("Pony", "pony", true),
  ("Pony", "Pony V7", false), ("a*b*c", "aXbXbYc", true), ("a*b*c", "aXbXb", false),
  ("*", "", true), ("", "", true), ("?", "", false),
])
func `patterns match without regard to case`(pattern: String, word: String, isMatch: Bool) {
  #expect(Pattern(pattern).matches(word) == isMatch)
}

@Test func `a hostile pattern takes no time that grows by more than the square`() {
  let pattern = Pattern(String(repeating: "a*", count: 200) + "b")
  #expect(!pattern.matches(String(repeating: "a", count: 2_000)))
}

@Test func `templates are read into pieces`() throws {
  let template = try PathTemplate(parsing: "a/{folder}-{stem}.{ext}")
  #expect(
    template.pieces == [
      .literal("a/"), .placeholder(.init([.folder])), .literal("-"), .placeholder(.init([.stem])),
      .literal("."),
      .placeholder(.init([.ext])),
    ])
  #expect(template.hasPlaceholders && template.namesFile)
  let exact = try PathTemplate(parsing: "loras/x.safetensors")
  #expect(!exact.hasPlaceholders && !exact.namesFile)
  let braces = try PathTemplate(parsing: "{{{stem}}}/{{a}}.{ext}")
  #expect(
    braces.pieces == [
      .literal("{"), .placeholder(.init([.stem])), .literal("}/{a}."), .placeholder(.init([.ext])),
    ])
  let path = "loras/{a}}/${b}{.bin"
  #expect(
    try PathTemplate(parsing: PathTemplate.escaping(path)).pieces == [.literal(path)])
  let folder = try PathTemplate(parsing: "loras/")
  #expect(folder.pieces == [.literal("loras/"), .placeholder(.init([.file]))])
  #expect(throws: PathTemplate.Problem(reason: .empty, range: 0..<0)) {
    try PathTemplate(parsing: "")
  }
  #expect(throws: PathTemplate.Problem(reason: .climbs, range: 0..<2)) {
    try PathTemplate(parsing: "../{file}")
  }
}
