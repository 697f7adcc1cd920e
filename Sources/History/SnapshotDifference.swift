package import CatalogueModel
internal import Core
package import GitStore

/// What differs between two snapshots, entry by entry.
package struct SnapshotDifference: Sendable, Equatable {
  package struct Change: Sendable, Equatable {
    package var old: Entry
    package var new: Entry

    package init(old: Entry, new: Entry) {
      self.old = old
      self.new = new
    }
  }

  /// In the new one only; all three are sorted by identity. A file whose content was replaced is
  /// one removed and one added, because the digest belongs to what an entry is.
  package var added: [Entry] = []
  package var removed: [Entry] = []
  /// In both, with other facts: places, state, name, collections.
  package var changed: [Change] = []
  /// Names under which manifests that differ are kept, such as `manifests/0-civsync.yaml`; sorted.
  package var manifests: [String] = []

  package var isEmpty: Bool {
    added.isEmpty && removed.isEmpty && changed.isEmpty && manifests.isEmpty
  }

  /// Compares models only.
  package init(from old: [RecordedModel], to new: [RecordedModel]) {
    var former: [EntryIdentity: Entry] = [:]
    for entry in Entry.entries(of: old) { former[entry.identity] = entry }
    for entry in Entry.entries(of: new) {
      guard let before = former.removeValue(forKey: entry.identity) else {
        added.append(entry)
        continue
      }
      if before != entry { changed.append(Change(old: before, new: entry)) }
    }
    removed = former.values.sorted { $0.identity < $1.identity }
    added.sort { $0.identity < $1.identity }
    changed.sort { $0.new.identity < $1.new.identity }
  }
}

extension History {
  /// What differs between two commits; `nil` stands for nothing placed. Only records that differ
  /// are read.
  package func difference(
    from old: CommitID?, to new: CommitID?
  ) throws(HistoryError) -> SnapshotDifference {
    guard old != nil || new != nil else { return SnapshotDifference(from: [], to: []) }
    guard let repository = try existing() else {
      throw .git(.missing(what: "commit `\((new ?? old)?.short ?? "")`"))
    }
    let changes = try throughGit { () throws(GitError) in
      try repository.changedPaths(from: old, to: new)
    }
    let records = changes.filter { $0.path.hasPrefix(SnapshotLayout.models + "/") }
    let oldFiles = records.compactMap { change in
      change.old.map { TreeFile(path: change.path, blob: $0) }
    }
    let newFiles = records.compactMap { change in
      change.new.map { TreeFile(path: change.path, blob: $0) }
    }
    var difference = SnapshotDifference(
      from: try Self.models(oldFiles, of: old, repository),
      to: try Self.models(newFiles, of: new, repository))
    difference.manifests = changes.map(\.path).filter {
      $0.hasPrefix(SnapshotLayout.manifests + "/")
    }
    return difference
  }

  private static func models(
    _ files: [TreeFile], of id: CommitID?, _ repository: GitRepository
  ) throws(HistoryError) -> [RecordedModel] {
    guard let id else { return [] }
    let contents = try throughGit { () throws(GitError) in
      try repository.read(files.map(\.blob))
    }
    var models: [RecordedModel] = []
    for (file, bytes) in zip(files, contents) {
      models.append(try record(bytes, file.path, id))
    }
    return models
  }
}
