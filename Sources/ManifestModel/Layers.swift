internal import Core
internal import Diagnostics
internal import YAMLSource

/// One text of the manifest, read.
struct Layer {
  var role: ManifestRole
  /// A map.
  var root: YAMLNode
}

/// Reads the named manifests, what they include and the overlay, and lays them one over another:
/// what is included lies beneath the file that includes it, in order; a further named manifest lies
/// over the ones before; the overlay lies over all.
final class LayerReader {
  /// Beside the first manifest: what differs on this machine.
  static let overlayName = "civsync.local.yaml"
  private static let fileLimit = 200
  private static let depthLimit = 16
  /// Bytes and values of all files together.
  private static let byteLimit = 16 << 20
  private static let nodeLimit = 1_000_000
  /// Folders that all patterns together may look into.
  private static let folderLimit = 2_000

  let decoder: Decoder
  let loader: any ManifestLoader
  private var expander: Expander
  /// In the order in which they were met.
  private(set) var sources: [ManifestSource] = []
  /// From the lowest to the one over all.
  private(set) var layers: [Layer] = []
  /// What hinders a file from being read.
  private(set) var problems: [Diagnostic] = []
  /// Whether every file could be read: else what is missing may stand in one that could not.
  private(set) var isWhole = true

  /// Each file counts once: those that are named, those that were met, and the overlay.
  private var known: Set<AbsolutePath> = []
  /// The files that include one another down to the one that is being read.
  private var chain: [AbsolutePath] = []
  private var bytes = 0
  private var nodes = 0
  private var folders = 0
  /// A limit was passed, and that was told.
  private var isFull = false

  init(_ decoder: Decoder, loader: any ManifestLoader, environment: [String: String]) {
    self.decoder = decoder
    self.loader = loader
    expander = Expander(decoder, environment: environment)
  }

  /// - Parameter paths: the named manifests, the first lowest; not empty.
  func read(_ paths: [AbsolutePath]) {
    var named: [AbsolutePath] = []
    for path in paths where known.insert(path).inserted { named.append(path) }
    let overlay = named.first?.parent.appending(Self.overlayName)
    let isNamed = overlay.map { !known.insert($0).inserted } ?? true
    for path in named { readNamed(path, .manifest) }
    if let overlay, !isNamed { readNamed(overlay, .overlay) }
  }

  private func readNamed(_ path: AbsolutePath, _ role: ManifestRole) {
    switch loader.load(path) {
    case .found(let bytes): add(bytes, path, role)
    case .missing where role == .overlay: break
    case .missing: unreadable(path, "there is no such file")
    case .unreadable(let why): unreadable(path, why)
    }
  }

  private func unreadable(_ path: AbsolutePath, _ why: String) {
    isWhole = false
    problems.append(
      Diagnostic(
        code: ManifestCode.unreadable.rawValue,
        message: "cannot read the manifest \(quoted(loader.displayName(of: path))): \(why)",
        help: "name another with `-f`, or write one: `civsync.yaml` in the current folder"))
  }

  // MARK: one file

  private func add(_ bytes: [UInt8], _ path: AbsolutePath, _ role: ManifestRole) {
    let file = SourceFile(name: loader.displayName(of: path), bytes: bytes)
    sources.append(ManifestSource(file: file, path: path, role: role))
    decoder.add(file, in: path.parent)
    var limits = YAMLLimits()
    limits.bytes = manifestByteLimit
    let (root, found) = parseYAML(file, limits: limits)
    problems += found
    self.bytes += bytes.count
    nodes += root?.weight ?? 0
    guard let root else {
      // What could not be read to its end cannot be judged either.
      if found.isEmpty { isEmpty(file, role) } else { isWhole = false }
      return
    }
    guard case .mapping(let pairs) = root.content else {
      if root.isNull { isEmpty(file, role) } else { isNoMap(root, role) }
      return
    }
    let start = root.span.range.lowerBound
    decoder.version(
      pairs.first { $0.name == "version" }?.value, Span(file: file, range: start..<start),
      isRequired: role == .manifest)
    if let include = pairs.first(where: { $0.name == "include" }) {
      chain.append(path)
      self.include(include.value)
      chain.removeLast()
    }
    layers.append(Layer(role: role, root: root))
  }

  private func isEmpty(_ file: SourceFile, _ role: ManifestRole) {
    guard role == .manifest else { return }
    isWhole = false
    decoder.report(
      .notAMap, "the manifest is empty", at: Span(file: file, range: 0..<0),
      help: "begin with `version: 1`, `root:` and `collections:`")
  }

  private func isNoMap(_ root: YAMLNode, _ role: ManifestRole) {
    isWhole = false
    let what =
      switch role {
      case .manifest: "the manifest"
      case .include: "an included file"
      case .overlay: "the overlay"
      }
    decoder.report(
      .notAMap, "\(what) must be a map of keys", at: decoder.headSpan(root),
      label: "this is \(Decoder.kind(of: root))",
      help: role == .manifest
        ? "begin with `version: 1`, `root:` and `collections:`" : "it has the keys of a manifest")
  }

  // MARK: include

  private func include(_ node: YAMLNode) {
    for item in decoder.items(node, "`include`", of: "paths") {
      // The environment alone: `vars` may stand in what is included.
      let expanded = expander.expand(path: item)
      guard let path = decoder.path(expanded, "`include`") else {
        isWhole = false
        continue
      }
      let glob = PathGlob(path)
      if glob.isLiteral {
        include(path, item)
      } else {
        include(glob, item)
      }
    }
  }

  private func include(_ glob: PathGlob, _ node: YAMLNode) {
    let found = glob.matches(loader) {
      folders += 1
      return folders <= Self.folderLimit
    }
    if folders > Self.folderLimit {
      refuse("the patterns of `include` look into more than \(Self.folderLimit) folders", node)
      return
    }
    // A pattern that meets its own file does not mean it.
    let others = found.filter { $0 != chain.last }
    if others.isEmpty {
      decoder.report(
        .emptyGlob, "no file matches \(quoted(node.scalar?.text ?? ""))", at: node.span,
        help: "check the pattern: `*` and `?` match within one name, and no hidden one",
        severity: .warning)
    }
    for path in others { include(path, node) }
  }

  private func include(_ path: AbsolutePath, _ node: YAMLNode) {
    if let start = chain.firstIndex(of: path) {
      let round = (chain[start...] + [path]).map { loader.displayName(of: $0) }
      decoder.report(
        .includeCycle, "the file includes itself", at: node.span,
        label: round.joined(separator: " → "), help: "remove one of these lines")
      return
    }
    guard !isFull, known.insert(path).inserted else { return }
    guard chain.count <= Self.depthLimit else {
      refuse("more than \(Self.depthLimit) files include one another", node)
      return
    }
    guard sources.count < Self.fileLimit else {
      refuse("the manifest has more than \(Self.fileLimit) files", node)
      return
    }
    switch loader.load(path) {
    case .found(let bytes): add(bytes, path, .include)
    case .missing: notIncluded(path, "there is no such file", node)
    case .unreadable(let why): notIncluded(path, why, node)
    }
    if bytes > Self.byteLimit || nodes > Self.nodeLimit, !isFull {
      refuse(
        "the manifest's files hold more than \(Self.byteLimit) bytes or \(Self.nodeLimit) values "
          + "together", node)
    }
  }

  private func notIncluded(_ path: AbsolutePath, _ why: String, _ node: YAMLNode) {
    isWhole = false
    decoder.report(
      .notIncluded, "cannot include \(quoted(loader.displayName(of: path))): \(why)",
      at: node.span, help: "a relative path starts from the folder of this file")
  }

  private func refuse(_ message: String, _ node: YAMLNode) {
    isFull = true
    isWhole = false
    decoder.report(
      .tooMuchIncluded, message, at: node.span, help: "include fewer files, or join some")
  }
}
