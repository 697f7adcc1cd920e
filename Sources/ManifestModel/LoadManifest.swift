package import Core
package import Diagnostics
internal import YAMLSource

/// How many mistakes are shown.
private let shownLimit = 500

/// What may stand in a file that could not be read.
private let absences: Set<String> = Set(
  [
    ManifestCode.noRoot, .noCollections, .nothingDeclared, .unknownTree, .unsetVariable,
    .emptyCollection,
  ].map(\.rawValue))

/// Reads manifests, everything they include, and the overlay beside the first.
/// - Parameters:
///   - paths: the manifests, at least one; each further one lies over those before. Relative paths
///     in a file start from its folder.
///   - environment: where `${NAME}` is looked up when `vars` does not have it.
///   - home: what `~` stands for; `nil` when there is none.
/// - Returns: the manifest, `nil` when there is an error; and all mistakes at once, by their place.
package func loadManifest(
  paths: [AbsolutePath], loader: any ManifestLoader, environment: [String: String],
  home: AbsolutePath?
) -> (Manifest?, [Diagnostic]) {
  guard let first = paths.first else { return (nil, []) }
  let decoder = Decoder(folder: first.parent, home: home)
  let reader = LayerReader(decoder, loader: loader, environment: environment)
  reader.read(paths)
  let told = decoder.diagnostics.count
  var manifest: Manifest?
  if let merged = Merger(decoder: decoder).merge(reader.layers), let start = reader.sources.first {
    var expander = Expander(decoder, environment: environment)
    manifest = decoder.manifest(
      expander.expand(document: merged), path: first, sources: reader.sources,
      start: start.file)
  }
  var found = decoder.diagnostics
  if !reader.isWhole {
    found[told...].removeAll { absences.contains($0.code) }
  }
  let all = inOrder(reader.problems + found, reader.sources)
  let isGood = reader.isWhole && !all.hasErrors
  return (isGood ? manifest : nil, shortened(all, loader.displayName(of: first)))
}

/// Reads one manifest, everything it includes, and the overlay beside it.
package func loadManifest(
  path: AbsolutePath, loader: any ManifestLoader, environment: [String: String],
  home: AbsolutePath?
) -> (Manifest?, [Diagnostic]) {
  loadManifest(paths: [path], loader: loader, environment: environment, home: home)
}

/// By file and place, each once: what an alias repeats was wrong where its anchor stands.
private func inOrder(_ diagnostics: [Diagnostic], _ sources: [ManifestSource]) -> [Diagnostic] {
  var seen: Set<Diagnostic> = []
  let once = diagnostics.filter { seen.insert($0).inserted }
  let ranks = Dictionary(
    sources.enumerated().map { (ObjectIdentifier($0.element.file), $0.offset) },
    uniquingKeysWith: { first, _ in first })
  func key(_ diagnostic: Diagnostic) -> (Int, Int) {
    guard let span = diagnostic.span else { return (-1, 0) }
    return (ranks[ObjectIdentifier(span.file)] ?? 0, span.range.lowerBound)
  }
  return once.enumerated().map { (key($0.element), $0.offset, $0.element) }
    .sorted { left, right in
      (left.0.0, left.0.1, left.1) < (right.0.0, right.0.1, right.1)
    }.map(\.2)
}

/// Errors go before warnings where not all can be shown.
private func shortened(_ diagnostics: [Diagnostic], _ name: String) -> [Diagnostic] {
  guard diagnostics.count > shownLimit else { return diagnostics }
  let errors = diagnostics.filter { $0.severity == .error }
  let shown = (errors + diagnostics.filter { $0.severity != .error }).prefix(shownLimit)
  let more = Diagnostic(
    code: ManifestCode.more.rawValue, severity: .note,
    message: "\(quoted(name)) has more mistakes than these \(shown.count)")
  return shown + [more]
}
