/// Text as markdown shows it: whatever it holds, it stays text. No one is pinged by it, nothing is
/// linked, and no table, list or HTML around it can be broken.
///
/// Works on scalars: to markdown a back-tick with an accent on it is a back-tick.
package enum MarkdownText {
  /// A code span that shows exactly this: the sites that show comments look for names, numbers and
  /// addresses everywhere but there. Line ends and controls are written as their codes.
  package static func code(_ text: String) -> String {
    let text = DisplayText.harmless(text)
    let scalars = text.unicodeScalars
    guard !scalars.isEmpty else { return "(no name)" }
    var longest = 0
    var run = 0
    for scalar in scalars {
      run = scalar == "`" ? run + 1 : 0
      longest = max(longest, run)
    }
    let fence = String(repeating: "`", count: longest + 1)
    // A space on both sides is taken away when it is shown: it keeps back-ticks and spaces apart
    // from the fence. Spaces alone are shown as they are.
    let edges: Set<Unicode.Scalar?> = [scalars.first, scalars.last]
    let isEdged = !edges.isDisjoint(with: ["`", " "])
    let needsRoom = isEdged && !scalars.allSatisfy { $0 == " " }
    return needsRoom ? "\(fence) \(text) \(fence)" : fence + text + fence
  }

  /// A message: what it has between back-ticks becomes code, the rest is escaped.
  package static func prose(_ text: String) -> String {
    let pieces = DisplayText.harmless(text).unicodeScalars
      .split(separator: "`", omittingEmptySubsequences: false)
    var out = ""
    for (index, piece) in pieces.enumerated() {
      let isQuoted = index % 2 == 1
      if isQuoted, index + 1 < pieces.count {
        out += piece.isEmpty ? "\\`\\`" : code(String(piece))
      } else {
        out += (isQuoted ? "\\`" : "") + escaped(piece)
      }
    }
    return out
  }

  /// What markdown or HTML could take for more than a letter.
  private static let special = Set("\\`*_[]<>#|~&$".unicodeScalars)
  /// The same at the beginning of a block.
  private static let opening = Set("-+=".unicodeScalars)
  /// What begins a reference to a person, an issue, a label or an address when a word follows. The
  /// sites look for these in the text as it is shown, so that an escape alone does not help.
  private static let sigils = Set("@#!~$%&^/".unicodeScalars)
  /// Shown as nothing.
  private static let cut = "<!-- -->"

  private static func escaped(_ text: Substring.UnicodeScalarView) -> String {
    var out = ""
    /// The last few letters in lower case.
    var before = ""
    for scalar in text {
      let isWord = scalar.properties.isAlphabetic || scalar.properties.numericType != nil
      if isWord, let last = before.unicodeScalars.last, sigils.contains(last) { out += cut }
      if scalar == ".", before.hasSuffix("www") { out += cut }
      if scalar.properties.numericType != nil, before.hasSuffix("gh-") { out += cut }
      let isSpecial =
        special.contains(scalar) || before.isEmpty && opening.contains(scalar)
        || before.hasSuffix(":") && (scalar == "/" || isWord)
      if isSpecial, !isWord { out += "\\" }
      if isSpecial, isWord { out += cut }
      out.unicodeScalars.append(scalar)
      before = String(before.suffix(3)) + scalar.properties.lowercaseMapping
    }
    return out
  }
}
