/// How a diagnostic is shown to a person.
package struct DiagnosticStyle: Hashable, Sendable {
  /// ANSI colours; they never carry meaning alone.
  package var color: Bool
  /// The terminal's columns; `nil` where there is no terminal: then text is not wrapped.
  package var width: Int?

  package init(color: Bool = false, width: Int? = nil) {
    self.color = color
    self.width = width
  }

  package static let plain = DiagnosticStyle()
}

extension Diagnostic {
  /// The form for people: headline, place, excerpt with carets, notes and help. Ends without a
  /// line break.
  package func rendered(_ style: DiagnosticStyle = .plain) -> String {
    Renderer(diagnostic: self, style: style).text
  }
}

extension Sequence<Diagnostic> {
  /// All of them, a blank line between two.
  package func rendered(_ style: DiagnosticStyle = .plain) -> String {
    map { $0.rendered(style) }.joined(separator: "\n\n")
  }
}

private struct Renderer {
  let diagnostic: Diagnostic
  let style: DiagnosticStyle

  private var labels: [(span: Span, text: String?, isPrimary: Bool)] {
    guard let span = diagnostic.span else { return [] }
    return [(span, diagnostic.label, true)]
      + diagnostic.secondary.map { ($0.span, $0.text, false) }
  }

  /// Columns that the line numbers take.
  private var gutter: Int {
    labels.map { String($0.span.start.line).count }.max() ?? 1
  }

  private var margin: String { String(repeating: " ", count: gutter) }

  var text: String {
    var lines = [headline]
    for file in files { lines += excerpts(in: file) }
    if !labels.isEmpty, !(diagnostic.notes.isEmpty && diagnostic.help == nil) {
      lines.append("\(margin) \(frame("|"))")
    }
    lines += diagnostic.notes.map { footer("note", $0) }
    if let help = diagnostic.help { lines.append(footer("help", help)) }
    return lines.joined(separator: "\n")
  }

  private var headline: String {
    let name = "\(diagnostic.severity.rawValue)[\(diagnostic.code)]"
    let message = wrapped(
      printable(diagnostic.message), width: style.width, first: name.count + 2, indent: 2)
    return "\(paint(name, severityColor)): \(paint(message, "1"))"
  }

  /// The primary file first, then the others as they come.
  private var files: [SourceFile] {
    var files: [SourceFile] = []
    for label in labels where !files.contains(where: { $0 === label.span.file }) {
      files.append(label.span.file)
    }
    return files
  }

  private func excerpts(in file: SourceFile) -> [String] {
    let own = labels.filter { $0.span.file === file }
    guard let first = own.first else { return [] }
    let arrow = file === diagnostic.span?.file ? "-->" : ":::"
    let place = "\(printable(file.name)):\(first.span.start.line):\(first.span.start.column)"
    var lines = ["\(margin)\(frame(arrow)) \(place)", "\(margin) \(frame("|"))"]
    let byLine = Dictionary(grouping: own) { $0.span.start.line }
    var previous: Int?
    for (line, labels) in byLine.sorted(by: { $0.key < $1.key }) {
      if let previous, line > previous + 1 { lines.append(frame("...")) }
      previous = line
      let marks = labels.map {
        Excerpt.Mark(range: $0.span.range, label: $0.text, isPrimary: $0.isPrimary)
      }
      lines += excerpt(of: line, in: file, marks: marks)
    }
    return lines
  }

  private func excerpt(of line: Int, in file: SourceFile, marks: [Excerpt.Mark]) -> [String] {
    let room = max(20, (style.width ?? 200) - gutter - 3)
    let excerpt = Excerpt(file: file, line: line, marks: marks, width: room)
    let number = String(line)
    let pad = String(repeating: " ", count: gutter - number.count)
    let source = excerpt.text.isEmpty ? "" : " " + excerpt.text
    var lines = [pad + frame("\(number) |") + source]
    for row in excerpt.rows {
      let tail = row.label.map { " " + printable($0) } ?? ""
      let mark = paint(row.marker + tail, row.isPrimary ? severityColor : frameColor)
      lines.append(
        "\(margin) \(frame("|")) \(String(repeating: " ", count: row.indent))\(mark)")
    }
    return lines
  }

  private func footer(_ name: String, _ text: String) -> String {
    let indent = labels.isEmpty ? 2 : gutter + 3
    let lead = labels.isEmpty ? "  " : "\(margin) \(frame("=")) "
    let body = wrapped(
      printable(text), width: style.width, first: indent + name.count + 2,
      indent: indent + name.count + 2)
    return "\(lead)\(paint(name, "1")): \(body)"
  }

  private var frameColor: String { "1;34" }

  private var severityColor: String {
    switch diagnostic.severity {
    case .error: "1;31"
    case .warning: "1;33"
    case .note: "1;36"
    }
  }

  private func frame(_ text: String) -> String { paint(text, frameColor) }

  private func paint(_ text: String, _ color: String) -> String {
    style.color ? "\u{1B}[\(color)m\(text)\u{1B}[0m" : text
  }
}
