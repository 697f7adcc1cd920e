package import Core

/// The first file of a snapshot: which trees and manifests it is of, and how much it should hold,
/// so that a snapshot that lost a part is noticed.
package struct SnapshotHeader: Sendable, Equatable {
  package struct Tree: Sendable, Equatable {
    package var name: TreeName
    package var root: AbsolutePath

    package init(name: TreeName, root: AbsolutePath) {
      self.name = name
      self.root = root
    }
  }

  package struct Manifest: Sendable, Hashable {
    /// As the caller names it.
    package var path: String
    package var role: ManifestRole

    package init(path: String, role: ManifestRole = .manifest) {
      self.path = path
      self.role = role
    }
  }

  /// Sorted by name when written.
  package var trees: [Tree]
  /// In the order in which they were read.
  package var manifests: [Manifest]
  package var models: Int
  package var files: Int
  /// Of all files together.
  package var bytes: ByteCount
  /// Of what the manifests select: a lock made from it says so. `nil` in snapshots of civsync 0.1.
  package var selection: Digest?

  package init(
    trees: [Tree], manifests: [Manifest], models: Int, files: Int, bytes: ByteCount,
    selection: Digest? = nil
  ) {
    self.trees = trees
    self.manifests = manifests
    self.models = models
    self.files = files
    self.bytes = bytes
    self.selection = selection
  }
}

extension RecordFormat {
  static let snapshotHeader = "civsync-snapshot"

  package static func encode(_ header: SnapshotHeader) -> [UInt8] {
    var writer = RecordWriter(detail: .snapshot)
    writer.header(snapshotHeader, version)
    writer.line("models \(header.models)")
    writer.line("files \(header.files)")
    writer.line("bytes \(header.bytes.bytes)")
    if let selection = header.selection { writer.line("selection \(selection.hex)") }
    for tree in header.trees.sorted(by: { $0.name < $1.name }) {
      writer.line("tree", [tree.name.name, tree.root.string])
    }
    for manifest in header.manifests {
      writer.line(manifest.role.rawValue, [manifest.path])
    }
    return writer.bytes
  }

  package static func decodeHeader(_ bytes: [UInt8]) throws(RecordError) -> SnapshotHeader {
    var parser = RecordParser(bytes, detail: .snapshot)
    try parser.header(snapshotHeader, known: version)
    let header = try parser.snapshotHeader()
    try parser.end()
    return header
  }
}
