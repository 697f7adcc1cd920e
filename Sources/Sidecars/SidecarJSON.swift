/// JSON as sidecars are written in it: members in the order given, one to a line at the top.
enum SidecarJSON {
  typealias Member = (name: String, value: SidecarJSON)

  case null
  case bool(Bool)
  case integer(Int64)
  case string(String)
  case array([SidecarJSON])
  case object([Member])
  /// JSON text that is taken as it is.
  case raw(String)

  static func strings(_ texts: [String]) -> SidecarJSON { .array(texts.map { .string($0) }) }

  static func optional(_ text: String?) -> SidecarJSON { text.map { .string($0) } ?? .null }

  /// The members of an object each on a line of its own; everything else on one.
  var text: String {
    guard case .object(let members) = self, !members.isEmpty else { return compact }
    let lines = members.map { "  \(Self.quoted($0.name)): \($0.value.compact)" }
    return "{\n\(lines.joined(separator: ",\n"))\n}"
  }

  var compact: String {
    switch self {
    case .null: return "null"
    case .bool(let flag): return flag ? "true" : "false"
    case .integer(let value): return String(value)
    case .string(let text): return Self.quoted(text)
    case .raw(let text): return text
    case .array(let values): return "[\(values.map(\.compact).joined(separator: ","))]"
    case .object(let members):
      let parts = members.map { "\(Self.quoted($0.name)):\($0.value.compact)" }
      return "{\(parts.joined(separator: ","))}"
    }
  }

  static func quoted(_ text: String) -> String {
    var out: [UInt8] = [UInt8(ascii: "\"")]
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): out += [UInt8(ascii: "\\"), byte]
      case UInt8(ascii: "\n"): out += "\\n".utf8
      case UInt8(ascii: "\r"): out += "\\r".utf8
      case UInt8(ascii: "\t"): out += "\\t".utf8
      case 0..<0x20, 0x7f:
        out += "\\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))".utf8
      default: out.append(byte)
      }
    }
    out.append(UInt8(ascii: "\""))
    return String(decoding: out, as: UTF8.self)
  }
}
