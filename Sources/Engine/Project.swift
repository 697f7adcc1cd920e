package import Core

/// Where a project keeps what.
package struct Project: Sendable {
  /// The folder of the first manifest, unless another was named.
  package let folder: AbsolutePath
  /// The first manifest.
  package let manifest: AbsolutePath
  /// All that are named, the first included; each lies over those before.
  package let manifests: [AbsolutePath]

  /// - Parameter further: manifests that lie over the first.
  package init(
    manifest: AbsolutePath, further: [AbsolutePath] = [], folder: AbsolutePath? = nil
  ) {
    self.manifest = manifest
    manifests = [manifest] + further
    self.folder = folder ?? manifest.parent
  }

  /// `civsync.lock` beside the first manifest.
  package var lockFile: AbsolutePath { manifest.parent.appending("civsync.lock") }
  package var state: AbsolutePath { folder.appending(".civsync") }
  package var history: AbsolutePath { state.appending(".git") }
  package var journal: AbsolutePath { state.appending("journal") }
  package var aside: AbsolutePath { state.appending("aside") }
  package var index: AbsolutePath { state.appending("index.sqlite") }
  package var refusals: AbsolutePath { state.appending("refusals.jsonl") }
  package var runs: AbsolutePath { state.appending("runs.jsonl") }
  package var failures: AbsolutePath { state.appending("failures.jsonl") }
  /// While it is there nothing is fetched.
  package var stopFile: AbsolutePath { state.appending("STOP") }
  package var processLock: AbsolutePath { state.appending("lock") }
}
