/// A JSON value whose objects keep the order of their keys: what every `--json` prints.
package indirect enum JSONNode: Sendable {
  case null
  case bool(Bool)
  case int(Int64)
  /// What is no finite number is written as `null`.
  case number(Double)
  case string(String)
  case array([JSONNode])
  case object([(String, JSONNode)])
  /// Text that is JSON already, such as a diagnostic's own form.
  case encoded(String)

  package static func int(_ value: Int) -> JSONNode { .int(Int64(value)) }

  /// `null` for `nil`.
  package static func optional<Value>(
    _ value: Value?, _ node: (Value) -> JSONNode
  ) -> JSONNode {
    value.map(node) ?? .null
  }

  /// One line of UTF-8, ended by a line break.
  ///
  /// Whatever could steer a terminal is written as an escape, so that the text is harmless to look
  /// at and exact to read back.
  package var line: [UInt8] {
    var writer = JSONWriter()
    writer.write(self)
    return writer.bytes + [UInt8(ascii: "\n")]
  }

  /// ``line`` as text.
  package var text: String { String(decoding: line, as: UTF8.self) }
}

private struct JSONWriter {
  private(set) var bytes: [UInt8] = []

  mutating func write(_ node: JSONNode) {
    switch node {
    case .null: append("null")
    case .bool(let value): append(value ? "true" : "false")
    case .int(let value): append(String(value))
    case .number(let value): append(value.isFinite ? "\(value)" : "null")
    case .string(let text): write(string: text)
    case .encoded(let text): append(text)
    case .array(let nodes):
      list("[", "]", nodes) { writer, node in writer.write(node) }
    case .object(let fields):
      list("{", "}", fields) { writer, field in
        writer.write(string: field.0)
        writer.append(":")
        writer.write(field.1)
      }
    }
  }

  private mutating func list<Element>(
    _ open: String, _ close: String, _ elements: [Element],
    _ body: (inout JSONWriter, Element) -> Void
  ) {
    append(open)
    for (index, element) in elements.enumerated() {
      if index > 0 { append(",") }
      body(&self, element)
    }
    append(close)
  }

  private mutating func append(_ text: String) { bytes += text.utf8 }

  private mutating func write(string text: String) {
    append("\"")
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": append("\\\"")
      case "\\": append("\\\\")
      case "\n": append("\\n")
      case "\r": append("\\r")
      case "\t": append("\\t")
      case _ where Self.isEscaped(scalar): escape(scalar)
      default: bytes += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
      }
    }
    append("\"")
  }

  /// Controls, and what turns the reading direction or breaks a line. All are below U+10000.
  private static func isEscaped(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF:
      true
    default: false
    }
  }

  private mutating func escape(_ scalar: Unicode.Scalar) {
    let hex = String(scalar.value, radix: 16)
    append("\\u" + String(repeating: "0", count: 4 - hex.count) + hex)
  }
}
