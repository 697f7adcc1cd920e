package import Core
package import Diagnostics
import ManifestModel
import SystemIO

/// What a manifest without an error declares. Things that several collections name count once.
package struct ValidManifest: Sendable {
  /// What messages call the first manifest.
  package var name: String
  /// All its texts, in the order in which they were read.
  package var files: [(name: String, role: ManifestRole)]
  package var collections: Int
  package var users: Int
  package var models: Int
  /// Versions that collections list by their ids.
  package var versions: Int
  /// Files that collections declare by their digests.
  package var objects: Int
  /// Nothing in it hinders a plan.
  package var warnings: [Diagnostic]

  init(_ manifest: Manifest, warnings: [Diagnostic]) {
    let all = manifest.collections
    name = manifest.sources.first?.name ?? manifest.path.name
    files = manifest.sources.map { ($0.name, $0.role) }
    collections = all.count
    users = Set(all.flatMap { $0.users.map { $0.value.lowercased() } }).count
    models = Set(all.flatMap { $0.models.map(\.id) }).count
    versions = Set(all.flatMap { $0.versionIDs.map(\.value) }).count
    objects = Set(all.flatMap { $0.objects.map(\.digest) }).count
    self.warnings = warnings
  }
}

extension Engine {
  /// Reads the manifest and nothing else: no network, no state folder, no lock.
  /// - Throws: all its mistakes at once, with `manifestInvalid`.
  package func validate() async throws(EngineError) -> ValidManifest {
    try await disk.run { () throws(EngineError) in
      let (manifest, warnings) = try self.loadManifest()
      return ValidManifest(manifest, warnings: warnings)
    }
  }

  /// What would be wrong with the project's manifest if it had this text.
  package func mistakes(inManifest text: String) -> [Diagnostic] {
    ManifestModel.loadManifest(
      path: project.manifest, loader: TextLoader(manifest: project.manifest, text: text),
      environment: context.environment, home: home
    ).1
  }
}

/// A manifest that stands nowhere yet.
private struct TextLoader: ManifestLoader {
  let manifest: AbsolutePath
  let text: String

  /// Whatever else it could mean is not there: an overlay is not its mistake.
  func load(_ path: AbsolutePath) -> LoadedManifest {
    path == manifest ? .found(Array(text.utf8)) : .missing
  }
  func displayName(of path: AbsolutePath) -> String { path.name }
}
