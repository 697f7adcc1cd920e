internal import Diagnostics

extension Composer {
  /// libyaml's problem as a diagnostic with a place and, where it can be told, a cure.
  func diagnostic(for problem: YAMLProblem) -> Diagnostic {
    if let offset = problem.byteOffset {
      let start = base + offset
      return Diagnostic(
        code: YAMLCode.control.rawValue, message: "a character that YAML does not allow",
        span: Span(file: file, range: start..<min(start + 1, file.bytes.count)),
        label: problem.text,
        help: "remove it, or write it as an escape such as `\"\\e\"` between double quotes")
    }
    let start = offsets.byte(ofScalar: problem.mark)
    let span = Span(file: file, range: start..<min(start + 1, file.bytes.count))
    if start < file.bytes.count, file.bytes[start] == UInt8(ascii: "\t") {
      return Diagnostic(
        code: YAMLCode.tab.rawValue, message: "a tab cannot indent YAML", span: span,
        help: "use spaces")
    }
    var diagnostic = Diagnostic(
      code: YAMLCode.syntax.rawValue, message: "this is not valid YAML: \(problem.text)",
      span: span, help: Self.cures.first { problem.text.contains($0.part) }?.help)
    if let context = problem.context, context.mark != problem.mark {
      let start = offsets.byte(ofScalar: context.mark)
      let place = Span(file: file, range: start..<min(start + 1, file.bytes.count))
      diagnostic.secondary = [Diagnostic.Label(span: place, text: context.text)]
    }
    return diagnostic
  }

  /// What usually lies behind libyaml's words.
  private static let cures: [(part: String, help: String)] = [
    (
      "mapping values are not allowed",
      "a value with `: ` in it needs quotes; else check the indentation"
    ),
    ("could not find expected ':'", "is there a `:` missing after the key?"),
    ("did not find expected key", "check the indentation of this line and of the one before"),
    (
      "did not find expected '-' indicator",
      "the items of a list begin with `- `, all at one indentation"
    ),
    ("unexpected end of stream", "is a quote or bracket left open?"),
    ("expected ',' or ']'", "is a `,` or the closing `]` missing?"),
    ("expected ',' or '}'", "is a `,` or the closing `}` missing?"),
    (
      "cannot start any token",
      "put the value between quotes: `@`, `%` and the back-tick mean something to YAML"
    ),
    ("unknown escape", "a backslash between double quotes begins an escape; use single quotes"),
    ("did not find expected alphabetic", "a value that begins with `*` or `&` needs quotes"),
    ("block sequence entries are not allowed", "begin the list on a line of its own"),
  ]
}
