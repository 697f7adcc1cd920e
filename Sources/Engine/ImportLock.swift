import CatalogueModel
package import Core
import Diagnostics
import ManifestModel
import Planning
import SystemIO
import Transfer
import Tree

extension Engine {
  /// Writes the lock of a manifest that was just imported: what it resolves to, at the places where
  /// the files stand. No file is touched.
  /// - Returns: how many files it holds.
  package func lockImported() async throws -> Int {
    do {
      let lock = try await acquireLock(.none)
      defer { lock.release() }
      let http = try context.makeClient(loadManifest().manifest.transfer)
      defer { http.shutdown() }
      let survey = try await survey(http, PlanRequest())
      let entries = survey.plan.result
      let selection = selection(of: survey.manifest)
      try await disk.run { () throws(EngineError) in
        try self.writeLock(entries, selection: selection)
      }
      return entries.count
    } catch let error as EngineError where error.exit != .interrupted {
      throw EngineError(
        "C213", "the manifest was written, its lock could not be",
        notes: error.diagnostics.map(\.message), help: "`civsync apply` writes it",
        exit: error.exit)
    }
  }

  /// A folder where another project places files is not imported: two would manage the same files.
  /// - Throws: `C214`.
  package func requireUnclaimed(_ folder: AbsolutePath) async throws {
    try await disk.run { () throws(EngineError) in
      let id = try ProjectState.load(self.project, self.fileSystem)?.id ?? ""
      let tree = TreeRoot(name: .main, root: folder)
      guard
        case .taken(let other, _)? = try? tree.check(
          project: id, wasClaimed: false, files: self.fileSystem),
        other != id
      else { return }
      throw EngineError(
        "C214", "`\(folder)` belongs to another civsync project already",
        notes: ["nothing was written"],
        help:
          "work in that project; if it is gone for good, remove `\(tree.markerPath)` and import "
          + "again")
    }
  }

  /// Whether there is a lock beside the manifest.
  package func hasLock() async -> Bool {
    await disk.run { ((try? self.fileSystem.status(self.project.lockFile)) ?? nil) != nil }
  }
}
