import Diagnostics
import Testing
import YAMLSource

private func refusal(_ text: String) -> String {
  refusal(bytes: Array(text.utf8))
}

private func refusal(bytes: [UInt8]) -> String {
  let (root, diagnostics) = parseYAML(SourceFile(name: "t.yaml", bytes: bytes))
  #expect(root == nil)
  #expect(diagnostics.count == 1)
  return diagnostics.first.map {
    "\($0.code) \($0.span.map { "\($0.start.line):\($0.start.column)" } ?? "-")"
  } ?? "accepted"
}

@Test func `nesting beyond the limit is refused at its place`() {
  #expect(refusal(String(repeating: "[", count: 200_000)) == "Y007 1:65")
  #expect(refusal(String(repeating: "{a: ", count: 200_000)) == "Y007 1:257")
  #expect(refusal(String(repeating: "- ", count: 200_000)) == "Y007 1:129")
  #expect(refusal(String(repeating: "[\n", count: 200_000)) == "Y007 65:1")
}

@Test func `sixty-four levels are accepted`() {
  let text = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
  #expect(parseYAML(SourceFile(name: "t", text: text)).root?.weight == 64)
}

@Test func `an alias bomb is refused before it goes off`() {
  var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
  for level in 1...30 {
    let items = [String](repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
    text += "a\(level): &a\(level) [\(items)]\n"
  }
  #expect(refusal(text) == "Y009 6:25")
}

@Test func `a bomb of merges is refused too`() {
  var text = "m0: &m0 {k: [" + String(repeating: "x, ", count: 1_000) + "]}\n"
  for level in 1...2_000 { text += "m\(level): {<<: *m0}\n" }
  #expect(refusal(text).hasPrefix("Y009"))
}

@Test func `limits are the caller's`() {
  var limits = YAMLLimits()
  limits.nodes = 3
  let file = SourceFile(name: "t", text: "[a, b, c]")
  #expect(parseYAML(file, limits: limits).diagnostics.map(\.code) == ["Y009"])
  limits.nodes = 4
  #expect(parseYAML(file, limits: limits).diagnostics.isEmpty)
}

@Test func `a huge scalar is refused, a long one is not`() {
  #expect(refusal("k: " + String(repeating: "x", count: 65_537)) == "Y008 1:4")
  let text = "k: " + String(repeating: "x", count: 65_536)
  #expect(parseYAML(SourceFile(name: "t", text: text)).diagnostics.isEmpty)
}

@Test func `a file over four mebibytes is refused`() {
  #expect(refusal(bytes: [UInt8](repeating: 0x20, count: (4 << 20) + 1)) == "Y001 1:1")
}

@Test func `aliases of aliases do not nest deeper than lists may`() {
  let nested = "a: &a " + String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
  let deep = "\nb: " + String(repeating: "[", count: 30) + "*a"
  #expect(refusal(nested + deep + String(repeating: "]", count: 30) + "\n") == "Y007 2:34")
  #expect(parseYAML(SourceFile(name: "t", text: nested + "\nb: [[*a]]\n")).diagnostics.isEmpty)
}

@Test func `what is no text is refused at its byte`() {
  #expect(refusal(bytes: Array("a: b\nc: ".utf8) + [0xC3, 0x28]) == "Y002 2:4")
  #expect(refusal(bytes: Array("a: ".utf8) + [0xE2, 0x82]) == "Y002 1:4")
  #expect(refusal(bytes: [0xFF, 0xFE, 0x61, 0x00]) == "Y002 1:1")
  #expect(refusal(bytes: [0xFE, 0xFF, 0x00, 0x61]) == "Y002 1:1")
  #expect(refusal(bytes: Array("a: 1\nb: ".utf8) + [0x00]) == "Y003 2:4")
  #expect(refusal("a: é\nb: é \u{1B}[31m\n") == "Y004 2:6")
}

@Test func `a tab that indents is named`() {
  #expect(refusal("a:\n\tb: 1\n") == "Y005 2:1")
}

@Test(arguments: [
  ("a: b: c", "Y006 1:5"), ("a: [1, 2\nb: 3\n", "Y006 2:2"), ("a: \"open\n", "Y006 2:1"),
  ("a: @x", "Y006 1:4"), ("a: *nope", "Y010 1:4"), ("a: &a [*a]", "Y010 1:8"),
  ("a: 1\n---\nb: 2\n", "Y011 2:1"), ("a: !x 1", "Y013 1:4"), ("%TAG ! tag:x:\n---\na", "Y013 1:1"),
])
func `broken YAML is refused with its place`(text: String, place: String) {
  #expect(refusal(text) == place)
}

@Test func `many directives are refused without comparing them all`() {
  let text = (0..<100_000).map { "%TAG !a\($0)! x\n" }.joined()
  #expect(refusal(text + "---\na") == "Y013 1:1")
  #expect(parseYAML(SourceFile(name: "t", text: "a: '5%TAG'\n")).diagnostics.isEmpty)
}
