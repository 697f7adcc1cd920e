package import Diagnostics
internal import YAMLSource

/// What is to be put into a collection of a manifest.
package struct ManifestAddition: Sendable, Equatable {
  package enum Kind: String, Sendable {
    case models, users
  }

  package var kind: Kind
  /// As the manifest writes it: an id, `id@version`, a creator's name.
  package var text: String
  /// What stands beside it for people, where a line of its own has room for that.
  package var comment: String?

  package init(_ kind: Kind, _ text: String, comment: String? = nil) {
    self.kind = kind
    self.text = text
    self.comment = comment
  }
}

/// Why a manifest is not edited; its user has to.
package enum ManifestEditProblem: Error, Hashable, Sendable {
  /// The text is no YAML, or not a map.
  case unreadable
  /// It is built from anchors, or in a way that this cannot put a line into.
  case tooClever
}

/// Puts additions into the text of a manifest, and leaves every other byte as it is.
///
/// The result is for the caller to hold against what was meant: this reads the shape of the text, not
/// its meaning.
/// - Parameter collection: made when it is not there.
package func adding(
  _ additions: [ManifestAddition], to collection: String, in file: SourceFile
) throws(ManifestEditProblem) -> [UInt8] {
  var bytes = file.bytes
  for kind in [ManifestAddition.Kind.users, .models] {
    let items = additions.filter { $0.kind == kind }
    guard !items.isEmpty else { continue }
    let editor = try ManifestEditor(SourceFile(name: file.name, bytes: bytes))
    bytes = try editor.adding(items, kind, to: collection)
  }
  return bytes
}

/// The names of the collections that stand in one file, in its order.
package func collectionNames(in file: SourceFile) -> [String] {
  guard let root = parseYAML(file).root, case .mapping(let pairs) = root.content,
    let value = pairs.first(where: { $0.name == "collections" })?.value,
    case .mapping(let collections) = value.content
  else { return [] }
  return collections.map(\.name)
}

private struct ManifestEditor {
  private let bytes: [UInt8]
  private let root: [YAMLPair]
  private let newline: [UInt8]

  init(_ file: SourceFile) throws(ManifestEditProblem) {
    let (root, diagnostics) = parseYAML(file)
    guard !diagnostics.hasErrors else { throw .unreadable }
    bytes = file.bytes
    newline = Array((file.bytes.contains(0x0d) ? "\r\n" : "\n").utf8)
    switch root?.content {
    case .mapping(let pairs): self.root = pairs
    case nil: self.root = []
    default: throw .unreadable
    }
  }

  func adding(
    _ items: [ManifestAddition], _ kind: ManifestAddition.Kind, to name: String
  ) throws(ManifestEditProblem) -> [UInt8] {
    guard let collections = root.first(where: { $0.name == "collections" }) else {
      return appended(
        ["collections:", "  \(scalar(name)):"] + block(items, kind, indent: 4, step: 2))
    }
    guard case .mapping(let pairs) = collections.value.content, !pairs.isEmpty else {
      guard collections.value.isNull || isFlow(collections.value) else { throw .unreadable }
      return replaced(
        collections, indent: 2,
        ["  \(scalar(name)):"] + block(items, kind, indent: 4, step: 2))
    }
    try requireOwn(collections.value, collections)
    if let own = pairs.first(where: { $0.name == name }) {
      return try adding(items, kind, in: own, below: collections)
    }
    if isFlow(collections.value) {
      let list = items.map { scalar($0.text) }.joined(separator: ", ")
      return inserted(
        ", \(scalar(name)): { \(kind.rawValue): [\(list)] }",
        at: try flowEnd(collections.value, UInt8(ascii: "}")))
    }
    let indent = column(of: pairs[0])
    return insertedLines(
      [spaces(indent) + "\(scalar(name)):"]
        + block(items, kind, indent: indent + 2, step: 2),
      after: pairs[pairs.count - 1])
  }

  private func adding(
    _ items: [ManifestAddition], _ kind: ManifestAddition.Kind, in collection: YAMLPair,
    below collections: YAMLPair
  ) throws(ManifestEditProblem) -> [UInt8] {
    try requireOwn(collection.value, collection)
    guard case .mapping(let pairs) = collection.value.content, !pairs.isEmpty else {
      guard collection.value.isNull || isFlow(collection.value) else { throw .unreadable }
      let indent = isFlow(collections.value) ? nil : column(of: collection) + 2
      guard let indent else { throw .tooClever }
      return replaced(collection, indent: indent, block(items, kind, indent: indent, step: 2))
    }
    let list = items.map { scalar($0.text) }.joined(separator: ", ")
    guard let own = pairs.first(where: { $0.name == kind.rawValue }) else {
      if isFlow(collection.value) {
        return inserted(
          ", \(kind.rawValue): [\(list)]", at: try flowEnd(collection.value, UInt8(ascii: "}")))
      }
      let indent = column(of: pairs[0])
      return insertedLines(
        block(items, kind, indent: indent, step: 2), after: pairs[pairs.count - 1])
    }
    try requireOwn(own.value, own)
    return try adding(items, list, to: own, isInFlow: isFlow(collection.value))
  }

  /// Adds to the list itself.
  private func adding(
    _ items: [ManifestAddition], _ list: String, to pair: YAMLPair, isInFlow: Bool
  ) throws(ManifestEditProblem) -> [UInt8] {
    switch pair.value.content {
    case .sequence(let old) where isFlow(pair.value):
      let end = try flowEnd(pair.value, UInt8(ascii: "]"))
      return inserted(old.isEmpty ? list : ", " + list, at: end)
    case .sequence(let old):
      guard let last = old.last, let dash = dash(before: last) else { throw .tooClever }
      let lines = items.map { spaces(dash) + "- " + line($0) }
      return insertedLines(lines, afterByte: end(of: last), indent: dash)
    case .scalar where pair.value.isNull:
      return inserted(" [\(list)]", at: try colon(after: pair) + 1)
    case .scalar:
      let range = pair.value.span.range
      return Array(bytes[..<range.lowerBound]) + Array("[".utf8) + Array(bytes[range])
        + Array(", \(list)]".utf8) + Array(bytes[range.upperBound...])
    case .mapping: throw .tooClever
    }
  }

  // MARK: text

  private func block(
    _ items: [ManifestAddition], _ kind: ManifestAddition.Kind, indent: Int, step: Int
  ) -> [String] {
    [spaces(indent) + kind.rawValue + ":"]
      + items.map { spaces(indent + step) + "- " + line($0) }
  }

  private func line(_ item: ManifestAddition) -> String {
    scalar(item.text) + (item.comment.map { "  " + ManifestScalar.comment($0) } ?? "")
  }

  private func scalar(_ text: String) -> String { ManifestScalar.text(text) }

  private func spaces(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }

  // MARK: places

  /// The bytes of its line before a key.
  private func column(of pair: YAMLPair) -> Int { column(of: pair.keySpan.range.lowerBound) }

  private func column(of offset: Int) -> Int {
    let start = bytes[..<offset].lastIndex(of: 0x0a).map { $0 + 1 } ?? 0
    let mark = start == 0 && bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
    return offset - start - mark
  }

  private func isFlow(_ node: YAMLNode) -> Bool {
    let start = node.span.range.lowerBound
    guard bytes.indices.contains(start), node.scalar == nil else { return false }
    return bytes[start] == UInt8(ascii: "{") || bytes[start] == UInt8(ascii: "[")
  }

  /// What an anchor or a merge puts here stands somewhere else.
  private func requireOwn(_ node: YAMLNode, _ pair: YAMLPair) throws(ManifestEditProblem) {
    let key = pair.keySpan.range.upperBound
    guard node.span.range.lowerBound >= key else { throw .tooClever }
    if case .mapping(let pairs) = node.content {
      for pair in pairs where !node.span.range.contains(pair.keySpan.range.lowerBound) {
        throw .tooClever
      }
    }
    let between = bytes[key..<min(bytes.count, max(key, node.span.range.lowerBound))]
    if between.contains(UInt8(ascii: "*")) || between.contains(UInt8(ascii: "&")) {
      throw .tooClever
    }
  }

  /// Where the closing bracket of a flow collection stands, before blanks in front of it.
  private func flowEnd(_ node: YAMLNode, _ bracket: UInt8) throws(ManifestEditProblem) -> Int {
    var end = node.span.range.upperBound - 1
    guard bytes.indices.contains(end), bytes[end] == bracket else { throw .tooClever }
    while end > 0, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[end - 1]) { end -= 1 }
    // A comment before the bracket would swallow what is put there; a comma would double.
    let start = bytes[..<end].lastIndex(of: 0x0a).map { $0 + 1 } ?? 0
    guard !bytes[start..<end].contains(UInt8(ascii: "#")), bytes[end - 1] != UInt8(ascii: ",")
    else { throw .tooClever }
    return end
  }

  private func colon(after pair: YAMLPair) throws(ManifestEditProblem) -> Int {
    let end = pair.keySpan.range.upperBound
    guard let colon = bytes[end...].firstIndex(of: UInt8(ascii: ":")),
      bytes[end..<colon].allSatisfy({ $0 == 0x20 })
    else { throw .tooClever }
    return colon
  }

  /// The column of the dash that a block list's item stands behind.
  private func dash(before item: YAMLNode) -> Int? {
    var start = item.span.range.lowerBound
    while start > 0, bytes[start - 1] != 0x0a {
      start -= 1
      if bytes[start] == UInt8(ascii: "-"), start + 1 < bytes.count, bytes[start + 1] == 0x20 {
        let before = bytes[..<start].reversed().prefix { $0 != 0x0a }
        if before.allSatisfy({ $0 == 0x20 }) { return column(of: start) }
      }
    }
    return nil
  }

  private func end(of node: YAMLNode) -> Int {
    switch node.content {
    case .scalar: return node.span.range.upperBound
    case .sequence(let items) where !isFlow(node):
      return items.last.map(end) ?? node.span.range.upperBound
    case .mapping(let pairs) where !isFlow(node):
      return pairs.last.map { max($0.keySpan.range.upperBound, end(of: $0.value)) }
        ?? node.span.range.upperBound
    case .sequence, .mapping: return node.span.range.upperBound
    }
  }

  // MARK: edits

  private func inserted(_ text: String, at offset: Int) -> [UInt8] {
    Array(bytes[..<offset]) + Array(text.utf8) + Array(bytes[offset...])
  }

  private func insertedLines(_ lines: [String], after pair: YAMLPair) -> [UInt8] {
    insertedLines(
      lines, afterByte: max(pair.keySpan.range.upperBound, end(of: pair.value)),
      indent: column(of: pair))
  }

  /// Puts lines below the line that `offset` stands in.
  private func insertedLines(_ lines: [String], afterByte offset: Int, indent: Int) -> [UInt8] {
    let text = lines.flatMap { Array($0.utf8) + newline }
    // A block scalar's end stands behind its line break already.
    if offset > 0, offset <= bytes.count, bytes[offset - 1] == 0x0a {
      return Array(bytes[..<offset]) + text + Array(bytes[offset...])
    }
    guard let end = bytes[min(offset, bytes.count)...].firstIndex(of: 0x0a) else {
      return bytes + newline + text.dropLast(newline.count)
    }
    return Array(bytes[...end]) + text + Array(bytes[(end + 1)...])
  }

  private func appended(_ lines: [String]) -> [UInt8] {
    var out = bytes
    if let last = out.last, last != 0x0a { out += newline }
    return out + lines.flatMap { Array($0.utf8) + newline }
  }

  /// Puts lines below a key in the place of its empty value.
  private func replaced(_ pair: YAMLPair, indent: Int, _ lines: [String]) -> [UInt8] {
    let range = pair.value.span.range
    var out = bytes
    if !pair.value.isNull || range.upperBound > range.lowerBound {
      var start = range.lowerBound
      while start > 0, out[start - 1] == 0x20 { start -= 1 }
      out.removeSubrange(start..<range.upperBound)
    }
    let key = pair.keySpan.range.upperBound
    let text = lines.flatMap { Array($0.utf8) + newline }
    guard let end = out[key...].firstIndex(of: 0x0a) else {
      return out + newline + text.dropLast(newline.count)
    }
    return Array(out[...end]) + text + Array(out[(end + 1)...])
  }
}

/// Texts as YAML values.
package enum ManifestScalar {
  /// The text as a value that is read as that text: between quotes unless it is plain beyond doubt.
  package static func text(_ text: String) -> String {
    let startsPlain =
      text.utf8.first.map { isLetterOrDigit($0) || "/.".utf8.contains($0) || text.hasPrefix("~/") }
      ?? false
    let isHarmless = text.utf8.allSatisfy {
      isLetterOrDigit($0) || "_./@+-~".utf8.contains($0)
    }
    let words: Set = ["null", "true", "false", "yes", "no", "on", "off"]
    if startsPlain, isHarmless, !words.contains(text.lowercased()) { return text }
    var out = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": out += "\\\(scalar)"
      case _ where needsEscape(scalar):
        let hex = String(scalar.value, radix: 16)
        out += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out + "\""
  }

  /// The text behind a `#`, on one line whatever it holds.
  package static func comment(_ text: String) -> String {
    let scalars = text.unicodeScalars.map { scalar -> Unicode.Scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate: " "
      default: scalar
      }
    }
    return "# " + String(String.UnicodeScalarView(scalars))
  }

  /// Controls, and what YAML takes for a line break or a mark of the encoding.
  private static func needsEscape(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0xFEFF: true
    default: false
    }
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }
}
