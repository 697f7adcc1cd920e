internal import Core
internal import Diagnostics
internal import YAMLSource

extension Decoder {
  /// A path of this machine: `~` is expanded, and a relative one begins at the folder of the file
  /// that says it.
  func path(_ node: YAMLNode, _ what: String) -> AbsolutePath? {
    if node.isNull, node.scalar?.text == "~" {
      report(
        .badPath, "\(what) is empty: YAML reads a bare `~` as nothing", at: node.span,
        help: "write `\"~\"` for the home folder")
      return nil
    }
    if let scalar = node.scalar, scalar.isExpanded, scalar.text.isEmpty {
      report(
        .badPath, "\(what) is empty once its variables are expanded", at: node.span,
        help: "give the variable a value, or a default: `${NAME:-default}`")
      return nil
    }
    guard let text = text(node, what, expected: "a path") else { return nil }
    guard let full = atHome(text, what, node) else { return nil }
    guard let path = folder(of: node).resolving(full) else {
      report(
        .badPath, "\(what) is not a path: \(quoted(full))", at: node.span,
        help: "give an absolute path, one that begins with `~/`, or one relative to the manifest")
      return nil
    }
    return path
  }

  private func atHome(_ text: String, _ what: String, _ node: YAMLNode) -> String? {
    guard text.hasPrefix("~") else { return text }
    guard text == "~" || text.hasPrefix("~/") else {
      report(
        .badPath, "\(what) names another user's home: \(quoted(text))", at: node.span,
        help: "only `~/` is known; write the whole path")
      return nil
    }
    guard let home else {
      report(
        .badPath, "\(what) begins with `~`, but there is no home folder", at: node.span,
        help: "set `HOME`, or write the whole path")
      return nil
    }
    return home.string + text.dropFirst()
  }

  /// Where a part of a scalar's text stands in the file; the whole scalar when escapes or line
  /// breaks make that hard to tell.
  func part(_ range: Range<Int>, of node: YAMLNode) -> Span {
    guard let scalar = node.scalar, !isBroken(node.span) else { return node.span }
    let shift = scalar.style == .plain ? 0 : 1
    let start = node.span.range.lowerBound + shift
    let text = Array(scalar.text.utf8)
    let bytes = node.span.file.bytes
    guard start + text.count <= bytes.count,
      bytes[start..<start + text.count].elementsEqual(text)
    else { return node.span }
    return Span(file: node.span.file, range: start + range.lowerBound..<start + range.upperBound)
  }
}
