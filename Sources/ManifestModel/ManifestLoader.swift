package import Core

/// Reads the manifest's files: from a disk, or from memory in a test.
package protocol ManifestLoader: Sendable {
  /// The whole file. A reader may stop after `manifestByteLimit + 1` bytes: such a file is refused.
  func load(_ path: AbsolutePath) -> LoadedManifest

  /// What messages call the file; the whole path unless the loader knows a shorter one.
  func displayName(of path: AbsolutePath) -> String

  /// The names in a folder; `nil` when there is none that can be read. For the patterns of
  /// `include`.
  func list(_ folder: AbsolutePath) -> [ListedName]?
}

/// A name in a folder.
package struct ListedName: Hashable, Sendable {
  package var name: String
  package var isFolder: Bool

  package init(_ name: String, isFolder: Bool = false) {
    self.name = name
    self.isFolder = isFolder
  }
}

extension ManifestLoader {
  package func displayName(of path: AbsolutePath) -> String { path.string }
  package func list(_ folder: AbsolutePath) -> [ListedName]? { nil }
}

package enum LoadedManifest: Hashable, Sendable {
  case found([UInt8])
  case missing
  /// Why, in a few words: `it is a folder`, `permission denied`.
  case unreadable(String)
}

/// Bytes; a larger manifest is refused.
package let manifestByteLimit = 4 << 20
