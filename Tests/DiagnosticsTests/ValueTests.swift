import Diagnostics
import Testing

@Test func `lines end at LF, CR LF and a lone CR`() {
  let file = SourceFile(name: "f", text: "a\nbb\r\nc\rdé!")
  #expect(file.position(at: 0) == SourceFile.Position(line: 1, column: 1))
  #expect(file.position(at: 3) == SourceFile.Position(line: 2, column: 2))
  #expect(file.position(at: 6) == SourceFile.Position(line: 3, column: 1))
  #expect(file.position(at: 11) == SourceFile.Position(line: 4, column: 3))
  #expect(file.position(at: 99) == SourceFile.Position(line: 4, column: 4))
  #expect(file.position(at: -1) == SourceFile.Position(line: 1, column: 1))
  #expect(file.lineRange(2) == 2..<4)
  #expect(file.lineRange(9).isEmpty)
}

@Test func `spans are one when file and bytes are one`() {
  let file = SourceFile(name: "f", text: "abc")
  let twin = SourceFile(name: "f", text: "abc")
  #expect(Span(file: file, range: 0..<1) == Span(file: file, range: 0..<1))
  #expect(Span(file: file, range: 0..<1) != Span(file: twin, range: 0..<1))
  #expect(Set([Span(file: file, range: 1..<2), Span(file: file, range: 1..<2)]).count == 1)
  #expect(Span(file: file, range: 2..<90).range == 2..<3)
  #expect(Span(file: file, range: 1..<2).description == "f:1:2")
}

@Test(arguments: [
  ("baseModel", "baseModels"), ("BASEMODELS", "baseModels"), ("user", "users"),
  ("exlcude", "exclude"), ("modles", "models"),
])
func `a slip of the keys finds the word that was meant`(word: String, meant: String) {
  #expect(nearest(word, among: ["users", "models", "baseModels", "exclude"]) == meant)
}

@Test func `what is far from all words finds none`() {
  let words = ["users", "models"]
  #expect(nearest("protect", among: words) == nil)
  #expect(nearest("", among: words) == nil)
  #expect(nearest(String(repeating: "u", count: 70_000), among: words) == nil)
}

@Test func `quoted text is short and harmless`() {
  #expect(quoted("a b") == "`a b`")
  #expect(quoted("a\nb\u{200F}") == "`a\\u{a}b\\u{200f}`")
  #expect(quoted(String(repeating: "x", count: 90), limit: 3) == "`xxx…`")
}

@Test func `the JSON form has every field and escapes`() {
  let file = SourceFile(name: "a\"b.yaml", text: "k: v\nk: w")
  let diagnostic = Diagnostic(
    code: "Y012", message: "tab\there\u{1}", span: Span(file: file, range: 5..<6), label: "again",
    secondary: [Diagnostic.Label(span: Span(file: file, range: 0..<1), text: "first")],
    notes: ["line\nbreak\r", "back\\slash"], help: "h")
  #expect(
    [diagnostic].json == """
      [{"code":"Y012","severity":"error","message":"tab\\there\\u0001",\
      "span":{"file":"a\\"b.yaml","line":2,"column":1,"endLine":2,"endColumn":2,"start":5,"end":6,\
      "label":"again"},"secondary":[{"file":"a\\"b.yaml","line":1,"column":1,"endLine":1,\
      "endColumn":2,"start":0,"end":1,"label":"first"}],\
      "notes":["line\\nbreak\\r","back\\\\slash"],"help":"h"}]
      """)
  #expect(
    Diagnostic(code: "A", severity: .note, message: "m").json
      == #"{"code":"A","severity":"note","message":"m"}"#)
}
