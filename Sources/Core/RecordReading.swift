// The same values as the initialisers beside their types make, for readers of files with tens of
// thousands of them: no generics across modules, no pieces of strings.

extension Digest {
  /// - Parameter digits: exactly 64 lower-case hexadecimal digits; `nil` otherwise.
  package init?(hexDigits digits: ArraySlice<UInt8>) {
    guard digits.count == 64 else { return nil }
    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    var word: UInt64 = 0
    var count = 0
    for digit in digits {
      guard let value = hexValue(digit) else { return nil }
      word = word << 4 | UInt64(value)
      count += 1
      switch count {
      case 16: words.0 = word
      case 32: words.1 = word
      case 48: words.2 = word
      default: words.3 = word
      }
    }
    self.init(words: words)
  }
}

extension Digest {
  /// - Parameter raw: exactly 32 bytes, most significant first; `nil` otherwise.
  package init?(raw: ArraySlice<UInt8>) {
    guard raw.count == 32 else { return nil }
    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    let start = raw.startIndex
    for offset in 0..<8 {
      words.0 = words.0 << 8 | UInt64(raw[start + offset])
      words.1 = words.1 << 8 | UInt64(raw[start + 8 + offset])
      words.2 = words.2 << 8 | UInt64(raw[start + 16 + offset])
      words.3 = words.3 << 8 | UInt64(raw[start + 24 + offset])
    }
    self.init(words: words)
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
