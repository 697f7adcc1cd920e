internal import Diagnostics

/// Why composing cannot go on.
struct Stop: Error {
  var diagnostic: Diagnostic
}

/// Builds nodes from events and holds them against the limits.
struct Composer {
  let file: SourceFile
  let limits: YAMLLimits
  /// Bytes at the start that libyaml does not see (a byte order mark).
  let base: Int
  let offsets: ScalarOffsets
  let stream: EventStream
  private(set) var diagnostics: [Diagnostic] = []
  private var anchors: [String: YAMLNode] = [:]
  private var openAnchors: Set<String> = []
  private var total = 0
  /// How many mistakes are kept; each is an error, so that one is enough to refuse the file.
  private static let keptLimit = 1_000

  init(file: SourceFile, limits: YAMLLimits, base: Int, stream: EventStream) {
    self.file = file
    self.limits = limits
    self.base = base
    self.stream = stream
    self.offsets = ScalarOffsets(file.bytes, base: base)
  }

  /// The document's root; `nil` when the file holds none.
  mutating func document() throws(Stop) -> YAMLNode? {
    var root: YAMLNode?
    while true {
      let event = try next()
      switch event.kind {
      case .streamStart, .documentEnd: continue
      case .streamEnd: return root
      case .documentStart:
        if root != nil {
          throw Stop(
            diagnostic: Diagnostic(
              code: YAMLCode.secondDocument.rawValue,
              message: "a second YAML document begins here", span: span(event.range),
              help: "a manifest is one document: remove the `---` or split the file"))
        }
        root = try node(from: next(), depth: 0)
      default: root = try node(from: event, depth: 0)
      }
    }
  }

  private func next() throws(Stop) -> YAMLEvent {
    do { return try stream.next() } catch { throw Stop(diagnostic: diagnostic(for: error)) }
  }

  private mutating func node(from event: YAMLEvent, depth: Int) throws(Stop) -> YAMLNode {
    if case .alias(let name) = event.kind {
      return try resolve(name, at: span(event.range), depth: depth)
    }
    try count(1, at: span(event.range))
    if let anchor = event.anchor { openAnchors.insert(anchor) }
    let node: YAMLNode
    switch event.kind {
    case .scalar(let text, let style): node = try scalar(text, style, event)
    case .sequenceStart(let isFlow):
      report(tagOf: event, allowed: "seq")
      node = try sequence(event, isFlow: isFlow, depth: try deeper(depth, event))
    case .mappingStart(let isFlow):
      report(tagOf: event, allowed: "map")
      node = try mapping(event, isFlow: isFlow, depth: try deeper(depth, event))
    default:
      node = YAMLNode(content: .sequence([]), span: span(event.range))
    }
    if let anchor = event.anchor {
      openAnchors.remove(anchor)
      anchors[anchor] = node
    }
    return node
  }

  private func scalar(_ text: String?, _ style: YAMLScalar.Style, _ event: YAMLEvent)
    throws(Stop) -> YAMLNode
  {
    guard let text else {
      let start = span(event.range).range.lowerBound
      throw Stop(
        diagnostic: Diagnostic(
          code: YAMLCode.longScalar.rawValue,
          message: "a value of more than \(limits.scalar) bytes begins here",
          span: Span(file: file, range: start..<start + 1),
          help: "no value of a manifest is that long; is a quote left open?"))
    }
    let tag = event.tag
    if let tag, tag != "!", tag != Self.core + "str" {
      throw Stop(diagnostic: tagDiagnostic(tag, at: span(event.range)))
    }
    let scalar = YAMLScalar(text: text, style: style, isTaggedText: tag != nil)
    return YAMLNode(content: .scalar(scalar), span: valueSpan(event, style))
  }

  private mutating func sequence(_ start: YAMLEvent, isFlow: Bool, depth: Int) throws(Stop)
    -> YAMLNode
  {
    var items: [YAMLNode] = []
    while true {
      let event = try next()
      if case .sequenceEnd = event.kind {
        let whole = collectionSpan(start, event, isFlow: isFlow, last: items.last?.span)
        return YAMLNode(content: .sequence(items), span: whole)
      }
      items.append(try node(from: event, depth: depth))
    }
  }

  private mutating func mapping(_ start: YAMLEvent, isFlow: Bool, depth: Int) throws(Stop)
    -> YAMLNode
  {
    var pairs = PairCollector(limit: Self.keptLimit - diagnostics.count)
    var last: Span?
    while true {
      let event = try next()
      if case .mappingEnd = event.kind {
        let whole = collectionSpan(start, event, isFlow: isFlow, last: last)
        diagnostics += pairs.diagnostics
        try count(pairs.mergedWeight, at: whole)
        let merged = pairs.merged
        return YAMLNode(
          content: .mapping(merged), span: whole, weight: pairs.weight,
          height: 1 + (merged.map(\.value.height).max() ?? 0))
      }
      let key = try node(from: event, depth: depth)
      let value = try node(from: next(), depth: depth)
      last = value.span.range.upperBound >= key.span.range.upperBound ? value.span : key.span
      pairs.add(key: key, value: value)
    }
  }

  // MARK: limits and aliases

  private func deeper(_ depth: Int, _ event: YAMLEvent) throws(Stop) -> Int {
    guard depth < limits.depth else { throw tooDeep(span(event.range)) }
    return depth + 1
  }

  private func tooDeep(_ span: Span) -> Stop {
    Stop(
      diagnostic: Diagnostic(
        code: YAMLCode.tooDeep.rawValue,
        message: "more than \(limits.depth) lists and maps inside one another",
        span: span, help: "no manifest needs that; is this the right file?"))
  }

  /// Aliases count with all that they stand for, so that a few lines cannot grow to billions.
  private mutating func count(_ nodes: Int, at span: Span) throws(Stop) {
    total += nodes
    guard total > limits.nodes else { return }
    throw Stop(
      diagnostic: Diagnostic(
        code: YAMLCode.tooManyNodes.rawValue,
        message: "the file holds more than \(limits.nodes) values, aliases expanded",
        span: span, label: "the limit is passed here",
        help: "split the manifest, or use fewer aliases"))
  }

  private mutating func resolve(_ name: String, at span: Span, depth: Int) throws(Stop) -> YAMLNode
  {
    guard let node = anchors[name], !openAnchors.contains(name) else {
      let known = anchors.keys.sorted()
      throw Stop(
        diagnostic: Diagnostic(
          code: YAMLCode.unknownAlias.rawValue,
          message: openAnchors.contains(name)
            ? "the alias \(quoted("*" + name)) stands inside what it names"
            : "there is no anchor \(quoted("&" + name)) before this alias",
          span: span,
          help: openAnchors.contains(name)
            ? "a value cannot hold itself: remove the alias"
            : nearest(name, among: known).map { "did you mean \(quoted("*" + $0))?" }
              ?? "a value that begins with `*` needs quotes"))
    }
    // Else aliases of aliases would nest as deep as the file is long.
    guard depth + node.height <= limits.depth else { throw tooDeep(span) }
    try count(node.weight, at: span)
    return node
  }

  // MARK: tags

  private static let core = "tag:yaml.org,2002:"

  private mutating func report(tagOf event: YAMLEvent, allowed: String) {
    guard let tag = event.tag, tag != Self.core + allowed else { return }
    if diagnostics.count < Self.keptLimit {
      diagnostics.append(tagDiagnostic(tag, at: span(event.range)))
    }
  }

  private func tagDiagnostic(_ tag: String, at span: Span) -> Diagnostic {
    let short =
      tag.hasPrefix(Self.core) ? "!!" + tag.dropFirst(Self.core.count) : tag
    return Diagnostic(
      code: YAMLCode.tag.rawValue, message: "the tag \(quoted(short)) is not supported",
      span: span, help: "remove it: civsync knows each value's type by its key")
  }
}
