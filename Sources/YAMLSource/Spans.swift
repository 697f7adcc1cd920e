internal import Diagnostics

extension Composer {
  /// The bytes between two of libyaml's marks.
  func span(_ scalars: Range<Int>) -> Span {
    let start = offsets.byte(ofScalar: scalars.lowerBound)
    return Span(
      file: file, range: start..<max(start, offsets.byte(ofScalar: scalars.upperBound)))
  }

  /// A value without the line breaks that libyaml counts to a block scalar, nor the anchor and tag
  /// before it.
  func valueSpan(_ event: YAMLEvent, _ style: YAMLScalar.Style) -> Span {
    let whole = span(event.range).range
    var start = whole.lowerBound
    var end = whole.upperBound
    while end > start, Self.isSpace(file.bytes[end - 1]) { end -= 1 }
    while start < end,
      file.bytes[start] == UInt8(ascii: "&") || file.bytes[start] == UInt8(ascii: "!")
    {
      // A plain value cannot begin with either, so what stands here is an anchor or a tag.
      while start < end, !Self.isSpace(file.bytes[start]) { start += 1 }
      while start < end, Self.isSpace(file.bytes[start]) { start += 1 }
    }
    return Span(file: file, range: start..<end)
  }

  /// A block collection's end mark lies on a later line: its span ends with its last item.
  func collectionSpan(_ start: YAMLEvent, _ end: YAMLEvent, isFlow: Bool, last: Span?) -> Span {
    let first = span(start.range).range
    let upper = isFlow ? span(end.range).range.upperBound : last?.range.upperBound
    return Span(
      file: file, range: first.lowerBound..<max(first.upperBound, upper ?? first.upperBound))
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
  }
}
