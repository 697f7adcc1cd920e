internal import Core
internal import Diagnostics
internal import YAMLSource

/// Turns nodes into values and gathers every mistake on the way; used by one call at a time.
final class Decoder {
  /// The folder of the first text.
  let folder: AbsolutePath
  /// The folder of each text: relative paths in it begin there.
  private var folders: [ObjectIdentifier: AbsolutePath] = [:]
  let home: AbsolutePath?
  /// Hosts whose model pages are read: those of the endpoints.
  var hosts: Set<String> = []
  /// Whether `http` may be used for other machines.
  var isInsecure = false
  private(set) var diagnostics: [Diagnostic] = []
  private var counts: [Diagnostic.Severity: Int] = [:]
  /// How many mistakes of one severity are kept; more than are shown.
  private static let keptLimit = 1_000
  /// Values whose variables could not be expanded: that was told, and is all that is wrong with them.
  private var broken: Set<Span> = []

  init(folder: AbsolutePath, home: AbsolutePath?) {
    self.folder = folder
    self.home = home
  }

  /// Tells in which folder a text lies, before its values are read.
  func add(_ file: SourceFile, in folder: AbsolutePath) {
    folders[ObjectIdentifier(file)] = folder
  }

  func markBroken(_ span: Span) { broken.insert(span) }
  func isBroken(_ span: Span) -> Bool { broken.contains(span) }

  /// The folder of the text that a node stands in.
  func folder(of node: YAMLNode) -> AbsolutePath {
    folders[ObjectIdentifier(node.span.file)] ?? folder
  }

  /// Adds a mistake. What is said about it is put together only where it will be kept: a hostile
  /// file has hundreds of thousands.
  func report(
    _ code: ManifestCode, _ message: @autoclosure () -> String, at span: Span,
    label: String? = nil, secondary: [Diagnostic.Label] = [],
    help: @autoclosure () -> String? = nil, severity: Diagnostic.Severity = .error
  ) {
    if broken.contains(span) { return }
    // By severity: no flood of warnings hides that there is an error.
    let count = counts[severity, default: 0]
    counts[severity] = count + 1
    guard count < Self.keptLimit else { return }
    diagnostics.append(
      Diagnostic(
        code: code.rawValue, severity: severity, message: message(), span: span, label: label,
        secondary: secondary, help: help()))
  }

  // MARK: shapes

  /// A map with known keys; each unknown one is reported.
  /// - Parameter known: `nil` where the keys are names that the user gives.
  func fields(_ node: YAMLNode, of what: String, known: [String]?, example: String) -> Fields? {
    guard case .mapping(let pairs) = node.content else {
      wrongType(node, what, expected: "a map", help: "for example: \(example)")
      return nil
    }
    var fields = Fields(span: node.span)
    for pair in pairs {
      guard let known else {
        fields.add(pair)
        continue
      }
      if known.contains(pair.name) {
        fields.add(pair)
      } else {
        unknownKey(pair, known: known)
      }
    }
    return fields
  }

  private func unknownKey(_ pair: YAMLPair, known: [String]) {
    report(
      .unknownKey, "unknown key \(quoted(pair.name))", at: pair.keySpan,
      help: nearest(pair.name, among: known).map { "did you mean `\($0)`?" }
        ?? "known here: \(known.map { "`\($0)`" }.joined(separator: ", "))")
  }

  func wrongType(_ node: YAMLNode, _ what: String, expected: String, help: String? = nil) {
    report(
      .wrongType, "\(what) must be \(expected)", at: headSpan(node),
      label: "this is \(Self.kind(of: node))", help: help)
  }

  static func kind(of node: YAMLNode) -> String {
    switch node.content {
    case .sequence: "a list"
    case .mapping: "a map"
    case .scalar(let scalar):
      if node.isNull {
        "empty"
      } else if scalar.isPlain, Int64(scalar.text) != nil {
        "a number"
      } else {
        "text"
      }
    }
  }

  /// A collection's first line would be marked whole: its first character says enough.
  func headSpan(_ node: YAMLNode) -> Span {
    guard node.scalar == nil, node.span.start.line != node.span.end.line else { return node.span }
    let start = node.span.range.lowerBound
    return Span(file: node.span.file, range: start..<start + 1)
  }

  /// One text; empty ones and such as hold control characters are reported.
  func text(_ node: YAMLNode, _ what: String, expected: String = "text") -> String? {
    guard let scalar = node.scalar, !node.isNull else {
      wrongType(node, what, expected: expected)
      return nil
    }
    let isBlank = scalar.text.allSatisfy(\.isWhitespace)
    if isBlank
      || scalar.text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F })
    {
      report(
        .badName, "\(what) \(isBlank ? "is empty" : "holds a control character")", at: node.span,
        help: "write it on one line, without escapes")
      return nil
    }
    return scalar.text
  }

  /// A list; a single value stands for a list of one.
  func items(_ node: YAMLNode, _ what: String, of things: String) -> [YAMLNode] {
    switch node.content {
    case .sequence(let items): return items
    case .scalar where !node.isNull: return [node]
    default:
      wrongType(node, what, expected: "a list of \(things)")
      return []
    }
  }

  func texts(_ node: YAMLNode, _ what: String, of things: String) -> [Located<String>] {
    items(node, what, of: things).compactMap { item in
      text(item, "an item of \(what)").map { Located($0, at: item.span) }
    }
  }

  /// One word of a fixed set.
  func choice<Value: RawRepresentable & CaseIterable>(
    _ node: YAMLNode, _ what: String, as type: Value.Type = Value.self
  ) -> Value? where Value.RawValue == String {
    let words = Value.allCases.map(\.rawValue)
    let list = words.map { "`\($0)`" }.joined(separator: ", ")
    guard let scalar = node.scalar, !node.isNull else {
      wrongType(node, what, expected: "one of \(list)")
      return nil
    }
    if let value = Value(rawValue: scalar.text) { return value }
    badChoice(scalar.text, what, at: node.span, words: words)
    return nil
  }

  func badChoice(_ word: String, _ what: String, at span: Span, words: [String]) {
    report(
      .badChoice, "\(what) cannot be \(quoted(word))", at: span,
      help: nearest(word, among: words).map { "did you mean `\($0)`?" }
        ?? "one of \(words.map { "`\($0)`" }.joined(separator: ", "))")
  }

  func boolean(_ node: YAMLNode, _ what: String) -> Bool? {
    switch node.scalar.map(\.text) {
    case "true" where node.scalar?.isPlain == true: return true
    case "false" where node.scalar?.isPlain == true: return false
    default:
      let meant = ["yes": "true", "on": "true", "no": "false", "off": "false"]
      wrongType(
        node, what, expected: "`true` or `false`",
        help: meant[node.scalar?.text.lowercased() ?? ""].map { "write `\($0)`" })
      return nil
    }
  }

  /// An id: digits, greater than zero.
  func id<ID: CatalogueIdentifier>(_ node: YAMLNode, _ what: String, as type: ID.Type) -> ID? {
    guard let scalar = node.scalar, !node.isNull else {
      wrongType(node, what, expected: "an id (a number)")
      return nil
    }
    if let id = ID(parsing: scalar.text) { return id }
    report(
      .badNumber, "\(what) cannot be \(quoted(scalar.text))", at: node.span,
      help: "an id is a whole number greater than zero, as in the page's address")
    return nil
  }
}

/// The known keys of a map.
struct Fields {
  private(set) var pairs: [String: YAMLPair] = [:]
  /// As they stand in the file.
  private(set) var inOrder: [YAMLPair] = []
  var span: Span

  init(span: Span) { self.span = span }

  mutating func add(_ pair: YAMLPair) {
    pairs[pair.name] = pair
    inOrder.append(pair)
  }

  subscript(key: String) -> YAMLNode? { pairs[key]?.value }
}
