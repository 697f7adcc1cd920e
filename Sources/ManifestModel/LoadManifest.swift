package import Core
package import Diagnostics
internal import YAMLSource

/// How many mistakes are shown.
private let shownLimit = 500

/// Reads a manifest and everything it includes.
/// - Parameters:
///   - path: the manifest; relative paths in it start from its folder.
///   - environment: where `${NAME}` is looked up.
///   - home: what `~` stands for; `nil` when there is none.
/// - Returns: the manifest, `nil` when there is an error; and all mistakes at once, by their place.
package func loadManifest(
  path: AbsolutePath, loader: any ManifestLoader, environment: [String: String],
  home: AbsolutePath?
) -> (Manifest?, [Diagnostic]) {
  let name = loader.displayName(of: path)
  let bytes: [UInt8]
  switch loader.load(path) {
  case .found(let found): bytes = found
  case .missing: return (nil, [unreadable(name, "there is no such file")])
  case .unreadable(let why): return (nil, [unreadable(name, why)])
  }
  let file = SourceFile(name: name, bytes: bytes)
  var limits = YAMLLimits()
  limits.bytes = manifestByteLimit
  let (root, problems) = parseYAML(file, limits: limits)
  // What could not be read to its end cannot be judged either.
  if root == nil, !problems.isEmpty { return (nil, problems) }
  let decoder = Decoder(file: file, folder: path.parent, home: home)
  var expander = Expander(decoder, environment: environment)
  let manifest = decoder.manifest(root.map { expander.expand(document: $0) }, path: path)
  let all = inOrder(problems + decoder.diagnostics)
  return (all.hasErrors ? nil : manifest, shortened(all, file))
}

private func unreadable(_ name: String, _ why: String) -> Diagnostic {
  Diagnostic(
    code: ManifestCode.unreadable.rawValue,
    message: "cannot read the manifest \(quoted(name)): \(why)",
    help: "name another with `-f`, or write one: `civsync.yaml` in the current folder")
}

/// By place, each once: what an alias repeats was wrong where its anchor stands.
private func inOrder(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
  var seen: Set<Diagnostic> = []
  let once = diagnostics.filter { seen.insert($0).inserted }
  return once.enumerated().sorted { left, right in
    let first = left.element.span?.range.lowerBound ?? 0
    let second = right.element.span?.range.lowerBound ?? 0
    return (first, left.offset) < (second, right.offset)
  }.map(\.element)
}

/// Errors go before warnings where not all can be shown.
private func shortened(_ diagnostics: [Diagnostic], _ file: SourceFile) -> [Diagnostic] {
  guard diagnostics.count > shownLimit else { return diagnostics }
  let errors = diagnostics.filter { $0.severity == .error }
  let shown = (errors + diagnostics.filter { $0.severity != .error }).prefix(shownLimit)
  let more = Diagnostic(
    code: ManifestCode.more.rawValue, severity: .note,
    message: "\(quoted(file.name)) has more mistakes than these \(shown.count)")
  return shown + [more]
}
