internal import Core
internal import Diagnostics
internal import YAMLSource

extension Decoder {
  static let modelKeys = ["id", "version", "file", "versions", "files", "place"]

  /// One item of `models:`; several selectors when its `versions:` is a list.
  func selectors(_ node: YAMLNode, files base: FilePolicy, place: PathTemplate?) -> [ModelSelector]
  {
    switch node.content {
    case .scalar:
      return reference(node).map {
        [
          ModelSelector(
            id: $0.model, version: $0.version, file: $0.file, versions: nil, files: base,
            place: place, span: node.span)
        ]
      } ?? []
    case .mapping: return selectors(map: node, files: base, place: place)
    case .sequence:
      wrongType(
        node, "a model", expected: "an id, a URL, an AIR or a map",
        help: "for example `101055` or `{ id: 4201, versions: all }`")
      return []
    }
  }

  private func selectors(map node: YAMLNode, files base: FilePolicy, place: PathTemplate?)
    -> [ModelSelector]
  {
    guard
      let fields = fields(
        node, of: "a model", known: Self.modelKeys, example: "`{ id: 4201, versions: all }`")
    else { return [] }
    let policy = files(fields["files"], over: base)
    let own = fields["place"].map { template($0, "`place`") } ?? place
    let versions = fields["versions"].flatMap { self.versions($0) }
    guard let idNode = fields["id"] else {
      report(.badReference, "this model has no `id`", at: headSpan(node), help: "add `id: 4201`")
      return []
    }
    guard var reference = reference(idNode) else { return [] }
    pin(&reference, fields)
    var selector = ModelSelector(
      id: reference.model, version: reference.version, file: reference.file, versions: nil,
      files: policy, place: own, span: headSpan(node))
    guard let pair = fields.pairs["versions"] else { return [selector] }
    if reference.version != nil {
      report(
        .pinnedWithPolicy, "one version of this model is named, so `versions` has no say",
        at: pair.keySpan,
        secondary: [
          Diagnostic.Label(span: (fields["version"] ?? idNode).span, text: "named here")
        ], help: "remove `versions`, or name the model alone")
      return [selector]
    }
    switch versions {
    case .policy(let policy): selector.versions = policy
    case .ids(let ids):
      return ids.map { id in
        var pinned = selector
        pinned.version = id.value
        return pinned
      }
    case nil: break
    }
    return [selector]
  }

  /// Puts `version:` and `file:` of the map into the reference.
  private func pin(_ reference: inout ModelReference, _ fields: Fields) {
    if let node = fields["version"], let version = id(node, "`version`", as: VersionID.self) {
      if let other = reference.version, other != version, let id = fields["id"] {
        report(
          .badReference, "`version` and `id` name two versions", at: node.span,
          secondary: [Diagnostic.Label(span: id.span, text: "the other one")],
          help: "remove one of them")
      }
      reference.version = version
    }
    guard let node = fields["file"], let file = id(node, "`file`", as: FileID.self) else { return }
    if reference.version == nil { fileWithoutVersion(node.span) }
    reference.file = file
  }

  private func fileWithoutVersion(_ span: Span) {
    report(
      .badReference, "a file is named without its version", at: span,
      help: "name the version too: `model@version+file`")
  }

  /// A model as people write it down.
  func reference(_ node: YAMLNode) -> ModelReference? {
    guard let text = text(node, "a model", expected: "an id, a URL or an AIR") else { return nil }
    do {
      return try ModelReference(parsing: text, hosts: hosts)
    } catch {
      report(error, text, node.span)
      return nil
    }
  }

  /// A URL without its query, where a token may travel, and without user and password.
  private static func withoutSecrets(_ text: String) -> String {
    guard let colon = text.firstRange(of: "://") else { return text }
    let start = text[..<colon.upperBound]
    let rest = text[colon.upperBound...].prefix { $0 != "?" }
    let host = rest.prefix { $0 != "/" }
    let name = host.lastIndex(of: "@").map { host[host.index(after: $0)...] } ?? host
    return "\(start)\(name)\(rest[host.endIndex...])"
  }

  private func report(_ problem: ModelReference.Problem, _ text: String, _ span: Span) {
    switch problem {
    case .unreadable:
      report(
        .badReference, "\(quoted(Self.withoutSecrets(text))) names no model", at: span,
        help: "write `123`, `123@456`, the address of the model's page, or its AIR")
    case .foreignSite(let host):
      report(
        .badReference, "\(quoted(host)) is not a site that is asked", at: span,
        help: "models come from `civitai.red`, `civitai.com` and what `source.endpoints` names")
    case .versionOnly(let version):
      report(
        .badReference, "this address names version \(version), not a model", at: span,
        help: "put it under `versions: [\(version)]` in the collection")
    case .userPage(let user):
      report(
        .badReference, "this is a creator's page, not a model's", at: span,
        help: "put \(quoted(user)) under `users:`")
    case .siteCollection:
      report(
        .badReference, "a collection of the site cannot be listed over its API", at: span,
        help: "name its models or creators, or mark them as favorites and write `favorites: true`")
    case .foreignSource(let source):
      report(
        .badReference, "an AIR of \(quoted(source)) cannot be fetched", at: span,
        help: "only AIRs with `civitai` as their source are known")
    case .fileWithoutVersion: fileWithoutVersion(span)
    }
  }
}
