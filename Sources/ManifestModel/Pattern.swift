/// A word with `*` (any text) and `?` (one character), compared without regard to case.
package struct Pattern: Hashable, Sendable, CustomStringConvertible {
  package let text: String
  private let parts: [Character]

  package init(_ text: String) {
    self.text = text
    self.parts = Array(text.lowercased())
  }

  /// Whether it is a plain word.
  package var isLiteral: Bool { !parts.contains("*") && !parts.contains("?") }

  package var description: String { text }

  package func matches(_ word: String) -> Bool {
    Wildcard.matches(parts, Array(word.lowercased()))
  }
}

/// `*` (any text) and `?` (one character).
enum Wildcard {
  /// Takes time by the product of both lengths at most.
  static func matches(_ parts: [Character], _ letters: [Character]) -> Bool {
    var part = 0
    var letter = 0
    /// Where to go on when what followed the last `*` did not fit.
    var retry: (part: Int, letter: Int)?
    while letter < letters.count {
      if part < parts.count, parts[part] == "*" {
        retry = (part + 1, letter)
        part += 1
      } else if part < parts.count, parts[part] == "?" || parts[part] == letters[letter] {
        part += 1
        letter += 1
      } else if let last = retry {
        retry = (last.part, last.letter + 1)
        part = last.part
        letter = last.letter + 1
      } else {
        return false
      }
    }
    return parts[part...].allSatisfy { $0 == "*" }
  }
}
