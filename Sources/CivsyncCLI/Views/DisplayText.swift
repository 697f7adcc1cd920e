import Diagnostics

/// Text as a terminal shows it: made harmless, measured in columns, cut and wrapped to fit.
package enum DisplayText {
  /// Marks that may stand on one letter before more of them are written as their codes: a tower of
  /// marks would run over the lines above.
  private static let marksOnOneLetter = 4
  /// Scalars that may join to one letter: more than any emoji has, and few enough to be measured.
  private static let scalarsOfOneLetter = 12
  /// Columns of the name of a thing that a line shows: no one needs more to know it.
  private static let longTitle = 120

  /// The text with everything that could steer a terminal or turn the reading direction written
  /// as its code, such as `\u{1b}`. What comes from the site goes through here before it is shown.
  package static func harmless(_ text: String) -> String {
    if plainWidth(text) != nil { return text }
    var out = ""
    for character in printable(text) {
      var marks = 0
      for (index, scalar) in character.unicodeScalars.enumerated() {
        marks = isMark(scalar) ? marks + 1 : 0
        if marks > marksOnOneLetter || index >= scalarsOfOneLetter {
          out += "\\u{\(String(scalar.value, radix: 16))}"
        } else {
          out.unicodeScalars.append(scalar)
        }
      }
    }
    return out
  }

  /// What the site calls a model, a version or a file: harmless, and cut where it is endless.
  /// Paths do not go through here.
  package static func title(_ text: String) -> String {
    cutEnd(harmless(text), to: longTitle)
  }

  /// The columns of a text of letters and signs up to U+02FF, each of which takes one: nearly all texts
  /// are such, and need no look at their characters. `nil` for any other text, and for control
  /// characters and soft hyphens.
  private static func plainWidth(_ text: some StringProtocol) -> Int? {
    var columns = 0
    var lead: UInt8 = 0
    for byte in text.utf8 {
      switch byte {
      case 0x20..<0x7F: columns += 1
      case 0xC2...0xCB: lead = byte
      // The second byte of a letter; after C2 come control characters first.
      case 0x80...0xBF:
        if lead == 0xC2, byte < 0xA1 || byte == 0xAD { return nil }
        columns += 1
      default: return nil
      }
    }
    return columns
  }

  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark: true
    default: false
    }
  }

  /// The columns that the text takes: 2 for East Asian wide letters and emoji, none for combining
  /// marks.
  package static func width(_ text: some StringProtocol) -> Int {
    plainWidth(text) ?? text.reduce(0) { $0 + width($1) }
  }

  /// The text, or its beginning and `…`, in at most `columns`.
  package static func cutEnd(_ text: String, to columns: Int) -> String {
    guard width(text) > columns else { return text }
    guard columns > 0 else { return "" }
    return prefix(text, columns - 1) + "…"
  }

  /// The text, or its beginning, `…` and its end, in at most `columns`: file names tell much by
  /// their ends.
  package static func cutMiddle(_ text: String, to columns: Int) -> String {
    guard width(text) > columns else { return text }
    guard columns > 0 else { return "" }
    let tail = (columns - 1) / 2
    return prefix(text, columns - 1 - tail) + "…" + suffix(text, tail)
  }

  /// The text with spaces after it, up to `columns`.
  package static func padded(_ text: String, to columns: Int) -> String {
    text + spaces(columns - width(text))
  }

  /// The text with spaces before it, up to `columns`.
  package static func aligned(_ text: String, to columns: Int) -> String {
    spaces(columns - width(text)) + text
  }

  package static func spaces(_ count: Int) -> String {
    String(repeating: " ", count: max(0, count))
  }

  /// Lines of at most `width` columns, broken between words where that is possible; one line
  /// where `width` is `nil`.
  package static func wrapped(_ text: String, width: Int?) -> [String] {
    guard let width, self.width(text) > width else { return [text] }
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if line.isEmpty {
        line = String(word)
      } else if self.width(line) + 1 + self.width(word) <= width {
        line += " " + word
      } else {
        lines.append(line)
        line = String(word)
      }
      while self.width(line) > width {
        let piece = prefix(line, width, atLeastOne: true)
        lines.append(piece)
        line = String(line.dropFirst(piece.count))
      }
    }
    return line.isEmpty ? lines : lines + [line]
  }

  /// A path in pieces of at most `width` columns, with nothing left out; broken after a `/` where
  /// that leaves no great gap.
  package static func brokenPath(_ path: String, width: Int?) -> [String] {
    guard let width else { return [path] }
    var pieces: [String] = []
    var rest = path
    while self.width(rest) > width {
      var piece = prefix(rest, width, atLeastOne: true)
      if let slash = piece.lastIndex(of: "/"), self.width(piece[...slash]) * 2 > width {
        piece = String(piece[...slash])
      }
      pieces.append(piece)
      rest = String(rest.dropFirst(piece.count))
    }
    return rest.isEmpty ? pieces : pieces + [rest]
  }

  private static func prefix(
    _ text: String, _ columns: Int, atLeastOne: Bool = false
  ) -> String {
    var used = 0
    var out = ""
    for character in text {
      used += width(character)
      if used > columns, !(atLeastOne && out.isEmpty) { break }
      out.append(character)
    }
    return out
  }

  private static func suffix(_ text: String, _ columns: Int) -> String {
    var used = 0
    var out: [Character] = []
    for character in text.reversed() {
      used += width(character)
      if used > columns { break }
      out.append(character)
    }
    return String(out.reversed())
  }
}
