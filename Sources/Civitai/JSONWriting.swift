extension JSONValue {
  /// The value as compact JSON text: members in their order, numbers that read back as the same.
  package var text: String {
    var out: [UInt8] = []
    write(to: &out)
    return String(decoding: out, as: UTF8.self)
  }

  private func write(to out: inout [UInt8]) {
    switch self {
    case .null: out += "null".utf8
    case .bool(let flag): out += (flag ? "true" : "false").utf8
    case .integer(let value): out += String(value).utf8
    case .number(let value): out += Self.number(value).utf8
    case .string(let text): Self.quote(text, to: &out)
    case .array(let values):
      Self.list(values, "[", "]", to: &out) { value, out in value.write(to: &out) }
    case .object(let members):
      Self.list(members, "{", "}", to: &out) { member, out in
        Self.quote(member.name, to: &out)
        out.append(UInt8(ascii: ":"))
        member.value.write(to: &out)
      }
    }
  }

  private static func list<Item>(
    _ items: [Item], _ open: Unicode.Scalar, _ close: Unicode.Scalar, to out: inout [UInt8],
    _ body: (Item, inout [UInt8]) -> Void
  ) {
    out.append(UInt8(ascii: open))
    for (index, item) in items.enumerated() {
      if index > 0 { out.append(UInt8(ascii: ",")) }
      body(item, &out)
    }
    out.append(UInt8(ascii: close))
  }

  /// The shortest digits that read back as the same number. One that was too large for a double
  /// is written as a number that is too large again.
  private static func number(_ value: Double) -> String {
    if value.isFinite { return String(value) }
    return value < 0 ? "-1e999" : "1e999"
  }

  private static func quote(_ text: String, to out: inout [UInt8]) {
    out.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): out += [UInt8(ascii: "\\"), byte]
      case UInt8(ascii: "\n"): out += "\\n".utf8
      case UInt8(ascii: "\r"): out += "\\r".utf8
      case UInt8(ascii: "\t"): out += "\\t".utf8
      case 0..<0x20: out += "\\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))".utf8
      default: out.append(byte)
      }
    }
    out.append(UInt8(ascii: "\""))
  }
}
