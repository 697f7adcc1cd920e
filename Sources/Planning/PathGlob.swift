package import Core

/// Paths below the trees' roots with `*` (any text within a name), `?` (one character) and `**`
/// (any folders); a `/` at the end means everything below. Compared as file systems do, with case.
///
/// With `tree:` before it, as places are printed, the tree's name must fit too; without, every tree
/// is meant.
package struct PathGlob: Sendable, Hashable, CustomStringConvertible {
  package let text: String
  private let parts: [[Character]]
  /// What stands before and after the first colon: a path may hold one too.
  private let inTree: (name: [Character], parts: [[Character]])?

  /// - Returns: `nil` for an empty text.
  package init?(_ text: String) {
    guard !text.isEmpty else { return nil }
    self.text = text
    parts = Self.parts(text)
    inTree = text.firstIndex(of: ":").map { colon in
      let rest = text[text.index(after: colon)...]
      return (Array(text[..<colon]), Self.parts(rest.isEmpty ? "**" : String(rest)))
    }
  }

  private static func parts(_ text: String) -> [[Character]] {
    let whole = text.hasSuffix("/") ? text + "**" : text
    return (whole.hasPrefix("./") ? whole.dropFirst(2) : whole[...])
      .split(separator: "/").map(Array.init)
  }

  package var description: String { text }

  package static func == (left: PathGlob, right: PathGlob) -> Bool { left.text == right.text }
  package func hash(into hasher: inout Hasher) { hasher.combine(text) }

  package func matches(_ place: Place) -> Bool {
    let names = place.path.string.split(separator: "/").map(Array.init)
    if Self.fits(parts[...], names[...]) { return true }
    guard let inTree else { return false }
    return Self.fits(inTree.name, Array(place.tree.name))
      && Self.fits(inTree.parts[...], names[...])
  }

  /// Goes from the left; where what followed the last `**` does not fit, it takes in one name more.
  private static func fits(
    _ pattern: ArraySlice<[Character]>, _ names: ArraySlice<[Character]>
  ) -> Bool {
    var (pattern, names) = (pattern, names)
    var retry: (pattern: ArraySlice<[Character]>, names: ArraySlice<[Character]>)?
    while let name = names.first {
      if pattern.first == ["*", "*"] {
        pattern = pattern.dropFirst()
        retry = (pattern, names)
      } else if let part = pattern.first, fits(part, name) {
        pattern = pattern.dropFirst()
        names = names.dropFirst()
      } else if let last = retry {
        retry = (last.pattern, last.names.dropFirst())
        pattern = last.pattern
        names = last.names.dropFirst()
      } else {
        return false
      }
    }
    return pattern.allSatisfy { $0 == ["*", "*"] }
  }

  /// Within one name.
  private static func fits(_ pattern: [Character], _ name: [Character]) -> Bool {
    var (part, letter) = (0, 0)
    var retry: (part: Int, letter: Int)?
    while letter < name.count {
      if part < pattern.count, pattern[part] == "*" {
        part += 1
        retry = (part, letter)
      } else if part < pattern.count, pattern[part] == "?" || pattern[part] == name[letter] {
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
    return pattern[part...].allSatisfy { $0 == "*" }
  }
}
