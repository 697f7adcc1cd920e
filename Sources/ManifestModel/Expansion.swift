internal import Diagnostics
internal import YAMLSource

/// Puts the values of variables into the scalar values of a document: `vars` first, then the
/// environment. Keys are never expanded.
struct Expander {
  /// Bytes of one value, and of all together: a few lines that name one another grow fast.
  private static let valueLimit = 64 << 10
  private static let totalLimit = 16 << 20
  /// Keys whose value is a path: there a `$` without braces is a slip.
  private static let pathKeys: Set<String> = ["root", "store"]

  let decoder: Decoder
  let environment: [String: String]
  /// What `vars` says, by name, not yet expanded.
  private var declared: [String: YAMLPair] = [:]
  /// What each stands for; `nil` for one that is wrong, which was told.
  private var values: [String: String?] = [:]
  /// Those that are being worked out, in order.
  private var open: [String] = []
  private var total = 0

  init(_ decoder: Decoder, environment: [String: String]) {
    self.decoder = decoder
    self.environment = environment
  }

  /// The whole document with everything expanded.
  mutating func expand(document root: YAMLNode) -> YAMLNode {
    guard case .mapping(let pairs) = root.content else { return root }
    if let vars = pairs.first(where: { $0.name == "vars" }) { declare(vars.value) }
    let expanded = pairs.map { pair in
      // Those are expanded where they are used.
      pair.name == "vars" ? pair : expand(pair)
    }
    return YAMLNode(content: .mapping(expanded), span: root.span)
  }

  /// The value of `include`, of which `vars` has no say.
  mutating func expand(path node: YAMLNode) -> YAMLNode { expand(node, strict: true) }

  // MARK: vars

  private mutating func declare(_ node: YAMLNode) {
    guard
      let fields = decoder.fields(node, of: "`vars`", known: nil, example: "`vars: { disk: /mnt }`")
    else { return }
    for pair in fields.inOrder {
      if !Self.isName(pair.name) {
        decoder.report(
          .badName, "\(quoted(pair.name)) cannot name a variable", at: pair.keySpan,
          help: "letters, digits and `_`, not beginning with a digit")
      } else if Self.looksSecret(pair.name) {
        secret(pair.name, pair.keySpan)
      } else if pair.value.scalar == nil || pair.value.isNull {
        decoder.wrongType(pair.value, "the variable `\(pair.name)`", expected: "one value")
        values[pair.name] = .some(nil)
      } else {
        declared[pair.name] = pair
      }
    }
    // All of them, in the order of the file: one that nobody uses is checked too.
    for pair in fields.inOrder where declared[pair.name] != nil { _ = value(of: pair.name) }
  }

  /// - Returns: `nil` for no such variable in `vars`, `.some(nil)` for one that is wrong.
  private mutating func value(of name: String) -> String?? {
    if let known = values[name] { return known }
    guard let pair = declared[name] else { return nil }
    if let start = open.firstIndex(of: name) {
      let chain = open[start...] + [name]
      decoder.report(
        .variableCycle, "the variable `\(name)` stands for itself", at: pair.keySpan,
        label: chain.joined(separator: " → "), help: "give one of them a value of its own")
      for member in open[start...] { values[member] = .some(nil) }
      return .some(nil)
    }
    open.append(name)
    let text = text(of: pair.value, strict: false)
    open.removeLast()
    if let known = values[name] { return known }
    values[name] = .some(text)
    return .some(text)
  }

  // MARK: nodes

  private mutating func expand(_ pair: YAMLPair) -> YAMLPair {
    if pair.name.contains("${") {
      decoder.report(
        .badExpansion, "a key is not expanded", at: pair.keySpan,
        help: "write the key out: variables stand in values only")
    }
    return YAMLPair(
      name: pair.name, keySpan: pair.keySpan,
      value: expand(pair.value, strict: Self.pathKeys.contains(pair.name)))
  }

  private mutating func expand(_ node: YAMLNode, strict: Bool = false) -> YAMLNode {
    switch node.content {
    case .scalar(let scalar):
      guard scalar.text.utf8.contains(UInt8(ascii: "$")) else { return node }
      guard let text = text(of: node, strict: strict) else {
        decoder.markBroken(node.span)
        return node
      }
      return YAMLNode(content: .scalar(scalar.expanded(to: text)), span: node.span)
    case .sequence(let items):
      return YAMLNode(content: .sequence(items.map { expand($0) }), span: node.span)
    case .mapping(let pairs):
      return YAMLNode(content: .mapping(pairs.map { expand($0) }), span: node.span)
    }
  }

  // MARK: texts

  /// A scalar's text with its variables expanded; `nil` when that cannot be, which is told.
  private mutating func text(of node: YAMLNode, strict: Bool) -> String? {
    let bytes = Array((node.scalar?.text ?? "").utf8)
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
        if end == bytes.count {
          isGood = false
          bad("the `${` is not closed", range, node, help: "write `${NAME}`")
        } else if let value = variable(bytes[offset + 2..<end], range, node) {
          out += value.utf8
        } else {
          isGood = false
        }
        offset = range.upperBound
      case let next where strict && Self.isNameByte(next):
        let end = bytes[(offset + 1)...].firstIndex { !Self.isNameByte($0) } ?? bytes.count
        let name = String(decoding: bytes[offset + 1..<end], as: UTF8.self)
        bad(
          "`$` without braces is not expanded", offset..<end, node,
          help: "write `${\(name)}`, or `$$` for the character itself")
        isGood = false
        offset = end
      default:
        out.append(bytes[offset])
        offset += 1
      }
      if isGood, out.count > Self.valueLimit {
        bad(
          "the value is longer than \(Self.valueLimit) bytes once its variables are expanded",
          0..<bytes.count, node, help: "no value of a manifest is that long")
        return nil
      }
    }
    total += out.count
    if isGood, total > Self.totalLimit {
      // Told once: what comes after is as wrong.
      if total - out.count <= Self.totalLimit {
        bad(
          "all values together are longer than \(Self.totalLimit) bytes once their variables are "
            + "expanded", 0..<bytes.count, node, help: "use fewer or shorter variables")
      }
      return nil
    }
    return isGood ? String(decoding: out, as: UTF8.self) : nil
  }

  /// The value of what stands between `${` and `}`.
  private mutating func variable(_ inner: ArraySlice<UInt8>, _ range: Range<Int>, _ node: YAMLNode)
    -> String?
  {
    let text = String(decoding: inner, as: UTF8.self)
    let name = String(text.prefix { $0 != ":" })
    let rest = text.dropFirst(name.count)
    guard Self.isName(name), rest.isEmpty || rest.hasPrefix(":-"), !rest.contains("${") else {
      bad(
        "\(quoted("${" + text + "}")) is not a variable", range, node,
        help: "write `${NAME}` or `${NAME:-default}`")
      return nil
    }
    if Self.looksSecret(name) {
      secret(name, decoder.part(range, of: node))
      return nil
    }
    let value: String?
    switch self.value(of: name) {
    case .some(nil): return nil
    case .some(let own): value = own
    case nil: value = environment[name]
    }
    if let value, !(value.isEmpty && !rest.isEmpty) { return value }
    if !rest.isEmpty { return String(rest.dropFirst(2)) }
    decoder.report(
      .unsetVariable, "the variable `\(name)` is not set", at: decoder.part(range, of: node),
      help: "set it, or give a default: `${\(name):-…}`")
    return nil
  }

  private func secret(_ name: String, _ span: Span) {
    decoder.report(
      .secretVariable, "the variable `\(name)` looks like a secret", at: span,
      help: "what a manifest says ends up in plans, locks and snapshots: use another variable")
  }

  private func bad(_ message: String, _ range: Range<Int>, _ node: YAMLNode, help: String) {
    decoder.report(.badExpansion, message, at: decoder.part(range, of: node), help: help)
  }

  static func isName(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy(isNameByte) && text.first?.isNumber == false
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
}
