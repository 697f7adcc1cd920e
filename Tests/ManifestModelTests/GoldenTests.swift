import Core
import Diagnostics
import ManifestModel
import Testing
import YAMLSource

/// A manifest and exactly what is said about it.
struct Golden: CustomTestStringConvertible, Sendable {
  var code: String
  var name: String
  var text: String
  var rendered: String

  var testDescription: String { "\(code) \(name)" }
}

/// What cannot be written as a text in a table is tested one by one, below, in `LayerTests` and in
/// `YAMLSource`.
private let elsewhere: Set<String> = [
  "Y001", "Y002", "Y003", "Y007", "Y008", "Y009", "M001", "M030", "M042", "M043", "M044", "M045",
  "M046",
]

private let goldens =
  goldenYAML + goldenShape + goldenReferences + goldenChoices + goldenPlaces + goldenSources
  + goldenNames + goldenFilters + goldenVariables + goldenTrees + goldenObjects + goldenLimits
  + goldenRates

private func rendered(_ answer: LoadedManifest) throws -> String {
  try read(answer).1.rendered()
}

@Test(arguments: goldens)
func `each mistake is told in these words`(golden: Golden) throws {
  let (manifest, diagnostics) = try read(golden.text)
  #expect(diagnostics.rendered() == golden.rendered)
  #expect(diagnostics.map(\.code) == [golden.code])
  #expect((manifest == nil) == diagnostics.hasErrors)
}

@Test func `every code has its golden text`() {
  let codes = ManifestCode.allCases.map(\.rawValue) + YAMLCode.allCases.map(\.rawValue)
  #expect(Set(goldens.map(\.code)).union(elsewhere) == Set(codes))
  #expect(Set(codes).count == codes.count)
}

@Test func `a manifest that cannot be read is told without an excerpt`() throws {
  let help =
    "  help: name another with `-f`, or write one: `civsync.yaml` in the current folder"
  #expect(
    try rendered(.missing)
      == "error[M001]: cannot read the manifest `civsync.yaml`: there is no such file\n\(help)")
  #expect(
    try rendered(.unreadable("it is a folder"))
      == "error[M001]: cannot read the manifest `civsync.yaml`: it is a folder\n\(help)")
}

@Test func `bytes that are no text are told at their place`() throws {
  #expect(
    try rendered(.found(Array("version: ".utf8) + [0xFF])) == """
      error[Y002]: the file is not UTF-8
       --> civsync.yaml:1:10
        |
      1 | version: \u{FFFD}
        |          ^ the byte 0xFF cannot stand here
        |
        = help: save the file as UTF-8
      """)
  #expect(
    try rendered(.found(Array("version: ".utf8) + [0])) == """
      error[Y003]: there is a NUL byte in the file
       --> civsync.yaml:1:10
        |
      1 | version: \u{FFFD}
        |          ^
        |
        = help: YAML is text; is this the right file?
      """)
}

@Test func `a file beyond the limits is told at its place`() throws {
  #expect(
    try rendered(.found([UInt8](repeating: UInt8(ascii: "#"), count: manifestByteLimit + 1)))
      .hasPrefix("error[Y001]: the file is larger than 4194304 bytes\n --> civsync.yaml:1:1\n"))
  let deep = "a: " + String(repeating: "[", count: 70)
  #expect(
    try rendered(.found(Array(deep.utf8))) == """
      error[Y007]: more than 64 lists and maps inside one another
       --> civsync.yaml:1:67
        |
      1 | \(deep)
        | \(String(repeating: " ", count: 66))^
        |
        = help: no manifest needs that; is this the right file?
      """)
  let long = "a: \"" + String(repeating: "x", count: 70_000) + "\""
  #expect(
    try rendered(.found(Array(long.utf8))) == """
      error[Y008]: a value of more than 65536 bytes begins here
       --> civsync.yaml:1:4
        |
      1 | a: "\(String(repeating: "x", count: 190))…
        |    ^
        |
        = help: no value of a manifest is that long; is a quote left open?
      """)
  let many =
    "a: &a [" + String(repeating: "1,", count: 999) + "]\nb:\n"
    + String(repeating: "- *a\n", count: 500)
  #expect(
    try rendered(.found(Array(many.utf8))) == """
      error[Y009]: the file holds more than 500000 values, aliases expanded
         --> civsync.yaml:501:3
          |
      501 | - *a
          |   ^^ the limit is passed here
          |
          = help: split the manifest, or use fewer aliases
      """)
}

@Test func `beyond five hundred mistakes it is said that there are more`() throws {
  let keys = (0..<700).map { "key\($0): 1\n" }.joined()
  let (_, diagnostics) = try read(
    "version: 1\nroot: /m\n\(keys)collections: { c: { users: [a, a] } }\n")
  #expect(diagnostics.count == 501)
  #expect(
    diagnostics.last?.rendered() == "note[M030]: `civsync.yaml` has more mistakes than these 500")
}

@Test func `no flood of warnings hides an error`() throws {
  let users = [String](repeating: "a", count: 3_000).joined(separator: ", ")
  let (manifest, diagnostics) = try read(
    "version: 1\nroot: /m\ncollections: { c: { users: [\(users)], typs: x } }\n")
  #expect(manifest == nil)
  #expect(diagnostics.count == 501)
  #expect(diagnostics.first?.code == "M003")
}

@Test func `floods of mistakes are cut where they arise`() throws {
  let keys = [String](repeating: "a: 1\n", count: 3_000).joined()
  let tags = [String](repeating: "!x [],", count: 3_000).joined()
  for text in [keys, "b: [\(tags)]\n", keys + "b: [\(tags)]\n"] {
    let (manifest, diagnostics) = try read(text)
    #expect(manifest == nil)
    #expect(diagnostics.count == 501)
  }
}

@Test func `a manifest of two thousand lines with fifty mistakes tells all of them`() throws {
  var text = "version: 1\nroot: /models\ncollections:\n"
  for index in 0..<200 {
    text += "  c\(index):\n    models:\n"
    for model in 1...7 { text += "      - \(index * 10 + model)\n" }
    text += index % 4 == 0 ? "    basemodels: [SDXL]\n" : "    baseModels: [SDXL]\n"
  }
  let (manifest, diagnostics) = try read(text)
  #expect(manifest == nil)
  #expect(diagnostics.map(\.code) == [String](repeating: "M003", count: 50))
  #expect(diagnostics.map { $0.span?.start.line } == (0..<50).map { 13 + 40 * $0 })
}

@Test func `mistakes of every kind are told in one go, by their place`() throws {
  let (manifest, diagnostics) = try read(
    """
    version: 3
    root: ${NOWHERE}/models
    layuot: comfyui
    link: linky
    collections:
      a: { users: [x], baseModel: SDXL }
      b: {}
      c: { models: [nope, 12], versions: { newest: none } }
    """)
  #expect(manifest == nil)
  #expect(
    diagnostics.map(\.code) == ["M006", "M017", "M003", "M011", "M003", "M010", "M008", "M027"])
}
