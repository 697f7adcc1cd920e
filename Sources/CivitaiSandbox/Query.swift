/// The parameters of a request, decoded, in their order; a name may repeat.
struct Query: Sendable {
  private(set) var items: [(name: String, value: String)] = []

  /// - Parameter text: what follows the `?`; `+` and `%20` are blanks.
  init(_ text: some StringProtocol) {
    for pair in text.split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = parts.first else { continue }
      items.append((Self.decode(name), parts.count > 1 ? Self.decode(parts[1]) : ""))
    }
  }

  /// The first value of that name.
  subscript(name: String) -> String? { items.first { $0.name == name }?.value }

  func all(_ name: String) -> [String] {
    // `types[]=` is the other way to repeat a parameter.
    items.filter { $0.name == name || $0.name == name + "[]" }.map(\.value)
  }

  /// The same parameters, one of them set to another value, as text for an address.
  func text(replacing name: String, with value: String) -> String {
    let kept = items.filter { $0.name != name } + [(name, value)]
    return kept.map { "\(Self.encode($0.name))=\(Self.encode($0.value))" }.joined(separator: "&")
  }

  static func decode(_ text: some StringProtocol) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "+") {
        bytes.append(0x20)
      } else if byte == UInt8(ascii: "%"), rest.count >= 2,
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  static func encode(_ text: String) -> String {
    var result = ""
    for byte in text.utf8 {
      let scalar = Unicode.Scalar(byte)
      if scalar.properties.isAlphabetic && byte < 0x80 || "0123456789-._~".utf8.contains(byte) {
        result.unicodeScalars.append(scalar)
      } else {
        result += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
    return result
  }
}
