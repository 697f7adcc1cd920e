package import Core

/// Where a project keeps what.
package struct Project: Sendable {
  /// The folder of the manifest.
  package let folder: AbsolutePath
  package let manifest: AbsolutePath

  package init(manifest: AbsolutePath, folder: AbsolutePath? = nil) {
    self.manifest = manifest
    self.folder = folder ?? manifest.parent
  }

  /// `civsync.lock` beside the manifest.
  package var lockFile: AbsolutePath { manifest.parent.appending("civsync.lock") }
  package var state: AbsolutePath { folder.appending(".civsync") }
  package var history: AbsolutePath { state.appending(".git") }
  package var journal: AbsolutePath { state.appending("journal") }
  package var aside: AbsolutePath { state.appending("aside") }
  package var index: AbsolutePath { state.appending("index.sqlite") }
  package var refusals: AbsolutePath { state.appending("refusals.jsonl") }
  package var runs: AbsolutePath { state.appending("runs.jsonl") }
  package var processLock: AbsolutePath { state.appending("lock") }
}
