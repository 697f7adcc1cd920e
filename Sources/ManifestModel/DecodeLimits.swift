internal import Core
internal import Diagnostics
internal import YAMLSource

/// What says how much a collection takes.
extension Decoder {
  static let limitKeys = ["models", "order"]
  static let budgetKeys = ["total", "perRun", "perUser", "order"]

  func limits(_ fields: Fields, _ spec: inout CollectionSpec) {
    func count(_ key: String) -> Int64? {
      fields[key].flatMap {
        number($0, "`\(key)`", 0...Int64.max, help: "a whole number, 0 or more")
      }
    }
    spec.minDownloads = count("minDownloads")
    spec.minThumbs = count("minThumbs")
    spec.limit = fields["limit"].flatMap { limit($0) }
    spec.budget = fields["budget"].flatMap { budget($0) }
  }

  /// `20`, or a map of `models` and `order`.
  private func limit(_ node: YAMLNode) -> LimitSpec? {
    guard case .mapping = node.content else {
      return models(node, "`limit`").map { LimitSpec(models: $0, span: node.span) }
    }
    guard
      let fields = fields(
        node, of: "`limit`", known: Self.limitKeys,
        example: "`limit: { models: 20, order: newest }`")
    else { return nil }
    let order = fields["order"].flatMap { choice($0, "`order`", as: TakeOrder.self) }
    guard let count = fields["models"] else {
      wrongType(
        node, "`limit`", expected: "a number, or a map that has `models`",
        help: "for example: `limit: { models: 20, order: newest }`")
      return nil
    }
    return models(count, "`models`").map {
      LimitSpec(models: $0, order: order ?? .newest, span: node.span)
    }
  }

  private func models(_ node: YAMLNode, _ what: String) -> Int? {
    number(node, what, 1...1_000_000, help: "say how many models: 1 or more").map { Int($0) }
  }

  /// `500GB` in all, or a map.
  private func budget(_ node: YAMLNode) -> BudgetSpec? {
    guard case .mapping(let pairs) = node.content else {
      return locatedSize(node, "`budget`").map { BudgetSpec(total: $0) }
    }
    let example = "`budget: { total: 500GB, perRun: 20GB }`"
    guard
      let fields = fields(node, of: "`budget`", known: Self.budgetKeys, example: example)
    else { return nil }
    if !pairs.contains(where: { $0.name != "order" }) {
      report(
        .badSize, "`budget` sets no size", at: headSpan(node), help: "for example: \(example)")
    }
    return BudgetSpec(
      total: locatedSize(fields["total"], "`total`"),
      perRun: locatedSize(fields["perRun"], "`perRun`"),
      perUser: locatedSize(fields["perUser"], "`perUser`"),
      order: fields["order"].flatMap { choice($0, "`order`") } ?? .newest)
  }

  // MARK: what goes along with each file

  /// A list of kinds, `true` for all of them, `false` for none.
  func sidecars(_ node: YAMLNode) -> [CompanionKind]? {
    let all = CompanionKind.sidecars
    if let scalar = node.scalar, scalar.isPlain, let word = Bool(scalar.text) {
      return word ? all : []
    }
    if case .scalar = node.content, node.isNull {
      wrongType(
        node, "`sidecars`", expected: "a list of kinds, `true` or `false`",
        help: "for example: `sidecars: [\(all.map(\.rawValue).joined(separator: ", "))]`")
      return nil
    }
    let words = all.map(\.rawValue)
    var chosen: Set<CompanionKind> = []
    for text in texts(node, "`sidecars`", of: "kinds") {
      if let kind = all.first(where: { $0.rawValue == text.value }) {
        chosen.insert(kind)
      } else {
        badChoice(text.value, "`sidecars`", at: text.span, words: words)
      }
    }
    return all.filter { chosen.contains($0) }
  }

  func previews(_ node: YAMLNode) -> Int? {
    number(node, "`previews`", 0...20, help: "say how many pictures: 0 to 20").map { Int($0) }
  }
}
