internal import Core
internal import Diagnostics
internal import YAMLSource

/// Numbers, sizes and stretches of time.
extension Decoder {
  /// A whole number within bounds.
  func number(_ node: YAMLNode, _ what: String, _ range: ClosedRange<Int64>, help: String)
    -> Int64?
  {
    guard let text = text(node, what, expected: "a number") else { return nil }
    if let number = Int64(text), range.contains(number) { return number }
    report(.badNumber, "\(what) cannot be \(quoted(text))", at: node.span, help: help)
    return nil
  }

  /// A number of bytes above zero, with a unit: `500GB`, `1.5 TiB`.
  func size(_ node: YAMLNode, _ what: String) -> ByteCount? {
    guard let text = text(node, what, expected: "a size") else { return nil }
    if let size = ByteCount(parsing: text), size.bytes > 0 { return size }
    report(
      .badSize, "\(what) cannot be \(quoted(text))", at: node.span,
      help: "write a number above zero and its unit: `500GB`, `1.5TiB`")
    return nil
  }

  func locatedSize(_ node: YAMLNode?, _ what: String) -> Located<ByteCount>? {
    node.flatMap { node in size(node, what).map { Located($0, at: node.span) } }
  }

  private static let units: [Character: Int] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]

  /// A stretch of time in seconds, as a whole number and its unit: `60s`, `5m`, `2h`, `90d`.
  func duration(_ node: YAMLNode, _ what: String, _ range: ClosedRange<Int>, help: String) -> Int? {
    guard let text = text(node, what, expected: "a time") else { return nil }
    let digits = text.dropLast()
    if let unit = text.last.flatMap({ Self.units[$0] }),
      digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let count = Int(digits)
    {
      let (seconds, overflows) = count.multipliedReportingOverflow(by: unit)
      if !overflows, range.contains(seconds) { return seconds }
    }
    report(.badDuration, "\(what) cannot be \(quoted(text))", at: node.span, help: help)
    return nil
  }
}
