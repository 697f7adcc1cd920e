// The same values as the initialisers beside their types make, for readers of files with tens of
// thousands of them: no generics across modules, no pieces of strings.

extension Digest {
  /// - Parameter digits: exactly 64 lower-case hexadecimal digits; `nil` otherwise.
  package init?(hexDigits digits: ArraySlice<UInt8>) {
    guard digits.count == 64 else { return nil }
    var raw: [UInt8] = []
    raw.reserveCapacity(32)
    var index = digits.startIndex
    while index < digits.endIndex {
      guard let high = hexValue(digits[index]), let low = hexValue(digits[index + 1]) else {
        return nil
      }
      raw.append(high << 4 | low)
      index += 2
    }
    self.init(bytes: raw)
  }
}

private func hexValue(_ digit: UInt8) -> UInt8? {
  switch digit {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
  case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
  default: nil
  }
}

extension TreePath {
  /// Accepts what `init(_:)` accepts, in one pass over the bytes.
  package init?(recorded text: String) {
    var length = 0
    var dots = 0
    var total = 0
    for byte in text.utf8 {
      total += 1
      if byte == UInt8(ascii: "/") {
        guard Self.isComponent(length: length, dots: dots) else { return nil }
        (length, dots) = (0, 0)
        continue
      }
      if byte == 0 { return nil }
      if byte == UInt8(ascii: ".") { dots += 1 }
      length += 1
    }
    guard Self.isComponent(length: length, dots: dots), total < 4_000 else { return nil }
    self.string = text
  }

  private static func isComponent(length: Int, dots: Int) -> Bool {
    length > 0 && length <= 255 && !(dots == length && length <= 2)
  }
}
