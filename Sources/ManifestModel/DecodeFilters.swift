internal import Core
internal import Diagnostics
internal import YAMLSource

/// The words that a collection lets pass, with their places: `exclude` is held against them.
private struct AllowedWords {
  var types: [Located<Pattern>] = []
  var baseModels: [Located<Pattern>] = []
  var tags: [Located<Pattern>] = []
  var names: [Located<Pattern>] = []
}

extension Decoder {
  static let tagKeys = ["any", "all", "none"]
  static let excludeKeys = ["models", "versions", "users", "types", "baseModels", "tags", "names"]

  /// Everything in a collection that filters, laid into the collection.
  func filter(_ fields: Fields, _ spec: inout CollectionSpec) {
    var allowed = AllowedWords()
    if let node = fields["types"] {
      allowed.types = self.allowed(
        node, "`types`", of: "model types", known: SiteWords.modelTypes)
      spec.types = allowed.types.map(\.value)
    }
    if let node = fields["baseModels"] {
      allowed.baseModels = self.allowed(node, "`baseModels`", of: "base models")
      spec.baseModels = allowed.baseModels.map(\.value)
    }
    if let node = fields["names"] {
      allowed.names = self.allowed(node, "`names`", of: "names")
      spec.names = allowed.names.map(\.value)
    }
    if let node = fields["tags"] { spec.tags = tags(node, &allowed) }
    period(fields, &spec)
    if let node = fields["exclude"] { spec.exclude = exclude(node, from: spec, allowed) }
  }

  /// Patterns of which one must match; an empty list lets nothing pass and cannot be meant.
  private func allowed(_ node: YAMLNode, _ what: String, of things: String, known: [String] = [])
    -> [Located<Pattern>]
  {
    requireSome(node, what)
    return patterns(node, what, of: things, known: known)
  }

  /// Reports an empty list of what shall pass.
  func requireSome(_ node: YAMLNode, _ what: String) {
    guard case .sequence(let items) = node.content, items.isEmpty else { return }
    report(
      .emptyFilter, "\(what) is an empty list, so nothing passes", at: node.span,
      help: "name what shall pass, or remove the key: then everything does")
  }

  /// A plain list means `any`.
  private func tags(_ node: YAMLNode, _ words: inout AllowedWords) -> TagFilter? {
    var filter = TagFilter()
    let example = "`tags: { any: [portrait], none: [meme] }`"
    guard case .mapping(let pairs) = node.content else {
      if node.isNull {
        wrongType(
          node, "`tags`", expected: "a list of tags, or a map of `any`, `all`, `none`",
          help: "for example: \(example)")
        return nil
      }
      words.tags = allowed(node, "`tags`", of: "tags")
      filter.any = words.tags.map(\.value)
      return filter
    }
    if pairs.isEmpty {
      report(
        .emptyFilter, "`tags` is an empty map, so it filters nothing", at: node.span,
        help: "for example: \(example)")
    }
    guard let fields = fields(node, of: "`tags`", known: Self.tagKeys, example: example) else {
      return nil
    }
    if let node = fields["any"] {
      words.tags = allowed(node, "`any`", of: "tags")
      filter.any = words.tags.map(\.value)
    }
    if let node = fields["all"] {
      let all = patterns(node, "`all`", of: "tags")
      filter.all = all.map(\.value)
      words.tags += all
    }
    if let node = fields["none"] {
      let none = patterns(node, "`none`", of: "tags")
      filter.none = none.map(\.value)
      warnExcluded(none, "tag", from: words.tags)
    }
    return filter
  }

  /// `since` and `until` of a collection: both days are in it.
  private func period(_ fields: Fields, _ spec: inout CollectionSpec) {
    spec.since = fields["since"].flatMap { day($0, "`since`") }
    spec.until = fields["until"].flatMap { day($0, "`until`") }
    guard let first = spec.since, let last = spec.until, last < first,
      let since = fields["since"], let until = fields["until"]
    else { return }
    report(
      .emptyPeriod, "`until` is before `since`, so nothing passes", at: until.span,
      secondary: [Diagnostic.Label(span: since.span, text: "it begins here")],
      help: "swap the two days, or remove one")
  }

  // MARK: exclude

  private func exclude(_ node: YAMLNode, from spec: CollectionSpec, _ allowed: AllowedWords)
    -> ExcludeSpec
  {
    var exclude = ExcludeSpec()
    guard
      let fields = fields(
        node, of: "`exclude`", known: Self.excludeKeys, example: "`exclude: { models: [123] }`")
    else { return exclude }
    if let node = fields["models"] {
      let models = items(node, "`models`", of: "models").compactMap { excludedModel($0) }
      exclude.models = models.map(\.value)
      warnExcluded(models: models, spec)
    }
    if let node = fields["versions"] {
      let versions = items(node, "`versions`", of: "version ids").compactMap { item in
        id(item, "a version id", as: VersionID.self).map { Located($0, at: item.span) }
      }
      exclude.versions = versions.map(\.value)
      warnExcluded(versions: versions, spec)
    }
    if let node = fields["users"] {
      let users = users(node, "`users`")
      exclude.users = users.map(\.value)
      warnExcluded(users: users, spec)
    }
    excludeWords(fields, &exclude, allowed)
    return exclude
  }

  private func excludeWords(
    _ fields: Fields, _ exclude: inout ExcludeSpec, _ allowed: AllowedWords
  ) {
    func words(
      _ key: String, of things: String, one: String, known: [String] = [],
      from allowed: [Located<Pattern>]
    ) -> [Pattern] {
      guard let node = fields[key] else { return [] }
      let excluded = patterns(node, "`\(key)`", of: things, known: known)
      warnExcluded(excluded, one, from: allowed)
      return excluded.map(\.value)
    }
    exclude.types = words(
      "types", of: "model types", one: "type", known: SiteWords.modelTypes, from: allowed.types)
    exclude.baseModels = words(
      "baseModels", of: "base models", one: "base model", from: allowed.baseModels)
    exclude.tags = words("tags", of: "tags", one: "tag", from: allowed.tags)
    exclude.names = words("names", of: "names", one: "name", from: allowed.names)
  }

  private func excludedModel(_ node: YAMLNode) -> Located<ModelID>? {
    guard let reference = reference(node) else { return nil }
    if let version = reference.version {
      report(
        .badReference, "`exclude` leaves whole models out, and this names one version",
        at: node.span, help: "put it under `exclude: { versions: [\(version)] }`")
      return nil
    }
    return Located(reference.model, at: node.span)
  }
}
