/// Reads one JSON document (RFC 8259) from bytes, once, front to back.
///
/// Broken UTF-8 and lone surrogates become U+FFFD instead of losing the whole page over a name.
package struct JSONParser {
  /// Lists of models are some ten levels deep; the limit keeps a hostile answer off the stack.
  package static let maxDepth = 64

  private let bytes: [UInt8]
  private var at = 0
  private var depth = 0

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// - Parameter maxBytes: larger documents are refused unread.
  package static func parse(
    _ bytes: [UInt8], maxBytes: Int = 256 << 20
  ) throws(JSONError) -> JSONValue {
    guard bytes.count <= maxBytes else { throw JSONError(.tooLarge, at: bytes.count) }
    var parser = JSONParser(bytes)
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) { parser.at = 3 }
    let value = try parser.value()
    parser.skipSpace()
    guard parser.at == bytes.count else { throw JSONError(.trailing, at: parser.at) }
    return value
  }

  private mutating func skipSpace() {
    while at < bytes.count {
      switch bytes[at] {
      case 0x20, 0x0a, 0x0d, 0x09: at += 1
      default: return
      }
    }
  }

  /// The next byte that is no space, not yet consumed.
  private mutating func peek() throws(JSONError) -> UInt8 {
    skipSpace()
    guard at < bytes.count else { throw JSONError(.truncated, at: at) }
    return bytes[at]
  }

  private mutating func value() throws(JSONError) -> JSONValue {
    switch try peek() {
    case UInt8(ascii: "{"): try nested { (parser) throws(JSONError) in try parser.object() }
    case UInt8(ascii: "["): try nested { (parser) throws(JSONError) in try parser.list() }
    case UInt8(ascii: "\""): .string(try text())
    case UInt8(ascii: "t"): try word("true", .bool(true))
    case UInt8(ascii: "f"): try word("false", .bool(false))
    case UInt8(ascii: "n"): try word("null", .null)
    default: try number()
    }
  }

  private mutating func nested(
    _ body: (inout JSONParser) throws(JSONError) -> JSONValue
  ) throws(JSONError) -> JSONValue {
    depth += 1
    guard depth <= Self.maxDepth else { throw JSONError(.tooDeep, at: at) }
    at += 1
    let value = try body(&self)
    depth -= 1
    return value
  }

  private mutating func list() throws(JSONError) -> JSONValue {
    var values: [JSONValue] = []
    if try peek() == UInt8(ascii: "]") {
      at += 1
      return .array(values)
    }
    while true {
      values.append(try value())
      if try closes(with: UInt8(ascii: "]")) { return .array(values) }
    }
  }

  private mutating func object() throws(JSONError) -> JSONValue {
    var members: [JSONValue.Member] = []
    if try peek() == UInt8(ascii: "}") {
      at += 1
      return .object(members)
    }
    while true {
      guard try peek() == UInt8(ascii: "\"") else { throw JSONError(.unexpected, at: at) }
      let name = try text()
      guard try peek() == UInt8(ascii: ":") else { throw JSONError(.unexpected, at: at) }
      at += 1
      members.append(JSONValue.Member(name: name, value: try value()))
      if try closes(with: UInt8(ascii: "}")) { return .object(members) }
    }
  }

  /// Consumes a comma (`false`) or the closing bracket (`true`).
  private mutating func closes(with bracket: UInt8) throws(JSONError) -> Bool {
    let byte = try peek()
    guard byte == bracket || byte == UInt8(ascii: ",") else {
      throw JSONError(.unexpected, at: at)
    }
    at += 1
    return byte == bracket
  }

  private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONError)
    -> JSONValue
  {
    for byte in word.description.utf8 {
      guard at < bytes.count else { throw JSONError(.truncated, at: at) }
      guard bytes[at] == byte else { throw JSONError(.unexpected, at: at) }
      at += 1
    }
    return value
  }

  private mutating func number() throws(JSONError) -> JSONValue {
    let start = at
    while at < bytes.count, Self.isNumeric(bytes[at]) { at += 1 }
    let text = String(decoding: bytes[start..<at], as: UTF8.self)
    // Swift's own readers also take `+1`, `inf` and `0x10`: the alphabet above and the first
    // digit leave only the forms that JSON has (and `01`, which does no harm).
    let digits = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
    guard let first = digits.first, (0x30...0x39).contains(first) else {
      throw JSONError(.unexpected, at: start)
    }
    if let whole = Int64(text) { return .integer(whole) }
    guard let value = Double(text) else { throw JSONError(.unexpected, at: start) }
    return .number(value)
  }

  private static func isNumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
      UInt8(ascii: "e"), UInt8(ascii: "E"):
      true
    default: false
    }
  }
}

// MARK: - Texts

extension JSONParser {
  private mutating func text() throws(JSONError) -> String {
    at += 1
    let start = at
    // Most texts have no escapes: they are taken from the bytes in one piece.
    while at < bytes.count, bytes[at] != UInt8(ascii: "\""), bytes[at] != UInt8(ascii: "\\") {
      at += 1
    }
    guard at < bytes.count else { throw JSONError(.truncated, at: at) }
    if bytes[at] == UInt8(ascii: "\"") {
      defer { at += 1 }
      return String(decoding: bytes[start..<at], as: UTF8.self)
    }
    var units = Array(bytes[start..<at])
    while at < bytes.count {
      let byte = bytes[at]
      at += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: units, as: UTF8.self)
      case UInt8(ascii: "\\"): try escape(into: &units)
      default: units.append(byte)
      }
    }
    throw JSONError(.truncated, at: at)
  }

  private mutating func escape(into units: inout [UInt8]) throws(JSONError) {
    guard at < bytes.count else { throw JSONError(.truncated, at: at) }
    let byte = bytes[at]
    at += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): units.append(byte)
    case UInt8(ascii: "b"): units.append(0x08)
    case UInt8(ascii: "f"): units.append(0x0c)
    case UInt8(ascii: "n"): units.append(0x0a)
    case UInt8(ascii: "r"): units.append(0x0d)
    case UInt8(ascii: "t"): units.append(0x09)
    case UInt8(ascii: "u"): units += Array(String(try scalar()).utf8)
    default: throw JSONError(.unexpected, at: at - 1)
    }
  }

  /// The scalar after `\u`, of one or two units.
  private mutating func scalar() throws(JSONError) -> Unicode.Scalar {
    let replacement: Unicode.Scalar = "\u{fffd}"
    let high = try unit()
    guard (0xd800..<0xdc00).contains(high) else { return Unicode.Scalar(high) ?? replacement }
    guard at + 1 < bytes.count, bytes[at] == UInt8(ascii: "\\"),
      bytes[at + 1] == UInt8(ascii: "u")
    else { return replacement }
    let mark = at
    at += 2
    let low = try unit()
    guard (0xdc00..<0xe000).contains(low) else {
      at = mark
      return replacement
    }
    return Unicode.Scalar(0x10000 + (high - 0xd800) << 10 + (low - 0xdc00)) ?? replacement
  }

  private mutating func unit() throws(JSONError) -> UInt32 {
    guard at + 4 <= bytes.count else { throw JSONError(.truncated, at: bytes.count) }
    var value: UInt32 = 0
    for byte in bytes[at..<at + 4] {
      guard let nibble = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw JSONError(.unexpected, at: at)
      }
      value = value << 4 | UInt32(nibble)
    }
    at += 4
    return value
  }
}
