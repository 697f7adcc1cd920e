internal import Core
internal import Diagnostics
internal import YAMLSource

extension Decoder {
  static let keys = [
    "version", "include", "vars", "root", "layout", "trees", "store", "link", "editable",
    "onFailure", "source", "insecure", "transfer", "limits", "defaults", "policy", "keep", "checks",
    "collections",
  ]
  static let insecureHelp =
    "use `https`; `http` is for servers on this machine, and for others with `insecure: true`"
  static let sourceKeys = ["endpoints"]

  /// The whole manifest; `nil` when what it cannot be without is missing or wrong. Whether it may
  /// be used is for the diagnostics to say.
  /// - Parameters:
  ///   - root: all its texts, laid one over another and expanded.
  ///   - path: where the first of them lies.
  ///   - first: that text, at whose beginning is told what is missing.
  func manifest(
    _ root: YAMLNode, path: AbsolutePath, sources: [ManifestSource], start first: SourceFile
  ) -> Manifest? {
    guard
      let fields = fields(root, of: "the manifest", known: Self.keys, example: "`version: 1`")
    else { return nil }
    let offset = root.span.file === first ? root.span.range.lowerBound : 0
    let start = Span(file: first, range: offset..<offset)
    var trees = trees(fields, start)
    isInsecure = fields["insecure"].flatMap { boolean($0, "`insecure`") } ?? false
    let endpoints = endpoints(fields["source"])
    hosts = Set(endpoints.map(\.host))
    var transfer = transfer(fields["transfer"])
    transfer.isInsecure = isInsecure
    let limits = limits(fields["limits"])
    let defaults = defaults(fields["defaults"])
    let policy = policy(fields["policy"])
    let keep = keep(fields["keep"])
    let checks = checks(fields["checks"])
    let collections = collections(fields, start, defaults, &trees)
    // Read before it is known whether there is a tree: every mistake is told.
    let store = fields["store"].flatMap { self.path($0, "`store`") }
    let link = fields["link"].flatMap { choice($0, "`link`", as: LinkPreference.self) }
    let editable = fields["editable"].map(editable) ?? []
    let onFailure = fields["onFailure"].flatMap {
      choice($0, "`onFailure`", as: FailureRule.self)
    }
    for collection in collections { warnTwice(collection) }
    checkPlaces(collections)
    guard trees.named != nil else { return nil }
    var manifest = Manifest(
      sources: sources, path: path, trees: trees.all, endpoints: endpoints, transfer: transfer,
      limits: limits, store: store, link: link,
      onFailure: onFailure ?? .stop, policy: policy, keep: keep, checks: checks,
      collections: collections)
    manifest.editable = editable
    return manifest
  }

  /// The version that one text says it is written in.
  func version(_ node: YAMLNode?, _ start: Span, isRequired: Bool) {
    guard let node else {
      guard isRequired else { return }
      report(
        .noVersion, "the manifest does not say which `version` of the format it uses", at: start,
        help: "add `version: 1`")
      return
    }
    guard let scalar = node.scalar, !node.isNull else {
      wrongType(node, "`version`", expected: "a number", help: "write `version: 1`")
      return
    }
    if scalar.text == "1" { return }
    report(
      .unsupportedVersion, "version \(quoted(scalar.text)) of the manifest's format is not known",
      at: node.span, help: "this civsync reads `version: 1`")
  }

  private func editable(_ node: YAMLNode) -> [Pattern] {
    patterns(node, "`editable`", of: "model types", known: SiteWords.modelTypes).map(\.value)
  }

  private func endpoints(_ node: YAMLNode?) -> [SafeURL] {
    guard let node,
      let fields = fields(
        node, of: "`source`", known: Self.sourceKeys,
        example: "`source: { endpoints: [https://civitai.red] }`"),
      let list = fields["endpoints"]
    else { return Manifest.defaultEndpoints }
    let texts = texts(list, "`endpoints`", of: "URLs")
    if case .sequence(let items) = list.content, items.isEmpty {
      report(
        .badEndpoint, "`endpoints` is empty", at: list.span,
        help: "name one, or remove the key: then `civitai.red` and `civitai.com` are asked")
    }
    var endpoints: [SafeURL] = []
    for text in texts {
      if let endpoint = endpoint(text), !endpoints.contains(endpoint) { endpoints.append(endpoint) }
    }
    return endpoints
  }

  private func endpoint(_ text: Located<String>) -> SafeURL? {
    func refuse(_ why: String, _ help: String) -> SafeURL? {
      // Not the URL itself: it may hold a password.
      report(.badEndpoint, "this endpoint \(why)", at: text.span, help: help)
      return nil
    }
    guard var url = SafeURL(text.value) else {
      return refuse(
        "is not a URL that can be asked", "write `https://` and the host, without name and password"
      )
    }
    if url.scheme == "http", !url.isLoopback, !isInsecure {
      return refuse(
        "would send everything in the clear",
        Self.insecureHelp)
    }
    while url.path.hasSuffix("/"), url.path != "/" { url.path.removeLast() }
    if url.query != nil || url.path.hasSuffix("/api/v1") {
      return refuse("is not an endpoint's base", "leave out `/api/v1` and what follows it")
    }
    return url
  }

  private func collections(
    _ fields: Fields, _ start: Span, _ defaults: Defaults, _ trees: inout Trees
  ) -> [CollectionSpec] {
    guard let pair = fields.pairs["collections"] else {
      report(
        .noCollections, "the manifest has no `collections`", at: start,
        help: "add one: `collections: { base: { models: [101055] } }`")
      return []
    }
    guard case .mapping(let pairs) = pair.value.content else {
      wrongType(
        pair.value, "`collections`", expected: "a map of names",
        help: "for example: `collections: { base: { models: [101055] } }`")
      return []
    }
    if pairs.isEmpty {
      report(
        .nothingDeclared, "the manifest declares nothing", at: pair.keySpan,
        help: "an apply would remove all that civsync placed", severity: .warning)
    }
    return pairs.compactMap { collection($0, defaults: defaults, &trees) }
  }
}
