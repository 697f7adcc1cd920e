internal import Core
internal import Diagnostics
internal import YAMLSource

/// What `defaults:` says, or civsync where it says nothing.
struct Defaults {
  var versions = VersionPolicy.latest
  var files = FilePolicy()
  var scan = ScanPolicy.requireSuccess
  var superseded = SupersededRule.keep
  var replaced = ReplacedRule.ask
  var nsfw: NsfwCeiling?
  var sidecars: [CompanionKind] = []
  var previews = 0
}

extension Decoder {
  static let defaultKeys = [
    "versions", "files", "scan", "superseded", "replaced", "nsfw", "sidecars", "previews",
  ]
  static let collectionKeys = [
    "users", "models", "versions", "objects", "favorites", "types", "baseModels", "tags", "names",
    "nsfw", "since", "until", "exclude", "minDownloads", "minThumbs", "limit", "budget", "files",
    "scan", "superseded", "replaced", "root", "trees", "layout", "place", "link", "sidecars",
    "previews", "protect",
  ]

  func defaults(_ node: YAMLNode?) -> Defaults {
    var defaults = Defaults()
    guard let node,
      let fields = fields(
        node, of: "`defaults`", known: Self.defaultKeys, example: "`defaults: { versions: latest }`"
      )
    else { return defaults }
    if let pair = fields.pairs["versions"] {
      switch versions(pair.value) {
      case .policy(let policy): defaults.versions = policy
      case .ids:
        report(
          .listInDefaults, "`versions` in `defaults` takes no list", at: headSpan(pair.value),
          help: "a list selects versions: put it into a collection")
      case nil: break
      }
    }
    defaults.files = files(fields["files"], over: defaults.files)
    rules(fields, &defaults)
    return defaults
  }

  private func rules(_ fields: Fields, _ rules: inout Defaults) {
    if let node = fields["scan"] { rules.scan = choice(node, "`scan`") ?? rules.scan }
    if let node = fields["superseded"] {
      rules.superseded = choice(node, "`superseded`") ?? rules.superseded
    }
    if let node = fields["replaced"] {
      rules.replaced = choice(node, "`replaced`") ?? rules.replaced
    }
    if let node = fields["nsfw"] { rules.nsfw = choice(node, "`nsfw`") ?? rules.nsfw }
    if let node = fields["sidecars"] { rules.sidecars = sidecars(node) ?? rules.sidecars }
    if let node = fields["previews"] { rules.previews = previews(node) ?? rules.previews }
  }

  /// One collection, with the defaults under it.
  func collection(_ pair: YAMLPair, defaults: Defaults, _ trees: inout Trees) -> CollectionSpec? {
    checkName(pair)
    if pair.value.isNull {
      empty(pair)
      return nil
    }
    guard
      let fields = fields(
        pair.value, of: "collection \(quoted(pair.name))", known: Self.collectionKeys,
        example: "`\(pair.name): { users: [some_creator] }`")
    else { return nil }
    var rules = defaults
    self.rules(fields, &rules)
    let place = fields["place"].flatMap { template($0, "`place`") }
    var spec = CollectionSpec(
      name: pair.name, span: pair.keySpan, users: [], models: [], versionIDs: [],
      versions: rules.versions, nsfw: rules.nsfw, exclude: ExcludeSpec(),
      files: files(fields["files"], over: rules.files), scan: rules.scan,
      superseded: rules.superseded, replaced: rules.replaced, place: place,
      link: fields["link"].flatMap { choice($0, "`link`") }, trees: choose(fields, &trees),
      layout: fields["layout"].flatMap { layout($0) }, sidecars: rules.sidecars,
      previews: rules.previews,
      protect: fields["protect"].flatMap { boolean($0, "`protect`") } ?? false)
    select(fields, &spec)
    filter(fields, &spec)
    limits(fields, &spec)
    if !hasSelectors(fields) { empty(pair) }
    return spec
  }

  private func select(_ fields: Fields, _ spec: inout CollectionSpec) {
    if let node = fields["users"] { spec.users = users(node, "`users`") }
    if let node = fields["models"] {
      spec.models = items(node, "`models`", of: "models").flatMap {
        selectors($0, files: spec.files, place: spec.place)
      }
    }
    if let node = fields["objects"] { spec.objects = objects(node) }
    if let node = fields["favorites"], boolean(node, "`favorites`") == true {
      spec.favorites = node.span
    }
    switch fields["versions"].flatMap({ versions($0) }) {
    case .policy(let policy): spec.versions = policy
    case .ids(let ids): spec.versionIDs = ids
    case nil: break
    }
  }

  func users(_ node: YAMLNode, _ what: String) -> [Located<String>] {
    texts(node, what, of: "creators").filter { user in
      guard user.value.contains(where: { $0.isWhitespace || "/:".contains($0) }) else {
        return true
      }
      report(
        .badName, "\(quoted(user.value)) is not a creator's name", at: user.span,
        help: "write the name alone, as it stands at the end of the page's address")
      return false
    }
  }

  /// Whether something stands under the keys that select, even if it was refused: then its own
  /// mistake is enough to tell.
  private func hasSelectors(_ fields: Fields) -> Bool {
    ["users", "models", "versions", "objects", "favorites"].contains { key in
      guard let node = fields[key] else { return false }
      switch node.content {
      case .sequence(let items): return !items.isEmpty
      case .mapping: return key != "versions"
      case .scalar(let scalar):
        return key != "versions" && !(key == "favorites" && scalar.text == "false")
      }
    }
  }

  private func empty(_ pair: YAMLPair) {
    report(
      .emptyCollection, "the collection \(quoted(pair.name)) selects nothing", at: pair.keySpan,
      help: "give it `users`, `models`, `objects`, `favorites: true` or a list of `versions`")
  }

  private func checkName(_ pair: YAMLPair) {
    let name = pair.name
    let isFit =
      !name.isEmpty && name.utf8.count <= 100 && name != "." && name != ".."
      && name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F && $0 != "/" }
      && name.first?.isWhitespace == false && name.last?.isWhitespace == false
    if isFit { return }
    report(
      .badName, "\(quoted(name)) cannot name a collection", at: pair.keySpan,
      help: "up to 100 bytes, without `/`, control characters, and spaces at the ends")
  }
}
