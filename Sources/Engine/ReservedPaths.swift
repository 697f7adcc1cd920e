import Core

/// What in a tree is not the tree's: civsync's own files and folders, and other trees. A quick answer
/// for each of many places.
struct ReservedPaths: Sendable {
  /// Why nothing in the tree is a place.
  private var everywhere: String?
  /// What lies below the root, and why it is no place.
  private var within: [(path: String, why: String)] = []

  /// - Parameter others: the roots of other trees: what is in one within this is that one's alone.
  init(_ reserved: [AbsolutePath], others: [TreeName: AbsolutePath] = [:], in root: AbsolutePath) {
    for path in reserved {
      let why = "`\(path.name)` is civsync's own"
      if path.contains(root) { everywhere = everywhere ?? why } else { add(path, why, root) }
    }
    for (name, path) in others.sorted(by: { $0.key < $1.key }) {
      add(path, "it is in tree `\(name)`", root)
    }
  }

  private mutating func add(_ path: AbsolutePath, _ why: String, _ root: AbsolutePath) {
    guard root.contains(path), path != root else { return }
    let start = root.string == "/" ? 1 : root.string.utf8.count + 1
    within.append((String(path.string.utf8.dropFirst(start)) ?? "", why))
  }

  /// Why the path is no place for a model; `nil` when it may be one.
  func objection(to path: TreePath) -> String? {
    if let everywhere { return everywhere }
    for own in within where path.string.utf8.starts(with: own.path.utf8) {
      let rest = path.string.utf8.dropFirst(own.path.utf8.count)
      if rest.isEmpty || rest.first == UInt8(ascii: "/") { return own.why }
    }
    return nil
  }
}
