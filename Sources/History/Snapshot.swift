package import CatalogueModel
package import Core
package import GitStore

/// A manifest as it was when a snapshot was recorded.
package struct ManifestCopy: Sendable, Hashable {
  /// As the caller names it; with it the copy finds back to its place.
  package var path: String
  package var role: ManifestRole
  package var bytes: [UInt8]

  package init(path: String, role: ManifestRole = .manifest, bytes: [UInt8]) {
    self.path = path
    self.role = role
    self.bytes = bytes
  }
}

/// What stood where at one time: the manifests, the exact entries with their places, and the trees.
package struct Snapshot: Sendable, Equatable {
  /// The commit that it was read from; `nil` for one not recorded, and for `@empty`.
  package var id: CommitID?
  /// Sorted by id.
  package var models: [RecordedModel]
  /// In the order in which the manifests were given.
  package var manifests: [ManifestCopy]
  package var trees: [SnapshotHeader.Tree]
  /// Of what the manifests select; `nil` where it is not told.
  package var selection: Digest?

  package init(
    id: CommitID? = nil, models: [RecordedModel] = [], manifests: [ManifestCopy] = [],
    trees: [SnapshotHeader.Tree] = [], selection: Digest? = nil
  ) {
    self.selection = selection
    self.id = id
    self.models = models
    self.manifests = manifests
    self.trees = trees
  }

  /// Nothing placed: what was before the first snapshot.
  package static let empty = Snapshot()

  /// Every file of every model, sorted as the models are.
  package var entries: [Entry] { Entry.entries(of: models) }

  package var fileCount: Int {
    models.reduce(0) { $0 + $1.versions.reduce(0) { $0 + $1.files.count } }
  }

  /// Of all files together; a content that several entries have counts for each.
  package var byteCount: ByteCount {
    var sum = ByteCount.zero
    for model in models {
      for version in model.versions {
        for file in version.files { sum += file.bytes }
      }
    }
    return sum
  }

  var header: SnapshotHeader {
    SnapshotHeader(
      trees: trees,
      manifests: manifests.map { SnapshotHeader.Manifest(path: $0.path, role: $0.role) },
      models: models.count, files: fileCount, bytes: byteCount, selection: selection)
  }
}

/// What a snapshot says about the run that recorded it.
package struct SnapshotMessage: Sendable, Hashable {
  /// One line, such as `apply: 12 created, 1 removed`.
  package var title: String
  package var body: [String]

  package init(title: String, body: [String] = []) {
    self.title = title
    self.body = body
  }

  /// As git wants it: the title, an empty line, the body. Line ends inside the title become spaces.
  var text: String {
    let line = String(title.map { $0.isNewline ? " " : $0 })
    return body.isEmpty ? line + "\n" : line + "\n\n" + body.joined(separator: "\n") + "\n"
  }
}
