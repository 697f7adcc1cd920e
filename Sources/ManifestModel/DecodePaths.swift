internal import Core
internal import Diagnostics
internal import YAMLSource

extension Decoder {
  /// A path of this machine: `~`, `${NAME}` and `${NAME:-default}` are expanded, and a relative one
  /// begins at the manifest's folder.
  func path(_ node: YAMLNode, _ what: String) -> AbsolutePath? {
    if node.isNull, node.scalar?.text == "~" {
      report(
        .badPath, "\(what) is empty: YAML reads a bare `~` as nothing", at: node.span,
        help: "write `\"~\"` for the home folder")
      return nil
    }
    guard let text = text(node, what, expected: "a path") else { return nil }
    guard let expanded = expand(text, node) else { return nil }
    guard let full = atHome(expanded, what, node) else { return nil }
    if full.isEmpty {
      report(
        .badPath, "\(what) is empty once its variables are expanded", at: node.span,
        help: "give the variable a value, or a default: `${NAME:-default}`")
      return nil
    }
    guard let path = folder.resolving(full) else {
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

  private func expand(_ text: String, _ node: YAMLNode) -> String? {
    let bytes = Array(text.utf8)
    var out: [UInt8] = []
    var offset = 0
    var isGood = true
    while offset < bytes.count {
      guard bytes[offset] == UInt8(ascii: "$"), offset + 1 < bytes.count else {
        out.append(bytes[offset])
        offset += 1
        continue
      }
      switch bytes[offset + 1] {
      case UInt8(ascii: "$"):
        out.append(UInt8(ascii: "$"))
        offset += 2
      case UInt8(ascii: "{"):
        let end = bytes[offset...].firstIndex(of: UInt8(ascii: "}")) ?? bytes.count
        let range = offset..<min(end + 1, bytes.count)
        if end < bytes.count, let value = variable(bytes[offset + 2..<end], range, node) {
          out += value.utf8
        } else {
          isGood = false
          if end == bytes.count {
            badExpansion("the `${` is not closed", range, node, help: "write `${NAME}`")
          }
        }
        offset = range.upperBound
      case let next where Self.isNameByte(next):
        let end = bytes[(offset + 1)...].firstIndex { !Self.isNameByte($0) } ?? bytes.count
        let name = String(decoding: bytes[offset + 1..<end], as: UTF8.self)
        badExpansion(
          "`$` without braces is not expanded", offset..<end, node,
          help: "write `${\(name)}`, or `$$` for the character itself")
        isGood = false
        offset = end
      default:
        out.append(bytes[offset])
        offset += 1
      }
    }
    return isGood ? String(decoding: out, as: UTF8.self) : nil
  }

  /// The value of what stands between `${` and `}`.
  private func variable(_ inner: ArraySlice<UInt8>, _ range: Range<Int>, _ node: YAMLNode)
    -> String?
  {
    let text = String(decoding: inner, as: UTF8.self)
    let name = String(text.prefix { $0 != ":" })
    let rest = text.dropFirst(name.count)
    let isName = name.utf8.allSatisfy(Self.isNameByte) && name.first?.isNumber == false
    guard isName, rest.isEmpty || rest.hasPrefix(":-"), !rest.contains("${") else {
      badExpansion(
        "\(quoted("${" + text + "}")) is not a variable", range, node,
        help: "write `${NAME}` or `${NAME:-default}`")
      return nil
    }
    if Self.looksSecret(name) {
      report(
        .secretVariable, "the variable `\(name)` looks like a secret", at: part(range, of: node),
        help: "a path ends up in plans, locks and snapshots: use another variable")
      return nil
    }
    let value = environment[name]
    if let value, !(value.isEmpty && !rest.isEmpty) { return value }
    if !rest.isEmpty { return String(rest.dropFirst(2)) }
    report(
      .unsetVariable, "the variable `\(name)` is not set", at: part(range, of: node),
      help: "set it, or give a default: `${\(name):-…}`")
    return nil
  }

  private func badExpansion(
    _ message: String, _ range: Range<Int>, _ node: YAMLNode, help: String
  ) {
    report(.badExpansion, message, at: part(range, of: node), help: help)
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  private static func looksSecret(_ name: String) -> Bool {
    let upper = name.uppercased()
    return ["TOKEN", "SECRET", "PASSWORD", "PASSWD", "PASSPHRASE", "CREDENTIALS", "KEY"]
      .contains { upper.hasSuffix($0) }
  }

  /// Where a part of a scalar's text stands in the file; the whole scalar when escapes or line
  /// breaks make that hard to tell.
  func part(_ range: Range<Int>, of node: YAMLNode) -> Span {
    guard let scalar = node.scalar else { return node.span }
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
