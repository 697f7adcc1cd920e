/// The name of a tree: a folder that a tool reads. The short form `root:` + `layout:` makes one
/// named `main`.
package struct TreeName: Hashable, Sendable, Comparable, CustomStringConvertible {
  package let name: String
  package init(_ name: String) { self.name = name }
  package static let main = TreeName("main")
  package static func < (left: TreeName, right: TreeName) -> Bool { left.name < right.name }
  package var description: String { name }
}

/// A path below a tree's root: relative, `/` between components, none of them empty, `.` or `..`,
/// no NUL, at most 255 bytes a component.
package struct TreePath: Hashable, Sendable, Comparable, CustomStringConvertible {
  package let string: String

  package init?(_ string: String) {
    let components = string.split(separator: "/", omittingEmptySubsequences: false)
    guard string.utf8.count < 4_000,
      components.allSatisfy({ part in
        !part.isEmpty && part != "." && part != ".." && part.utf8.count <= 255
          && !part.utf8.contains(0)
      })
    else { return nil }
    self.string = string
  }

  private init(part text: Substring) { string = String(text) }

  private static let slash = UInt8(ascii: "/")

  package var components: [Substring] {
    string.utf8.split(separator: Self.slash).map(Substring.init)
  }

  package var name: String {
    guard let slash = string.utf8.lastIndex(of: Self.slash) else { return string }
    return String(string[string.utf8.index(after: slash)...])
  }

  /// The path of the folder that holds it; `nil` directly below the root.
  package var parent: TreePath? {
    string.utf8.lastIndex(of: Self.slash).map { TreePath(part: string[..<$0]) }
  }

  /// Whether it stands directly in that folder; `nil` is the root.
  package func isDirectly(in folder: TreePath?) -> Bool {
    let own = string.utf8Span.span
    var start = 0
    if let folder {
      let above = folder.string.utf8Span.span
      guard own.count > above.count, own[above.count] == Self.slash else { return false }
      for index in 0..<above.count where own[index] != above[index] { return false }
      start = above.count + 1
    }
    for index in start..<own.count where own[index] == Self.slash { return false }
    return true
  }

  package static func < (left: TreePath, right: TreePath) -> Bool {
    let (one, other) = (left.string.utf8Span.span, right.string.utf8Span.span)
    for index in 0..<min(one.count, other.count) where one[index] != other[index] {
      return one[index] < other[index]
    }
    return one.count < other.count
  }

  package var description: String { string }
}

/// A path in one of the trees.
package struct Place: Hashable, Sendable, Comparable, CustomStringConvertible {
  package var tree: TreeName
  package var path: TreePath

  package init(tree: TreeName, path: TreePath) {
    self.tree = tree
    self.path = path
  }

  package static func < (left: Place, right: Place) -> Bool {
    left.tree == right.tree ? left.path < right.path : left.tree < right.tree
  }

  /// The path alone in the `main` tree, `tree:path` in any other.
  package var description: String { tree == .main ? path.string : "\(tree):\(path)" }
}
