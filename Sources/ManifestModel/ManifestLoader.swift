package import Core

/// Reads the manifest's files: from a disk, or from memory in a test.
package protocol ManifestLoader: Sendable {
  /// The whole file. A reader may stop after `manifestByteLimit + 1` bytes: such a file is refused.
  func load(_ path: AbsolutePath) -> LoadedManifest

  /// What messages call the file; the whole path unless the loader knows a shorter one.
  func displayName(of path: AbsolutePath) -> String
}

extension ManifestLoader {
  package func displayName(of path: AbsolutePath) -> String { path.string }
}

package enum LoadedManifest: Hashable, Sendable {
  case found([UInt8])
  case missing
  /// Why, in a few words: `it is a folder`, `permission denied`.
  case unreadable(String)
}

/// Bytes; a larger manifest is refused.
package let manifestByteLimit = 4 << 20
