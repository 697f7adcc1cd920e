internal import Core

/// A path whose names may hold `*` (any text) and `?` (one character). Neither matches a `/`, nor
/// the dot of a hidden name.
struct PathGlob {
  private let components: [String]

  init(_ path: AbsolutePath) {
    components = path.string.split(separator: "/").map(String.init)
  }

  var isLiteral: Bool { components.allSatisfy(Self.isLiteral) }

  private static func isLiteral(_ component: String) -> Bool {
    !component.utf8.contains(UInt8(ascii: "*")) && !component.utf8.contains(UInt8(ascii: "?"))
  }

  /// The files that match, sorted by their paths.
  /// - Parameter mayList: asked before each folder is looked into; `false` ends the search.
  func matches(_ loader: any ManifestLoader, mayList: () -> Bool) -> [AbsolutePath] {
    guard let start = AbsolutePath("/") else { return [] }
    var found = [start]
    for (index, component) in components.enumerated() {
      if Self.isLiteral(component) {
        found = found.map { $0.appending(component) }
        continue
      }
      let isLast = index == components.count - 1
      let pattern = Array(component)
      var next: [AbsolutePath] = []
      for folder in found {
        guard mayList() else { return [] }
        for entry in loader.list(folder) ?? [] where entry.isFolder != isLast {
          if Self.matches(pattern, entry.name) { next.append(folder.appending(entry.name)) }
        }
      }
      found = next
    }
    // After a pattern further up, a literal name at the end need not be there.
    if let last = components.last, Self.isLiteral(last) {
      found = found.filter { path in
        (loader.list(path.parent) ?? []).contains { !$0.isFolder && $0.name == path.name }
      }
    }
    return found.sorted { $0.string.utf8.lexicographicallyPrecedes($1.string.utf8) }
  }

  static func matches(_ pattern: [Character], _ name: String) -> Bool {
    let letters = Array(name)
    if letters.first == ".", pattern.first != "." { return false }
    return Wildcard.matches(pattern, letters)
  }
}
