/// A SHA-1 of git, as value; which kind of object it names is said by the types below.
struct ObjectID: Hashable, Sendable {
  private let high: UInt64
  private let middle: UInt64
  private let low: UInt32

  /// - Parameter bytes: 20 bytes, most significant first; what is missing counts as zero.
  init(bytes: some Sequence<UInt8>) {
    var words: (UInt64, UInt64, UInt64) = (0, 0, 0)
    for (index, byte) in bytes.prefix(20).enumerated() {
      if index < 8 {
        words.0 |= UInt64(byte) << UInt64(56 - 8 * index)
      } else if index < 16 {
        words.1 |= UInt64(byte) << UInt64(120 - 8 * index)
      } else {
        words.2 |= UInt64(byte) << UInt64(152 - 8 * index)
      }
    }
    (self.high, self.middle, self.low) = (words.0, words.1, UInt32(truncatingIfNeeded: words.2))
  }

  /// - Parameter hex: exactly 40 hexadecimal digits of either case.
  init?(hex: some StringProtocol) {
    var nibbles: [UInt8] = []
    for byte in hex.utf8 {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): nibbles.append(byte - UInt8(ascii: "0"))
      case UInt8(ascii: "a")...UInt8(ascii: "f"): nibbles.append(byte - UInt8(ascii: "a") + 10)
      case UInt8(ascii: "A")...UInt8(ascii: "F"): nibbles.append(byte - UInt8(ascii: "A") + 10)
      default: return nil
      }
    }
    guard nibbles.count == 40 else { return nil }
    self.init(bytes: (0..<20).map { nibbles[2 * $0] << 4 | nibbles[2 * $0 + 1] })
  }

  /// - Parameter buffer: has room for 20 bytes.
  func copyBytes(to buffer: UnsafeMutableRawBufferPointer) {
    unsafe buffer.storeBytes(of: high.bigEndian, as: UInt64.self)
    unsafe buffer.storeBytes(of: middle.bigEndian, toByteOffset: 8, as: UInt64.self)
    unsafe buffer.storeBytes(of: low.bigEndian, toByteOffset: 16, as: UInt32.self)
  }

  var bytes: [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: high >> UInt64(56 - 8 * $0)) }
      + (0..<8).map { UInt8(truncatingIfNeeded: middle >> UInt64(56 - 8 * $0)) }
      + (0..<4).map { UInt8(truncatingIfNeeded: low >> UInt32(24 - 8 * $0)) }
  }

  var hex: String {
    let digits = Array("0123456789abcdef".utf8)
    let text = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return String(decoding: text, as: UTF8.self)
  }
}

/// The id of a commit.
package struct CommitID: Hashable, Sendable, CustomStringConvertible {
  let object: ObjectID

  init(_ object: ObjectID) { self.object = object }

  /// - Parameter hex: the full 40 hexadecimal digits; `nil` for anything else.
  package init?(hex: some StringProtocol) {
    guard let object = ObjectID(hex: hex) else { return nil }
    self.object = object
  }

  /// 40 lower-case hexadecimal digits.
  package var hex: String { object.hex }

  /// The first 10 digits: what people read and type.
  package var short: String { String(hex.prefix(10)) }

  package var description: String { hex }
}

/// The id of a file's content in the repository: equal ids, equal bytes.
package struct BlobID: Hashable, Sendable, CustomStringConvertible {
  let object: ObjectID

  init(_ object: ObjectID) { self.object = object }

  package var hex: String { object.hex }
  package var description: String { hex }
}
