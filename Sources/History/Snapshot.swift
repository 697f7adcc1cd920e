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
  /// Every file of every model, sorted by what it is.
  package var entries: [Entry]
  /// In the order in which the manifests were given.
  package var manifests: [ManifestCopy]
  package var trees: [SnapshotHeader.Tree]
  /// Of what the manifests select; `nil` where it is not told.
  package var selection: Digest?

  package init(
    id: CommitID? = nil, entries: [Entry] = [], manifests: [ManifestCopy] = [],
    trees: [SnapshotHeader.Tree] = [], selection: Digest? = nil
  ) {
    self.selection = selection
    self.id = id
    self.entries = Entry.inOrder(entries)
    self.manifests = manifests
    self.trees = trees
  }

  /// Nothing placed: what was before the first snapshot.
  package static let empty = Snapshot()

  package var fileCount: Int { entries.count }

  package var modelCount: Int {
    var (count, last) = (0, ModelID?.none)
    for entry in entries where entry.model.id != last {
      last = entry.model.id
      count += 1
    }
    return count
  }

  /// Of all files together; a content that several entries have counts for each.
  package var byteCount: ByteCount { entries.reduce(.zero) { $0 + $1.file.bytes } }

  var header: SnapshotHeader {
    SnapshotHeader(
      trees: trees,
      manifests: manifests.map { SnapshotHeader.Manifest(path: $0.path, role: $0.role) },
      models: modelCount, files: fileCount, bytes: byteCount, selection: selection)
  }
}

extension Snapshot {
  /// In the nested form, sorted by id.
  package var models: [RecordedModel] {
    get { Entry.models(of: entries) }
    set { entries = Entry.inOrder(Entry.entries(of: newValue)) }
  }

  package init(
    id: CommitID? = nil, models: [RecordedModel], manifests: [ManifestCopy] = [],
    trees: [SnapshotHeader.Tree] = [], selection: Digest? = nil
  ) {
    self.init(
      id: id, entries: Entry.entries(of: models), manifests: manifests, trees: trees,
      selection: selection)
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
