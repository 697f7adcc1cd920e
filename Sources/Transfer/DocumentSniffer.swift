/// Tells a web page or an error message from a model by its first bytes.
///
/// Models are binary: a safetensors file begins with an 8-byte length, a zip-based one with `PK`,
/// GGUF with its name. None begins with markup, so what does is a page that some server sent
/// instead, the classic being a login page.
enum DocumentSniffer {
  enum Verdict: Equatable { case document, other, undecided }

  /// How many bytes settle the question at the latest.
  static let window = 512

  private static let markup = [
    "!doctype", "html", "?xml", "head", "body", "script", "!--", "error", "title",
  ]
  private static let messages = ["{\"error\":", "{\"message\":", "{\"code\":", "{\"success\":"]

  /// Whether a server calls the body a document.
  static func isDocument(mediaType: String?) -> Bool {
    switch mediaType {
    case "text/html", "application/xhtml+xml", "application/json", "application/problem+json",
      "application/xml", "text/xml", "text/json":
      true
    default: false
    }
  }

  /// - Parameters:
  ///   - head: the body's first bytes.
  ///   - isAll: no more will come, or the window is full.
  static func verdict(_ head: [UInt8], isAll: Bool) -> Verdict {
    let body = head.starts(with: [0xef, 0xbb, 0xbf]) ? head[3...] : head[...]
    let text = body.drop(while: { isSpace($0) })
    guard let first = text.first else { return isAll ? .other : .undecided }
    let openings: [[UInt8]]
    let compared: [UInt8]
    switch first {
    case UInt8(ascii: "<"):
      openings = markup.map { Array($0.utf8) }
      compared = text.dropFirst().map { lowercase($0) }
    case UInt8(ascii: "{"):
      openings = messages.map { Array($0.utf8) }
      compared = text.filter { !isSpace($0) }
    default: return .other
    }
    if openings.contains(where: { compared.starts(with: $0) }) { return .document }
    let mayBecome = openings.contains { $0.starts(with: compared) }
    return mayBecome && !isAll ? .undecided : .other
  }

  /// The printable beginning of a document, for the message that refuses it.
  static func excerpt(_ bytes: [UInt8]) -> String {
    let text = String(decoding: bytes.prefix(400), as: UTF8.self)
    let words = text.unicodeScalars
      .map { $0.value < 0x20 || (0x7f...0x9f).contains($0.value) ? " " : Character($0) }
      .split(separator: " ")
    return String(words.joined(separator: " ").prefix(120))
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || (0x09...0x0d).contains(byte)
  }

  private static func lowercase(_ byte: UInt8) -> UInt8 {
    (0x41...0x5a).contains(byte) ? byte | 0x20 : byte
  }
}
