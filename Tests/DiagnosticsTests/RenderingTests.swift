import Diagnostics
import Testing

private func span(_ file: SourceFile, _ text: String) throws -> Span {
  let bytes = Array(text.utf8)
  let start = try #require(
    file.bytes.indices.first { file.bytes[$0...].starts(with: bytes) })
  return Span(file: file, range: start..<start + bytes.count)
}

@Test func `a diagnostic shows headline, place, excerpt, caret and help`() throws {
  let file = SourceFile(name: "civsync.yaml", text: "version: 1\nrooot: /x\n")
  let diagnostic = Diagnostic(
    code: "M003", message: "unknown key `rooot`", span: try span(file, "rooot"),
    notes: ["keys are written as the reference has them"], help: "did you mean `root`?")
  #expect(
    diagnostic.rendered() == """
      error[M003]: unknown key `rooot`
       --> civsync.yaml:2:1
        |
      2 | rooot: /x
        | ^^^^^
        |
        = note: keys are written as the reference has them
        = help: did you mean `root`?
      """)
}

@Test func `two places of one file stand in one excerpt with dots between`() throws {
  let lines = (1...12).map { "key\($0): v\($0)" }.joined(separator: "\n")
  let file = SourceFile(name: "a.yaml", text: lines)
  let diagnostic = Diagnostic(
    code: "Y012", severity: .warning, message: "twice", span: try span(file, "key12"),
    label: "again here",
    secondary: [
      Diagnostic.Label(span: try span(file, "key2"), text: "first here"),
      Diagnostic.Label(span: try span(file, "v12"), text: "with this"),
    ])
  #expect(
    diagnostic.rendered() == """
      warning[Y012]: twice
        --> a.yaml:12:1
         |
       2 | key2: v2
         | ---- first here
      ...
      12 | key12: v12
         | ^^^^^ again here
         |        --- with this
      """)
}

@Test func `a place in another file is shown under its own name`() throws {
  let first = SourceFile(name: "a.yaml", text: "a: 1")
  let second = SourceFile(name: "b.yaml", text: "b: 2")
  let diagnostic = Diagnostic(
    code: "X001", severity: .note, message: "two files", span: try span(first, "a"),
    secondary: [Diagnostic.Label(span: try span(second, "2"), text: "there")])
  #expect(
    diagnostic.rendered() == """
      note[X001]: two files
       --> a.yaml:1:1
        |
      1 | a: 1
        | ^
       ::: b.yaml:1:4
        |
      1 | b: 2
        |    - there
      """)
}

@Test func `without a place there is no excerpt`() {
  let diagnostic = Diagnostic(
    code: "E001", message: "no network", notes: ["it was there a minute ago"], help: "wait")
  #expect(
    diagnostic.rendered() == """
      error[E001]: no network
        note: it was there a minute ago
        help: wait
      """)
}

@Test func `tabs, wide characters and combining marks keep the caret in place`() throws {
  let file = SourceFile(name: "w.yaml", text: "\ta: 日本 e\u{301} here\n")
  let rendered = Diagnostic(code: "X", message: "m", span: try span(file, "here")).rendered()
  let lines = rendered.split(separator: "\n")
  #expect(lines[3] == "1 |     a: 日本 e\u{301} here")
  #expect(lines[4] == "  |               ^^^^")
  #expect(lines[1] == " --> w.yaml:1:11")
}

@Test func `what could deceive a terminal is not printed`() throws {
  let file = SourceFile(
    name: "e\u{1B}[2J.yaml", bytes: Array("x: \u{1B}[31m\u{202E}y".utf8) + [0xFF])
  let diagnostic = Diagnostic(
    code: "X", message: "bad \(quoted("\u{1B}[31m"))", span: try span(file, "y"), label: "\u{7}")
  let rendered = diagnostic.rendered()
  #expect(!rendered.unicodeScalars.contains { $0.value == 0x1B || $0.value == 0x202E })
  #expect(
    rendered == """
      error[X]: bad `\\u{1b}[31m`
       --> e\\u{1b}[2J.yaml:1:10
        |
      1 | x: \u{FFFD}[31m\u{FFFD}y\u{FFFD}
        |          ^ \\u{7}
      """)
}

@Test func `an empty span has a caret, also at the end of the text`() {
  let file = SourceFile(name: "e.yaml", text: "a:\n")
  let rendered = Diagnostic(
    code: "X", message: "m", span: Span(file: file, range: 3..<3)
  ).rendered()
  #expect(rendered == "error[X]: m\n --> e.yaml:2:1\n  |\n2 |\n  | ^")
}

@Test func `a long line is cut around its mark`() throws {
  let text = String(repeating: "a", count: 5_000) + "HERE" + String(repeating: "b", count: 5_000)
  let file = SourceFile(name: "l.yaml", text: text)
  let rendered = Diagnostic(code: "X", message: "m", span: try span(file, "HERE"))
    .rendered(DiagnosticStyle(width: 44))
  #expect(
    rendered == """
      error[X]: m
       --> l.yaml:1:5001
        |
      1 | …aaaaaaaaaaaaaaaaaaaaHEREbbbbbbbbbbbbbb…
        |                      ^^^^
      """)
}

@Test func `a line that is a little too long is cut at its end or start`() throws {
  let file = SourceFile(name: "l.yaml", text: "start " + String(repeating: "m", count: 40) + " end")
  let style = DiagnosticStyle(width: 34)
  let first = Diagnostic(code: "X", message: "m", span: try span(file, "start")).rendered(style)
  #expect(first.split(separator: "\n")[3] == "1 | start mmmmmmmmmmmmmmmmmmmmmm…")
  let last = Diagnostic(code: "X", message: "m", span: try span(file, "end")).rendered(style)
  #expect(last.split(separator: "\n")[3] == "1 | …mmmmmmmmmmmmmmmmmmmmmmmm end")
  #expect(last.split(separator: "\n")[4] == "  |                           ^^^")
}

@Test func `messages are wrapped at the terminal's width and only there`() throws {
  let file = SourceFile(name: "l.yaml", text: "a: 1")
  let diagnostic = Diagnostic(
    code: "M001", message: "a message of some length that goes on", span: try span(file, "a"),
    help: "do this and then that and be done")
  #expect(
    diagnostic.rendered(DiagnosticStyle(width: 30)) == """
      error[M001]: a message of some
        length that goes on
       --> l.yaml:1:1
        |
      1 | a: 1
        | ^
        |
        = help: do this and then that
                and be done
      """)
}

@Test func `colours are added only on request`() throws {
  let file = SourceFile(name: "c.yaml", text: "a: 1")
  let diagnostic = Diagnostic(
    code: "M001", severity: .warning, message: "m", span: try span(file, "a"), help: "h")
  let colored = diagnostic.rendered(DiagnosticStyle(color: true))
  #expect(colored.hasPrefix("\u{1B}[1;33mwarning[M001]\u{1B}[0m: \u{1B}[1mm\u{1B}[0m"))
  var plain = ""
  var inEscape = false
  for character in colored {
    if character == "\u{1B}" { inEscape = true }
    if !inEscape { plain.append(character) }
    if inEscape, character == "m" { inEscape = false }
  }
  #expect(plain == diagnostic.rendered())
  for severity in Diagnostic.Severity.allCases {
    let some = Diagnostic(code: "X", severity: severity, message: "m")
    #expect(some.rendered(DiagnosticStyle(color: true)).contains(severity.rawValue))
  }
}

@Test func `a span over several lines is marked on its first one`() {
  let file = SourceFile(name: "m.yaml", text: "one two\nthree")
  let rendered = Diagnostic(
    code: "X", message: "m", span: Span(file: file, range: 4..<11)
  ).rendered()
  #expect(rendered.hasSuffix("1 | one two\n  |     ^^^"))
}

@Test func `several diagnostics are parted by a blank line, and errors are told from warnings`() {
  let warning = Diagnostic(code: "A", severity: .warning, message: "w")
  let error = Diagnostic(code: "B", message: "e")
  #expect([warning, error].rendered() == "warning[A]: w\n\nerror[B]: e")
  #expect(![warning].hasErrors)
  #expect([warning, error].hasErrors)
}
