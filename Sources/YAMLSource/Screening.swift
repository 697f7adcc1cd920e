internal import Diagnostics

/// What can be refused before libyaml sees the text.
struct Screening {
  let file: SourceFile
  let limits: YAMLLimits

  /// The first thing that makes the text no candidate for YAML.
  func refusal() -> Diagnostic? {
    let bytes = file.bytes
    if bytes.count > limits.bytes {
      return Diagnostic(
        code: YAMLCode.tooLarge.rawValue,
        message: "the file is larger than \(limits.bytes) bytes",
        span: Span(file: file, range: 0..<0),
        help: "a manifest is text written by people; is this the right file?")
    }
    // Before NUL: UTF-16 is full of those.
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      return notUTF8(at: 0..<2, "this is how UTF-16 begins")
    }
    if let offset = bytes.firstIndex(of: 0) {
      return Diagnostic(
        code: YAMLCode.nul.rawValue, message: "there is a NUL byte in the file",
        span: Span(file: file, range: offset..<offset + 1),
        help: "YAML is text; is this the right file?")
    }
    if String(validating: bytes, as: UTF8.self) == nil {
      let range = firstInvalid(bytes)
      let hex = String(bytes[range.lowerBound], radix: 16, uppercase: true)
      return notUTF8(at: range, "the byte 0x\(hex) cannot stand here")
    }
    return tagDirective()
  }

  private func notUTF8(at range: Range<Int>, _ label: String) -> Diagnostic {
    Diagnostic(
      code: YAMLCode.notUTF8.rawValue, message: "the file is not UTF-8",
      span: Span(file: file, range: range), label: label, help: "save the file as UTF-8")
  }

  private func firstInvalid(_ bytes: [UInt8]) -> Range<Int> {
    var parser = Unicode.UTF8.ForwardParser()
    var iterator = bytes.makeIterator()
    var offset = 0
    while true {
      switch parser.parseScalar(from: &iterator) {
      case .valid(let encoded): offset += encoded.count
      case .error(let length): return offset..<offset + max(1, length)
      case .emptyInput: return offset..<offset + 1
      }
    }
  }

  /// libyaml compares each `%TAG` line with all before it: a file full of them would keep it busy
  /// for minutes, and civsync has no use for one.
  private func tagDirective() -> Diagnostic? {
    let directive = Array("%TAG".utf8)
    let bytes = file.bytes
    var from = bytes.startIndex
    while let offset = bytes[from...].firstIndex(of: UInt8(ascii: "%")) {
      let startsLine =
        offset == 0 || bytes[offset - 1] == UInt8(ascii: "\n")
        || bytes[offset - 1] == UInt8(ascii: "\r") || offset == 3 && bytes[0] == 0xEF
      if startsLine, bytes[offset...].starts(with: directive) {
        return Diagnostic(
          code: YAMLCode.tag.rawValue, message: "`%TAG` is not supported",
          span: Span(file: file, range: offset..<offset + directive.count),
          help: "remove the line: a manifest needs no tags")
      }
      from = offset + 1
    }
    return nil
  }
}
