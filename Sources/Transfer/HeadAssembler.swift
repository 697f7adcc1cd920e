/// Puts the header lines that libcurl hands over together, dropping interim (1xx) answers.
struct HeadAssembler {
  enum Step {
    case more
    case complete(ResponseHead)
    case failed(String)
  }

  /// No server of good will sends more, all lines together.
  static let limit = 256 << 10

  private var status: Int?
  private var headers = HTTPHeaders()
  private var count = 0

  /// - Parameter line: one header line with its line end.
  mutating func feed(_ line: UnsafeRawBufferPointer) -> Step {
    unsafe feed(String(decoding: line, as: UTF8.self), byteCount: line.count)
  }

  mutating func feed(_ line: String, byteCount: Int) -> Step {
    count += byteCount
    guard count <= Self.limit else { return .failed("the answer's header is too long") }
    let text = Self.trimmed(line.utf8[...])
    if line.utf8.starts(with: "HTTP/".utf8) {
      headers = HTTPHeaders()
      let parts = text.split(separator: UInt8(ascii: " "), maxSplits: 2)
      status = parts.dropFirst().first.flatMap { Int(Substring($0)) }
      return status == nil ? .failed("the answer has no status") : .more
    }
    guard let first = text.first else { return endOfBlock() }
    if line.utf8.first != first {
      headers.fold(String(Substring(text)))
    } else if let colon = text.firstIndex(of: UInt8(ascii: ":")) {
      let value = Self.trimmed(text[text.index(after: colon)...])
      headers.add(String(Substring(text[..<colon])), String(Substring(value)))
    }
    return .more
  }

  private mutating func endOfBlock() -> Step {
    guard let status else { return .failed("the answer has no status") }
    guard status >= 200 else { return .more }
    return .complete(ResponseHead(status: status, headers: headers))
  }

  private static func trimmed(_ text: Substring.UTF8View) -> Substring.UTF8View {
    func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }
    let text = text.drop(while: isSpace)
    return text.lastIndex { !isSpace($0) }.map { text[...$0] } ?? text.prefix(0)
  }
}
