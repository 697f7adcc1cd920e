import Diagnostics
import Testing
import YAMLSource

private func parse(_ text: String) -> (root: YAMLNode?, diagnostics: [Diagnostic]) {
  parseYAML(SourceFile(name: "t.yaml", text: text))
}

/// A node as one line, to compare with.
private func shape(_ node: YAMLNode?) -> String {
  guard let node else { return "nothing" }
  switch node.content {
  case .scalar(let scalar): return node.isNull ? "null" : scalar.text
  case .sequence(let items): return "[" + items.map { shape($0) }.joined(separator: " ") + "]"
  case .mapping(let pairs):
    return "{" + pairs.map { "\($0.name)=\(shape($0.value))" }.joined(separator: " ") + "}"
  }
}

private func excerpt(_ span: Span) -> String {
  String(decoding: span.file.bytes[span.range], as: UTF8.self)
}

@Test func `scalars, lists and maps become nodes in the file's order`() throws {
  let (root, diagnostics) = parse("b: [1, two, '3']\na:\n  - x\n  -\nc: {d: ~, e: \"null\"}\n")
  #expect(diagnostics.isEmpty)
  #expect(shape(root) == "{b=[1 two 3] a=[x null] c={d=null e=null}}")
  #expect(root?.weight == 16)
}

@Test func `only plain scalars can be nothing, and the style is kept`() throws {
  let (root, _) = parse("- null\n- 'null'\n- !!str null\n- |\n  text\n- >\n  folded\n- \"q\"\n")
  guard case .sequence(let items) = try #require(root).content else {
    Issue.record("no list")
    return
  }
  #expect(items.map(\.isNull) == [true, false, false, false, false, false])
  let styles: [YAMLScalar.Style?] = items.map { $0.scalar?.style }
  #expect(styles == [.plain, .singleQuoted, .plain, .literal, .folded, .doubleQuoted])
  #expect(items.map { excerpt($0.span) }[3...4] == ["|\n  text", ">\n  folded"])
  #expect(excerpt(items[2].span) == "null")
}

@Test func `spans are bytes, after wide characters and a byte order mark too`() throws {
  let text = "\u{FEFF}# \(String(repeating: "日", count: 100))\nné: [ä, &x 日本]\nend: last\n"
  let (root, diagnostics) = parse(text)
  #expect(diagnostics.isEmpty)
  guard case .mapping(let pairs) = try #require(root).content,
    case .sequence(let items) = pairs[0].value.content
  else {
    Issue.record("not the expected shape")
    return
  }
  #expect(pairs.map { excerpt($0.keySpan) } == ["né", "end"])
  #expect(items.map { excerpt($0.span) } == ["ä", "日本"])
  #expect(excerpt(pairs[0].value.span) == "[ä, &x 日本]")
  #expect(excerpt(pairs[1].value.span) == "last")
  #expect(pairs[1].keySpan.start == SourceFile.Position(line: 3, column: 1))
}

@Test func `a block collection ends with its last item`() throws {
  let (root, _) = parse("a:\n  b: 1\n  c: 2\n\n\nd: 3\n")
  guard case .mapping(let pairs) = try #require(root).content else { return }
  #expect(excerpt(pairs[0].value.span) == "b: 1\n  c: 2")
}

@Test func `aliases are replaced and merges merged, own keys first`() {
  let (root, diagnostics) = parse(
    "a: &a {x: 1, y: 2}\nb: &b {y: 3, z: 4}\nc: {<<: [*a, *b], x: 9}\nd: {<<: *a}\ne: *b\n")
  #expect(diagnostics.isEmpty)
  #expect(
    shape(root) == "{a={x=1 y=2} b={y=3 z=4} c={x=9 y=2 z=4} d={x=1 y=2} e={y=3 z=4}}")
}

@Test func `an empty document is nothing and no error`() {
  for text in ["", "# only a comment\n", "---\n...\n"] {
    let (root, diagnostics) = parse(text)
    #expect(diagnostics.isEmpty)
    #expect(root.map(\.isNull) ?? true)
  }
}

@Test func `NUL by escape is part of a text`() {
  #expect(parse("\"a\\0b\"").root?.scalar?.text == "a\u{0}b")
}

@Test func `what is wrong but readable is all collected`() {
  let (root, diagnostics) = parse("a: 1\na: 2\n[x]: 3\nb: {<<: 4, <<: 5}\nc: !m {}\nd: !s []\n")
  #expect(root != nil)
  #expect(
    diagnostics.map(\.code).sorted() == ["Y012", "Y012", "Y013", "Y013", "Y014", "Y015"])
}
