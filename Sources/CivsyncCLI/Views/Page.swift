/// Lines of text as they are put together: sections, wrapped paragraphs, items with a symbol.
///
/// Texts are handed in raw; the page makes them harmless before it measures or paints them.
struct Page {
  let options: ViewOptions
  private(set) var lines: [String] = []

  init(_ options: ViewOptions) { self.options = options }

  var style: TextStyle { options.style }

  /// All lines, each ended.
  var text: String { lines.map { $0 + "\n" }.joined() }

  /// A blank line, unless the page is empty, and a heading.
  mutating func heading(_ title: String, _ meaning: TextMeaning = .strong) {
    gap()
    paragraph(title, meaning: meaning)
  }

  mutating func gap() {
    if !lines.isEmpty { lines.append("") }
  }

  /// A line that is finished: measured, harmless and painted.
  mutating func line(_ text: String) { lines.append(text) }

  /// Words wrapped to the width; lines after the first are indented by `hanging` more. A no-break
  /// space holds two words on one line, and is written as a space.
  mutating func paragraph(
    _ text: String, indent: Int = 0, hanging: Int = 0, meaning: TextMeaning? = nil
  ) {
    let text = DisplayText.harmless(text)
    let room = options.width.map { max(8, $0 - indent - hanging) }
    for (index, line) in DisplayText.wrapped(text, width: room).enumerated() {
      let margin = DisplayText.spaces(indent + (index == 0 ? 0 : hanging))
      lines.append(margin + style.paint(Self.released(line), meaning))
    }
  }

  private static func released(_ line: String) -> String {
    String(line.map { $0 == "\u{A0}" ? " " : $0 })
  }

  /// Columns after which an item's text is cut in its middle: it may quote what the site says.
  private static let longItem = 600

  /// A symbol in its paint and words after it, wrapped beside the symbol.
  mutating func item(
    _ symbol: String, _ text: String, indent: Int = 2, meaning: TextMeaning
  ) {
    let margin = indent + DisplayText.width(symbol) + 1
    let room = options.width.map { max(8, $0 - margin) }
    let text = DisplayText.cutMiddle(DisplayText.harmless(text), to: Self.longItem)
    let wrapped = DisplayText.wrapped(text, width: room)
    append(wrapped, symbol: symbol, indent: indent, margin: margin, meaning)
  }

  /// A symbol and a path of which nothing is left out, however narrow the terminal.
  mutating func pathItem(
    _ symbol: String, _ path: String, indent: Int = 2, meaning: TextMeaning
  ) {
    let margin = indent + DisplayText.width(symbol) + 1
    let room = options.width.map { max(8, $0 - margin) }
    let pieces = DisplayText.brokenPath(DisplayText.harmless(path), width: room)
    append(pieces, symbol: symbol, indent: indent, margin: margin, meaning)
  }

  private mutating func append(
    _ texts: [String], symbol: String, indent: Int, margin: Int, _ meaning: TextMeaning
  ) {
    for (index, text) in texts.enumerated() {
      let lead =
        index == 0
        ? DisplayText.spaces(indent) + style.paint(symbol, meaning) + " "
        : DisplayText.spaces(margin)
      lines.append(lead + text)
    }
  }
}

/// A list of which the middle is left out where it is long.
struct Elided<Element> {
  let head: ArraySlice<Element>
  let hidden: Int
  let tail: ArraySlice<Element>

  /// - Parameter limit: how many are shown at most.
  init(_ elements: [Element], limit: Int = 40) {
    guard elements.count > limit else {
      (head, hidden, tail) = (elements[...], 0, [])
      return
    }
    head = elements.prefix((limit + 1) / 2)
    tail = elements.suffix(limit / 2)
    hidden = elements.count - head.count - tail.count
  }

  /// What stands for the hidden ones.
  var notice: String { "… and \(hidden) more (`--json` lists all)" }
}
