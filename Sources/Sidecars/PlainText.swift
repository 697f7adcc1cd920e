/// The text of a piece of HTML as a person reads it: without tags, comments, scripts and styles,
/// paragraphs apart, list items with a dash.
///
/// Made for descriptions that strangers wrote: it goes through the text once, never fails, and
/// gives at most `limit` characters, and a `…` where there were more.
package func plainText(html: String, limit: Int = 20_000) -> String {
  var reader = HTMLReader(html, limit: limit)
  return reader.text()
}

private struct HTMLReader {
  private let scalars: [Unicode.Scalar]
  private var at = 0
  private var out = String.UnicodeScalarView()
  /// Line ends that come before the next letter.
  private var pendingLines = 0
  private var pendingSpace = false
  private var pendingDash = false
  /// No tag is closed behind here: what looks like one is text.
  private var isPastTags = false
  private var count = 0
  private let limit: Int

  init(_ html: String, limit: Int) {
    scalars = Array(html.unicodeScalars)
    self.limit = limit
  }

  mutating func text() -> String {
    while at < scalars.count {
      if count >= limit {
        out.append("…")
        break
      }
      let scalar = scalars[at]
      if scalar == "<", readTag() { continue }
      if scalar == "&", let (decoded, length) = entity() {
        add(decoded)
        at += length
        continue
      }
      add(scalar)
      at += 1
    }
    return String(out)
  }

  private mutating func add(_ scalar: Unicode.Scalar) {
    if scalar.properties.isWhitespace || scalar.value < 0x20 || scalar.value == 0x7f {
      pendingSpace = true
      return
    }
    if out.isEmpty {
      pendingLines = 0
    } else if pendingLines > 0 {
      for _ in 0..<min(2, pendingLines) { put("\n") }
    } else if pendingSpace {
      put(" ")
    }
    if pendingDash {
      put("-")
      put(" ")
    }
    (pendingLines, pendingSpace, pendingDash) = (0, false, false)
    put(scalar)
  }

  private mutating func put(_ scalar: Unicode.Scalar) {
    guard count < limit else { return }
    out.append(scalar)
    count += 1
  }

  private mutating func breakLine(_ lines: Int) {
    pendingLines = max(pendingLines, lines)
    pendingSpace = false
  }

  // MARK: Tags

  /// - Returns: whether a tag or comment began here; then it is read.
  private mutating func readTag() -> Bool {
    guard !isPastTags, at + 1 < scalars.count else { return false }
    if starts(with: "<!--") {
      at = end(of: "-->", from: at + 4) ?? scalars.count
      return true
    }
    let next = scalars[at + 1]
    guard Self.isLetter(next) || next == "/" || next == "!" || next == "?" else { return false }
    guard let end = end(of: ">", from: at + 1) else {
      isPastTags = true
      return false
    }
    let isClosing = next == "/"
    let name = tagName(from: isClosing ? at + 2 : at + 1)
    at = end
    act(on: name, isClosing: isClosing)
    return true
  }

  private mutating func act(on name: String, isClosing: Bool) {
    switch name {
    case "script", "style":
      guard !isClosing else { return }
      at =
        self.end(of: "</\(name)", from: at).map { end(of: ">", from: $0) ?? scalars.count }
        ?? scalars.count
    case "br": pendingLines = min(2, pendingLines + 1)
    case "li":
      breakLine(1)
      if !isClosing { pendingDash = true }
    case "p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "table", "ul", "ol", "hr":
      breakLine(name == "p" && pendingDash ? 0 : 2)
    case "div", "tr", "section", "article": breakLine(1)
    case "td", "th": pendingSpace = true
    default: break
    }
  }

  private func tagName(from start: Int) -> String {
    var name = String.UnicodeScalarView()
    for scalar in scalars[min(start, scalars.count)...].prefix(12) {
      guard Self.isLetter(scalar) || ("0"..."9").contains(scalar) else { break }
      name.append(scalar)
    }
    return String(name).lowercased()
  }

  private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
  }

  private func starts(with text: String) -> Bool {
    scalars[at...].starts(with: text.unicodeScalars)
  }

  /// The place behind the next occurrence of `text`, letters of either case.
  private func end(of text: String, from start: Int) -> Int? {
    let wanted = Array(text.unicodeScalars)
    guard let first = wanted.first, start + wanted.count <= scalars.count else { return nil }
    for place in start...(scalars.count - wanted.count)
    where scalars[place] == first
      && zip(wanted, scalars[place...]).allSatisfy({ Self.same($0, $1) })
    {
      return place + wanted.count
    }
    return nil
  }

  private static func same(_ left: Unicode.Scalar, _ right: Unicode.Scalar) -> Bool {
    left == right || isLetter(right) && left.value == right.value | 0x20
  }

  // MARK: Entities

  /// What the entity here stands for, and how long it is; `nil` where there is none that counts.
  private func entity() -> (Unicode.Scalar, Int)? {
    let window = scalars[at...].prefix(12)
    guard let semicolon = window.firstIndex(of: ";") else { return nil }
    let name = String(String.UnicodeScalarView(scalars[(at + 1)..<semicolon]))
    let length = semicolon + 1 - at
    if name.hasPrefix("#") {
      let digits = name.dropFirst()
      let value =
        digits.first == "x" || digits.first == "X"
        ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
      return value.flatMap { Unicode.Scalar($0) }.map { ($0, length) }
    }
    return Self.named[name].map { ($0, length) }
  }

  private static let named: [String: Unicode.Scalar] = [
    "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": " ", "hellip": "…",
    "ndash": "–", "mdash": "—", "lsquo": "‘", "rsquo": "’", "ldquo": "“", "rdquo": "”",
    "bull": "•", "copy": "©", "reg": "®", "trade": "™", "times": "×", "middot": "·",
  ]
}
