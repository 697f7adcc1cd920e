/// An absolute path of this machine, normalised by its text alone: no `.`, `..`, doubled or
/// trailing slash. Symbolic links are not followed.
package struct AbsolutePath: Hashable, Sendable, Comparable, CustomStringConvertible {
  package let string: String

  /// `nil` unless the text begins with `/` and has no NUL.
  package init?(_ text: some StringProtocol) {
    guard text.utf8.first == UInt8(ascii: "/"), !text.utf8.contains(0) else { return nil }
    var parts: [Substring] = []
    for part in String(text).split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    self.string = "/" + parts.joined(separator: "/")
  }

  private init(normalised text: String) { string = text }

  /// The path that `text` names seen from this folder: itself when absolute.
  package func resolving(_ text: String) -> AbsolutePath? {
    text.hasPrefix("/") ? AbsolutePath(text) : AbsolutePath(string + "/" + text)
  }

  /// `self/name…`; the parts are taken as they are and may hold several components.
  package func appending(_ parts: String...) -> AbsolutePath {
    if parts.allSatisfy(Self.isPlain) {
      let beginning = string == "/" ? "" : string
      return AbsolutePath(normalised: parts.reduce(beginning) { $0 + "/" + $1 })
    }
    return AbsolutePath(([string] + parts).joined(separator: "/")) ?? self
  }

  /// Whether a text is the name of one component, with nothing in it to normalise.
  private static func isPlain(_ text: String) -> Bool {
    !text.isEmpty && text != "." && text != ".."
      && !text.utf8.contains { $0 == UInt8(ascii: "/") || $0 == 0 }
  }

  package func appending(_ path: TreePath) -> AbsolutePath {
    // A tree's path has nothing in it that would have to be normalised.
    AbsolutePath(normalised: string == "/" ? "/" + path.string : string + "/" + path.string)
  }

  package var parent: AbsolutePath {
    guard let slash = string.utf8.lastIndex(of: Self.slash), slash > string.startIndex else {
      return AbsolutePath(normalised: "/")
    }
    return AbsolutePath(normalised: String(string[..<slash]))
  }

  package var name: String {
    guard let slash = string.utf8.lastIndex(of: Self.slash) else { return string }
    return String(string[string.utf8.index(after: slash)...])
  }

  private static let slash = UInt8(ascii: "/")

  /// Whether the path is this one or lies below it.
  package func contains(_ other: AbsolutePath) -> Bool {
    if string == "/" { return true }
    guard other.string.utf8.starts(with: string.utf8) else { return false }
    let rest = other.string.utf8.dropFirst(string.utf8.count)
    return rest.isEmpty || rest.first == Self.slash
  }

  package static func < (left: AbsolutePath, right: AbsolutePath) -> Bool {
    left.string < right.string
  }

  package var description: String { string }
}
