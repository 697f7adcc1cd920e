package import Core

/// What a line of `models:` names: by id, `id@version`, URL or AIR. Only ids are trusted: the words
/// around them (slug, ecosystem, type, format) may be out of date.
package struct ModelReference: Hashable, Sendable {
  package var model: ModelID
  package var version: VersionID?
  package var file: FileID?

  package enum Problem: Error, Hashable, Sendable {
    /// Nothing that civsync reads as a model.
    case unreadable
    /// A URL of a site that is not asked.
    case foreignSite(String)
    /// A page or download of one version: its model is not in the URL.
    case versionOnly(VersionID)
    /// A creator's page.
    case userPage(String)
    /// A collection of the site: its models cannot be listed over the API.
    case siteCollection
    /// An AIR of another source.
    case foreignSource(String)
    /// A file id without the version it belongs to.
    case fileWithoutVersion
  }

  package init(model: ModelID, version: VersionID? = nil, file: FileID? = nil) {
    self.model = model
    self.version = version
    self.file = file
  }

  package init(_ selector: ModelSelector) {
    model = selector.id
    version = selector.version
    file = selector.file
  }

  /// - Parameter hosts: besides the two sites, whose URLs are read.
  package init(parsing text: String, hosts: Set<String>) throws(Problem) {
    if text.contains("://") {
      try self.init(url: text, hosts: hosts)
    } else if text.contains(":") {
      try self.init(air: text)
    } else {
      try self.init(ids: text)
    }
  }

  /// `123`, `123@456`, `123@456+789`, the last two with `.format`.
  private init(ids text: some StringProtocol) throws(Problem) {
    let stem = text.prefix { $0 != "." }
    let halves = stem.split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false)
    let ids = halves[0].split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    guard let model = ModelID(parsing: ids[0]) else { throw .unreadable }
    self.model = model
    if ids.count == 2 {
      guard let version = VersionID(parsing: ids[1]) else { throw .unreadable }
      self.version = version
    }
    if halves.count == 2 {
      guard let file = FileID(parsing: halves[1]) else { throw .unreadable }
      guard version != nil else { throw .fileWithoutVersion }
      self.file = file
    }
    if stem.endIndex != text.endIndex, ids.count == 1 { throw .unreadable }
  }

  /// `urn:air:{ecosystem}:{type}:{source}:{ids}`; `urn:` and `air:` may be missing.
  private init(air text: String) throws(Problem) {
    var parts = text.split(separator: ":", omittingEmptySubsequences: false)
    for prefix in ["urn", "air"] where parts.first?.lowercased() == prefix { parts.removeFirst() }
    guard parts.count >= 2, let ids = parts.last else { throw .unreadable }
    let source = String(parts[parts.count - 2])
    guard source.lowercased() == "civitai" else { throw .foreignSource(source) }
    // AIR has a format after a dot, with or without a version.
    let tail = ids.contains("@") ? ids : ids.prefix { $0 != "." }
    try self.init(ids: tail)
  }

  private init(url text: String, hosts: Set<String>) throws(Problem) {
    guard let url = SafeURL(text) else { throw .unreadable }
    let host = url.host.hasPrefix("www.") ? String(url.host.dropFirst(4)) : url.host
    guard hosts.contains(host) || Self.sites.contains(host) else { throw .foreignSite(url.host) }
    var parts = url.path.split(separator: "/").map(String.init)
    if parts.starts(with: ["api", "v1"]) { parts.removeFirst(2) }
    if parts.starts(with: ["api", "download"]) {
      parts.removeFirst(2)
    } else if parts.first == "models", parts.count >= 2, let model = ModelID(parsing: parts[1]) {
      self.model = model
      if let value = Self.item("modelVersionId", of: url) {
        guard let version = VersionID(parsing: value) else { throw .unreadable }
        self.version = version
      }
      return
    }
    guard parts.count >= 2 else { throw .unreadable }
    if parts[0] == "user" { throw .userPage(parts[1]) }
    if parts[0] == "collections" { throw .siteCollection }
    guard ["models", "model-versions"].contains(parts[0]),
      let version = VersionID(parsing: parts[1])
    else { throw .unreadable }
    throw .versionOnly(version)
  }

  static let sites: Set<String> = ["civitai.com", "civitai.red"]

  private static func item(_ name: String, of url: SafeURL) -> Substring? {
    url.query?.split(separator: "&").first { $0.hasPrefix(name + "=") }?.dropFirst(name.count + 1)
  }
}
