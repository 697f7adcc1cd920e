/// `text` between back-ticks, fit to stand in a message: what could move a terminal's cursor or
/// turn the reading direction is written as its code, and a long text is cut.
/// - Parameter limit: how many characters of it are shown.
package func quoted(_ text: String, limit: Int = 60) -> String {
  let start = text.prefix(limit)
  return "`\(printable(start))\(start.endIndex == text.endIndex ? "" : "…")`"
}

/// The text with control characters and invisible direction marks written as `\u{1b}`.
package func printable(_ text: some StringProtocol) -> String {
  guard text.unicodeScalars.contains(where: isHazard) else { return String(text) }
  var out = ""
  for scalar in text.unicodeScalars {
    if isHazard(scalar) {
      out += "\\u{\(String(scalar.value, radix: 16))}"
    } else {
      out.unicodeScalars.append(scalar)
    }
  }
  return out
}

/// Whether a scalar could deceive the reader of a terminal: controls, direction marks, and line
/// separators.
func isHazard(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF:
    true
  default: false
  }
}

/// How many terminal columns a scalar takes: 0 for combining marks, 2 for East Asian wide ones and
/// emoji, else 1.
func displayWidth(_ scalar: Unicode.Scalar) -> Int {
  switch scalar.properties.generalCategory {
  case .nonspacingMark, .enclosingMark, .format: return 0
  default: break
  }
  switch scalar.value {
  case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
    0xA000...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
    0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF,
    0x1FA70...0x1FAFF, 0x20000...0x3FFFD:
    return 2
  default: return 1
  }
}

/// Words laid out in lines of at most `width` columns, the later ones indented; a word longer than
/// a line stays whole.
func wrapped(_ text: String, width: Int?, first: Int, indent: Int) -> String {
  guard let width else { return text }
  var lines = [""]
  var column = first
  for word in text.split(separator: " ", omittingEmptySubsequences: false) {
    let length = word.unicodeScalars.reduce(0) { $0 + displayWidth($1) }
    if column + length > width, column > indent, lines.last?.isEmpty == false {
      lines.append(String(repeating: " ", count: indent))
      column = indent
    } else if lines.last?.isEmpty == false {
      lines[lines.count - 1] += " "
      column += 1
    }
    lines[lines.count - 1] += word
    column += length
  }
  return lines.joined(separator: "\n")
}
