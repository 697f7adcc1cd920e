import Core

// Numbers, texts and digests one after the other: the form of what the index keeps in one piece.

extension [UInt8] {
  /// Seven bits a byte, the lowest first; numbers here are never negative.
  mutating func append(number: Int) {
    var rest = UInt64(bitPattern: Int64(number))
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(rest))
  }

  mutating func append(text: String) {
    append(number: text.utf8.count)
    self += text.utf8
  }

  mutating func append(digest: Digest) { self += digest.bytes }
}

/// Reads what was appended. Every function gives `nil` when the bytes are not that.
struct ByteReader {
  private let all: [UInt8]
  private var position: Int

  init(_ bytes: [UInt8], at position: Int) {
    all = bytes
    self.position = position
  }

  var isAtEnd: Bool { position == all.count }

  mutating func byte() -> UInt8? {
    guard position < all.count else { return nil }
    defer { position += 1 }
    return all[position]
  }

  mutating func number() -> Int? {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while let byte = byte() {
      guard shift < 63 else { return nil }
      value |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 { return Int(exactly: value) }
      shift += 7
    }
    return nil
  }

  mutating func bytes(_ count: Int) -> ArraySlice<UInt8>? {
    guard count >= 0, count <= all.count - position else { return nil }
    defer { position += count }
    return all[position..<position + count]
  }

  mutating func text() -> String? {
    number().flatMap { bytes($0) }.flatMap { String(validating: $0, as: UTF8.self) }
  }

  mutating func digest() -> Digest? { bytes(32).flatMap { Digest(raw: $0) } }
}
