/// One source line with marks under parts of it, as plain cells that know their bytes.
struct Excerpt {
  struct Mark {
    var range: Range<Int>
    var label: String?
    var isPrimary: Bool
  }

  /// What the terminal shows for one scalar of the line.
  private struct Cell {
    var offset: Int
    var text: String
    var width: Int
  }

  private var cells: [Cell] = []
  private var end: Int
  private let marks: [Mark]

  /// - Parameters:
  ///   - line: counted from 1.
  ///   - marks: byte ranges that begin on that line.
  ///   - width: how many columns there are for the line; a longer one is cut around its first mark.
  init(file: SourceFile, line: Int, marks: [Mark], width: Int) {
    self.marks = marks
    let range = file.lineRange(line)
    let focus = (marks.first { $0.isPrimary } ?? marks.first)?.range.lowerBound ?? range.lowerBound
    // A line may be megabytes long: only what can be shown is decoded.
    var start = max(range.lowerBound, min(focus, range.upperBound) - 8 * width)
    while start > range.lowerBound, file.bytes[start] & 0xC0 == 0x80 { start -= 1 }
    end = min(range.upperBound, max(focus, start) + 8 * width)
    decode(file.bytes[start..<end], at: start)
    crop(
      to: width, focus: focus, cutLeft: start > range.lowerBound, cutRight: end < range.upperBound)
  }

  private mutating func decode(_ bytes: ArraySlice<UInt8>, at start: Int) {
    var parser = Unicode.UTF8.ForwardParser()
    var iterator = bytes.makeIterator()
    var offset = start
    while true {
      switch parser.parseScalar(from: &iterator) {
      case .valid(let encoded):
        append(Unicode.UTF8.decode(encoded), at: offset)
        offset += encoded.count
      case .error(let length):
        cells.append(Cell(offset: offset, text: "\u{FFFD}", width: 1))
        offset += length
      case .emptyInput: return
      }
    }
  }

  private mutating func append(_ scalar: Unicode.Scalar, at offset: Int) {
    if scalar == "\t" {
      cells.append(Cell(offset: offset, text: "    ", width: 4))
    } else if isHazard(scalar) {
      cells.append(Cell(offset: offset, text: "\u{FFFD}", width: 1))
    } else {
      cells.append(Cell(offset: offset, text: String(scalar), width: displayWidth(scalar)))
    }
  }

  /// Leaves what fits, with the focus inside, and an ellipsis where something was cut.
  private mutating func crop(to width: Int, focus: Int, cutLeft: Bool, cutRight: Bool) {
    let total = cells.reduce(0) { $0 + $1.width }
    guard total > width || cutLeft || cutRight else { return }
    var skip = column(of: focus) - width / 2
    if !cutRight { skip = min(skip, total - width + 2) }
    var first = 0
    while first < cells.count, skip > 0 {
      skip -= cells[first].width
      first += 1
    }
    var last = first
    var room = width - 2
    while last < cells.count, cells[last].width <= room {
      room -= cells[last].width
      last += 1
    }
    if last < cells.count { end = cells[last].offset }
    let dots = Cell(offset: first < cells.count ? cells[first].offset : end, text: "…", width: 1)
    let isCutLeft = first > 0 || cutLeft
    let isCutRight = last < cells.count || cutRight
    cells = (isCutLeft ? [dots] : []) + cells[first..<last]
    if isCutRight { cells.append(Cell(offset: end, text: "…", width: 1)) }
  }

  /// How many columns stand before the byte.
  private func column(of offset: Int) -> Int {
    cells.reduce(0) { $0 + ($1.offset < offset ? $1.width : 0) }
  }

  var text: String {
    let line = cells.map(\.text).joined()
    return String(line.reversed().drop { $0 == " " }.reversed())
  }

  /// One row for each mark, the primary one first: spaces, `^^^` or `---`, and the label.
  var rows: [(indent: Int, marker: String, label: String?, isPrimary: Bool)] {
    marks.sorted { $0.isPrimary && !$1.isPrimary }.map { mark in
      let start = column(of: max(mark.range.lowerBound, cells.first?.offset ?? 0))
      let length = max(1, column(of: min(mark.range.upperBound, end)) - start)
      let marker = String(repeating: mark.isPrimary ? "^" : "-", count: length)
      return (start, marker, mark.label, mark.isPrimary)
    }
  }
}
