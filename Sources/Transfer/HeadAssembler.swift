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
    let text = Self.trimmed(line[...])
    if line.hasPrefix("HTTP/") {
      headers = HTTPHeaders()
      status = text.split(separator: " ").dropFirst().first.flatMap { Int($0) }
      return status == nil ? .failed("the answer has no status") : .more
    }
    if text.isEmpty { return endOfBlock() }
    if line.first == " " || line.first == "\t" {
      headers.fold(text)
    } else if let colon = text.firstIndex(of: ":") {
      let value = text[text.index(after: colon)...]
      headers.add(String(text[..<colon]), Self.trimmed(value))
    }
    return .more
  }

  private mutating func endOfBlock() -> Step {
    guard let status else { return .failed("the answer has no status") }
    guard status >= 200 else { return .more }
    return .complete(ResponseHead(status: status, headers: headers))
  }

  private static func trimmed(_ text: Substring) -> String {
    func isSpace(_ character: Character) -> Bool {
      character == " " || character == "\t" || character.isNewline
    }
    var text = text.drop(while: isSpace)
    while let last = text.last, isSpace(last) { text.removeLast() }
    return String(text)
  }
}
