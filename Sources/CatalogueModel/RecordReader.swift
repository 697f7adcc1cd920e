internal import Core

/// Bytes of a record with a position in them: what the grammar is made of.
///
/// Works on bytes throughout: a lock of 20,000 files is read at each run.
struct RecordReader {
  private let bytes: [UInt8]
  private var position = 0
  /// Of the position, counted from 1.
  private(set) var line = 1

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { position >= bytes.count }

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard current == UInt8(ascii: scalar) else { return false }
    position += 1
    return true
  }

  /// Takes an indented word at the start of a line, when it stands there as a whole word.
  mutating func takeWord(_ word: String, depth: Int) -> Bool {
    var index = position
    for _ in 0..<2 * depth {
      guard index < bytes.count, bytes[index] == UInt8(ascii: " ") else { return false }
      index += 1
    }
    return take(word, at: index)
  }

  /// Takes a space and a word inside a line.
  mutating func takeInner(_ word: String) -> Bool {
    guard current == UInt8(ascii: " ") else { return false }
    return take(word, at: position + 1)
  }

  private mutating func take(_ word: String, at start: Int) -> Bool {
    var index = start
    for byte in word.utf8 {
      guard index < bytes.count, bytes[index] == byte else { return false }
      index += 1
    }
    guard index < bytes.count,
      bytes[index] == UInt8(ascii: " ") || bytes[index] == UInt8(ascii: "\n")
    else { return false }
    position = index
    return true
  }

  mutating func expectWord(_ word: String, depth: Int) throws(RecordError) {
    guard takeWord(word, depth: depth) else {
      try refuseConflict()
      throw expected("`\(word)`")
    }
  }

  mutating func endLine() throws(RecordError) {
    guard let byte = current else { throw error(.cutOff) }
    guard byte == UInt8(ascii: "\n") else {
      if byte == UInt8(ascii: "\r") { throw error(.carriageReturn) }
      throw unknownLine()
    }
    position += 1
    line += 1
  }

  mutating func skipLines(beginningWith first: UInt8) {
    while current == first, let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) {
      position = end + 1
      line += 1
    }
  }
}

// MARK: - Values

extension RecordReader {
  /// A space and a number that `Int64` holds; `nil`, with nothing taken, for anything else.
  mutating func takeNumber() -> Int64? {
    var index = position
    guard index < bytes.count, bytes[index] == UInt8(ascii: " ") else { return nil }
    index += 1
    let isNegative = index < bytes.count && bytes[index] == UInt8(ascii: "-")
    if isNegative { index += 1 }
    let start = index
    var value: Int64 = 0
    while index < bytes.count, (0x30...0x39).contains(bytes[index]) {
      let digit = Int64(bytes[index] - 0x30)
      let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.addingReportingOverflow(isNegative ? -digit : digit)
      if overflow || carry { return nil }
      value = sum
      index += 1
    }
    guard index > start else { return nil }
    position = index
    return value
  }

  mutating func number(_ what: String) throws(RecordError) -> Int64 {
    guard let number = takeNumber() else { throw expected(what) }
    return number
  }

  /// A space and 64 hexadecimal digits.
  mutating func digest() throws(RecordError) -> Digest {
    let end = position + 65
    guard current == UInt8(ascii: " "), end <= bytes.count,
      let digest = Digest(hexDigits: bytes[position + 1..<end])
    else { throw expected("64 hexadecimal digits") }
    position = end
    return digest
  }

  /// A space and a string.
  mutating func string(_ what: String) throws(RecordError) -> String {
    guard take(" ") else { throw expected(what) }
    return try quoted(what)
  }

  /// A space and strings between brackets.
  mutating func list() throws(RecordError) -> [String] {
    guard take(" "), take("[") else { throw expected("a list") }
    var values: [String] = []
    repeat { values.append(try quoted("a string")) } while take(",")
    guard take("]") else { throw expected("`]`") }
    return values
  }

  private mutating func quoted(_ what: String) throws(RecordError) -> String {
    guard take("\"") else { throw expected(what) }
    let start = position
    var combined: UInt8 = 0
    while let byte = current, byte >= 0x20 {
      if byte == UInt8(ascii: "\"") {
        let slice = bytes[start..<position]
        position += 1
        // Most strings are ASCII, which need no slower check.
        if combined < 0x80 { return String(decoding: slice, as: UTF8.self) }
        guard let text = String(validating: slice, as: UTF8.self) else {
          throw error(.invalidText)
        }
        return text
      }
      if byte == UInt8(ascii: "\\") { return try escaped(from: start) }
      combined |= byte
      position += 1
    }
    throw isAtEnd ? error(.cutOff) : expected("the string's closing quote")
  }

  /// The slower way for a string with escapes, met first where `position` is.
  private mutating func escaped(from start: Int) throws(RecordError) -> String {
    var text = Array(bytes[start..<position])
    while let byte = current, byte >= 0x20 {
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else {
          throw error(.invalidText)
        }
        return string
      case UInt8(ascii: "\\"): try escape(into: &text)
      default: text.append(byte)
      }
    }
    throw isAtEnd ? error(.cutOff) : expected("the string's closing quote")
  }

  private mutating func escape(into text: inout [UInt8]) throws(RecordError) {
    let byte = current
    position += 1
    switch byte {
    case UInt8(ascii: "n"): text.append(UInt8(ascii: "\n"))
    case UInt8(ascii: "r"): text.append(UInt8(ascii: "\r"))
    case UInt8(ascii: "t"): text.append(UInt8(ascii: "\t"))
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): if let byte { text.append(byte) }
    case UInt8(ascii: "u"):
      let end = position + 4
      // Only controls are written so: everything else stands as it is.
      guard end <= bytes.count,
        let digits = String(validating: bytes[position..<end], as: UTF8.self),
        let value = UInt8(digits, radix: 16), value < 0x80, !digits.hasPrefix("+")
      else {
        position -= 2
        throw expected("an escape such as `\\u0007`")
      }
      text.append(value)
      position = end
    default:
      position -= 2
      throw expected("an escape such as `\\n`")
    }
  }
}

// MARK: - Errors

extension RecordReader {
  func error(_ reason: RecordError.Reason) -> RecordError {
    RecordError(line: line, reason: reason)
  }

  /// What stands at the position is not what was expected there.
  func expected(_ what: String) -> RecordError {
    isAtEnd ? error(.cutOff) : error(.unexpected(found: rest(from: position), expected: what))
  }

  func unknownLine() -> RecordError {
    if let marker = conflictMarker { return error(.conflict(marker: marker)) }
    return error(.unknownLine(rest(from: position)))
  }

  func refuseConflict() throws(RecordError) {
    if let marker = conflictMarker { throw error(.conflict(marker: marker)) }
  }

  private var conflictMarker: String? {
    let start = bytes[position...].prefix(7)
    guard let byte = start.first, start.count == 7, "<=>|".utf8.contains(byte),
      start.allSatisfy({ $0 == byte })
    else { return nil }
    return String(decoding: start, as: UTF8.self)
  }

  /// What is left of the line, shortened, for a message.
  private func rest(from start: Int) -> String {
    let line = bytes[start...].prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
    let text = String(decoding: line.prefix(60), as: UTF8.self)
    let shown = String(text.drop { $0 == " " }.map { $0.isASCII && !$0.isPrintable ? "?" : $0 })
    return shown.isEmpty ? "nothing" : line.count > 60 ? shown + "…" : shown
  }
}

extension Character {
  fileprivate var isPrintable: Bool {
    guard let value = asciiValue else { return true }
    return value >= 0x20 && value < 0x7f
  }
}
