internal import Diagnostics

/// Gathers a mapping's pairs: finds duplicate keys and merges what `<<` names.
struct PairCollector {
  private var pairs: [YAMLPair] = []
  private var places: [String: Span] = [:]
  private var inherited: [YAMLPair] = []
  private(set) var diagnostics: [Diagnostic] = []
  /// How many mistakes are kept.
  private let limit: Int
  private(set) var weight = 1
  /// How many nodes the merges brought in.
  private(set) var mergedWeight = 0

  init(limit: Int) { self.limit = limit }

  mutating func add(key: YAMLNode, value: YAMLNode) {
    guard let scalar = key.scalar else {
      report(
        Diagnostic(
          code: YAMLCode.keyNotText.rawValue, message: "a key must be plain text", span: key.span,
          help: "text with `{` or `[` at its start needs quotes"))
      return
    }
    if let first = places[scalar.text] {
      report(
        Diagnostic(
          code: YAMLCode.duplicateKey.rawValue,
          message: "the key \(quoted(scalar.text)) stands here twice", span: key.span,
          label: "again here",
          secondary: [Diagnostic.Label(span: first, text: "first here")],
          help: "put both values under one key, or remove one"))
      return
    }
    places[scalar.text] = key.span
    weight += 1 + value.weight
    if scalar.isPlain, scalar.text == "<<" {
      merge(value)
    } else {
      pairs.append(YAMLPair(name: scalar.text, keySpan: key.span, value: value))
    }
  }

  /// Put together only where it will be kept: a hostile file has hundreds of thousands.
  private mutating func report(_ diagnostic: @autoclosure () -> Diagnostic) {
    if diagnostics.count < limit { diagnostics.append(diagnostic()) }
  }

  /// The mapping's own pairs, then the merged ones whose keys it has not; of several merged maps
  /// the first wins.
  var merged: [YAMLPair] {
    var names = Set(pairs.map(\.name))
    return pairs + inherited.filter { names.insert($0.name).inserted }
  }

  private mutating func merge(_ value: YAMLNode) {
    switch value.content {
    case .mapping(let pairs): inherit(pairs)
    case .sequence(let items):
      for item in items {
        if case .mapping(let pairs) = item.content { inherit(pairs) } else { refuse(item.span) }
      }
    case .scalar: refuse(value.span)
    }
  }

  private mutating func inherit(_ pairs: [YAMLPair]) {
    inherited += pairs
    let added = pairs.reduce(0) { $0 + 1 + $1.value.weight }
    weight += added
    mergedWeight += added
  }

  private mutating func refuse(_ span: Span) {
    report(
      Diagnostic(
        code: YAMLCode.badMerge.rawValue, message: "`<<` can only merge maps", span: span,
        help: "name an anchored map: `<<: *name`"))
  }
}
