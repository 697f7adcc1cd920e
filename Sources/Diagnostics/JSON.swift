extension Diagnostic {
  /// The form for programs: one JSON object on one line. Offsets are bytes from 0; lines and
  /// columns count from 1, columns in Unicode scalars; what there is none of is left out.
  package var json: String {
    var fields = [
      "\"code\":\(jsonString(code))",
      "\"severity\":\(jsonString(severity.rawValue))",
      "\"message\":\(jsonString(message))",
    ]
    if let span { fields.append("\"span\":\(span.json(label: label))") }
    if !secondary.isEmpty {
      let spans = secondary.map { $0.span.json(label: $0.text) }
      fields.append("\"secondary\":[\(spans.joined(separator: ","))]")
    }
    if !notes.isEmpty {
      fields.append("\"notes\":[\(notes.map(jsonString).joined(separator: ","))]")
    }
    if let help { fields.append("\"help\":\(jsonString(help))") }
    return "{\(fields.joined(separator: ","))}"
  }
}

extension Sequence<Diagnostic> {
  /// A JSON array of all of them, on one line.
  package var json: String { "[\(map(\.json).joined(separator: ","))]" }
}

extension Span {
  fileprivate func json(label: String?) -> String {
    let start = start
    let end = end
    var fields = [
      "\"file\":\(jsonString(file.name))",
      "\"line\":\(start.line)", "\"column\":\(start.column)",
      "\"endLine\":\(end.line)", "\"endColumn\":\(end.column)",
      "\"start\":\(range.lowerBound)", "\"end\":\(range.upperBound)",
    ]
    if let label { fields.append("\"label\":\(jsonString(label))") }
    return "{\(fields.joined(separator: ","))}"
  }
}

/// A JSON string literal, quotes included.
package func jsonString(_ text: String) -> String {
  var out = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": out += "\\\""
    case "\\": out += "\\\\"
    case "\n": out += "\\n"
    case "\r": out += "\\r"
    case "\t": out += "\\t"
    case _ where scalar.value < 0x20 || scalar.value == 0x7F:
      let hex = String(scalar.value, radix: 16)
      out += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
    default: out.unicodeScalars.append(scalar)
    }
  }
  return out + "\""
}
