/// A text that a person wrote and that diagnostics point into.
///
/// Lines end at LF, CR LF or a lone CR. Offsets are bytes from the start; lines and columns count
/// from 1, columns in Unicode scalars.
package final class SourceFile: Sendable {
  /// What diagnostics call the file, usually its path as the user knows it.
  package let name: String
  package let bytes: [UInt8]
  /// The offset of the first byte of each line; never empty.
  private let lineStarts: [Int]

  package init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
    var starts = [0]
    for (offset, byte) in bytes.enumerated() {
      if byte == UInt8(ascii: "\n") {
        starts.append(offset + 1)
      } else if byte == UInt8(ascii: "\r") {
        let next = offset + 1
        if next == bytes.count || bytes[next] != UInt8(ascii: "\n") { starts.append(next) }
      }
    }
    self.lineStarts = starts
  }

  package convenience init(name: String, text: String) {
    self.init(name: name, bytes: Array(text.utf8))
  }

  /// A place in the text, as editors count.
  package struct Position: Hashable, Sendable {
    package let line: Int
    package let column: Int

    package init(line: Int, column: Int) {
      self.line = line
      self.column = column
    }
  }

  /// - Parameter offset: a byte offset; clamped to the text.
  package func position(at offset: Int) -> Position {
    let offset = max(0, min(offset, bytes.count))
    let line = lineIndex(at: offset)
    let scalars = bytes[lineStarts[line]..<offset].count { $0 & 0xC0 != 0x80 }
    return Position(line: line + 1, column: scalars + 1)
  }

  /// The bytes of a line (counted from 1) without its line ending; empty for a line that is not
  /// there.
  package func lineRange(_ line: Int) -> Range<Int> {
    guard line >= 1, line <= lineStarts.count else { return bytes.count..<bytes.count }
    let start = lineStarts[line - 1]
    var end = line < lineStarts.count ? lineStarts[line] : bytes.count
    while end > start, bytes[end - 1] == UInt8(ascii: "\n") || bytes[end - 1] == UInt8(ascii: "\r")
    {
      end -= 1
    }
    return start..<end
  }

  /// The last line that starts at or before the offset, counted from 0.
  private func lineIndex(at offset: Int) -> Int {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return low
  }
}

/// A stretch of a source file, in bytes.
package struct Span: Hashable, Sendable {
  package let file: SourceFile
  package let range: Range<Int>

  /// - Parameter range: byte offsets; clamped to the file.
  package init(file: SourceFile, range: Range<Int>) {
    self.file = file
    self.range = range.clamped(to: 0..<file.bytes.count)
  }

  package var start: SourceFile.Position { file.position(at: range.lowerBound) }
  package var end: SourceFile.Position { file.position(at: range.upperBound) }

  package static func == (left: Span, right: Span) -> Bool {
    left.file === right.file && left.range == right.range
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(ObjectIdentifier(file))
    hasher.combine(range)
  }
}

extension Span: CustomStringConvertible {
  /// `file:line:column`.
  package var description: String { "\(file.name):\(start.line):\(start.column)" }
}
