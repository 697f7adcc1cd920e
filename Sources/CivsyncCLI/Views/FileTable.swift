import Core

/// Files in aligned columns: symbol, name, size, and what they are, as far as the width allows.
///
/// Names are cut in the middle and the last column goes first: for lists whose every name need not
/// be read.
struct FileTable {
  struct Row {
    var name: String
    var size: String
    var detail: String

    init(name: String, size: String = "", detail: String) {
      self.name = DisplayText.harmless(name)
      self.size = size
      self.detail = DisplayText.harmless(detail)
    }
  }

  enum Line {
    case folder(String)
    case row(Row)
    case notice(String)
  }

  let symbol: String
  let meaning: TextMeaning
  var lines: [Line] = []
  /// Whether the last column is what the list is for: where it has no room it stands on lines of
  /// its own.
  var keepsDetails = false

  init(symbol: String, meaning: TextMeaning) {
    self.symbol = symbol
    self.meaning = meaning
  }

  /// The widest that a name column gets where nothing forces a cut.
  private static let longName = 60
  /// A last column narrower than this says nothing.
  private static let shortDetail = 12

  private var rows: [Row] {
    lines.compactMap { if case .row(let row) = $0 { row } else { nil } }
  }

  /// Writes the lines to a page, rows indented by `indent` and folders by 2.
  func write(to page: inout Page, indent: Int) {
    var columns = columns(page.options.width, indent: indent)
    let isTooNarrow =
      keepsDetails
      && rows.contains { DisplayText.width($0.detail) > columns.detail ?? .max }
    if isTooNarrow {
      columns = self.columns(page.options.width, indent: indent, hasDetails: false)
    }
    for line in lines {
      switch line {
      case .folder(let name):
        let name = DisplayText.harmless(name)
        let cut = page.options.width.map { DisplayText.cutMiddle(name, to: $0 - 2) }
        page.line("  " + page.style.paint(cut ?? name, .strong))
      case .row(let row):
        page.line(text(row, columns, page, indent: indent))
        if isTooNarrow, !row.detail.isEmpty {
          page.paragraph(row.detail, indent: indent + 2, meaning: .faint)
        }
      case .notice(let text):
        page.paragraph(text, indent: indent, meaning: .faint)
      }
    }
  }

  private struct Columns {
    var name: Int
    var cutsNames: Bool
    var size: Int
    /// 0: left out; `nil`: as wide as it is.
    var detail: Int?
  }

  private func columns(_ width: Int?, indent: Int, hasDetails: Bool = true) -> Columns {
    let longest = rows.map { DisplayText.width($0.name) }.max() ?? 0
    let size = rows.map { DisplayText.width($0.size) }.max() ?? 0
    guard let width else {
      return Columns(
        name: min(longest, Self.longName), cutsNames: false, size: size, detail: nil)
    }
    let margin = indent + DisplayText.width(symbol) + 1
    let room = max(8, width - margin - (size > 0 ? size + 2 : 0))
    var name = min(longest, room)
    guard hasDetails else { return Columns(name: name, cutsNames: true, size: size, detail: 0) }
    // A name may take two thirds before it costs the last column.
    if room - longest < Self.shortDetail + 2, room >= 48 { name = min(longest, room * 2 / 3) }
    let detail = room - name - 2
    return Columns(
      name: name, cutsNames: true, size: size, detail: detail < Self.shortDetail ? 0 : detail)
  }

  private func text(_ row: Row, _ columns: Columns, _ page: Page, indent: Int) -> String {
    var line = DisplayText.spaces(indent) + page.style.paint(symbol, meaning) + " "
    let name = columns.cutsNames ? DisplayText.cutMiddle(row.name, to: columns.name) : row.name
    let detail = columns.detail.map { DisplayText.cutEnd(row.detail, to: $0) } ?? row.detail
    let hasTail = columns.size > 0 || !detail.isEmpty
    line += hasTail ? DisplayText.padded(name, to: columns.name) : name
    if columns.size > 0 { line += "  " + DisplayText.aligned(row.size, to: columns.size) }
    if !detail.isEmpty { line += "  " + page.style.paint(detail, .faint) }
    return line
  }
}
