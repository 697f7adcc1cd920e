internal import CatalogueModel
internal import Core
package import GitStore

extension History {
  /// The last snapshot; `nil` before the first.
  package func head() throws(HistoryError) -> Snapshot? {
    guard let repository = try existing() else { return nil }
    let head = try throughGit { () throws(GitError) in try repository.head() }
    guard let head else { return nil }
    return try Self.read(head, repository)
  }

  /// The snapshot that a revision names; `@empty` gives ``Snapshot/empty``.
  package func read(_ revision: String) throws(HistoryError) -> Snapshot {
    guard let id = try resolve(revision) else { return .empty }
    return try read(id)
  }

  package func read(_ id: CommitID) throws(HistoryError) -> Snapshot {
    guard let repository = try existing() else {
      throw .git(.missing(what: "commit `\(id.short)`"))
    }
    return try Self.read(id, repository)
  }

  private static let recordsAtOnce = 256

  private static func read(
    _ id: CommitID, _ repository: GitRepository
  ) throws(HistoryError) -> Snapshot {
    let files = try throughGit { () throws(GitError) in try repository.files(at: id) }
    var byPath: [String: [UInt8]] = [:]
    var entries: [Entry] = []
    entries.reserveCapacity(files.count)
    var models = 0
    var collections = KnownLists()
    // The texts of all records together are longer than what is made of them: a few at a time.
    for start in stride(from: 0, to: files.count, by: Self.recordsAtOnce) {
      let some = files[start..<min(start + Self.recordsAtOnce, files.count)]
      let contents = try throughGit { () throws(GitError) in
        try repository.read(some.map(\.blob))
      }
      for (file, bytes) in zip(some, contents) {
        if file.path.hasPrefix(SnapshotLayout.models + "/") {
          var record = try record(bytes, file.path, id)
          collections.unite(in: &record)
          entries += Entry.entries(of: record)
          models += 1
        } else {
          byPath[file.path] = bytes
        }
      }
    }
    let header = try header(byPath[SnapshotLayout.header], id)
    var snapshot = Snapshot(
      id: id, entries: entries, trees: header.trees, selection: header.selection)
    for (index, manifest) in header.manifests.enumerated() {
      let path = manifest.path
      guard let bytes = byPath[SnapshotLayout.path(ofManifest: index, path)] else {
        throw .incomplete(id, reason: "the copy of `\(path)` is missing")
      }
      snapshot.manifests.append(ManifestCopy(path: path, role: manifest.role, bytes: bytes))
    }
    guard models == header.models, snapshot.fileCount == header.files else {
      throw .incomplete(
        id,
        reason: "it holds \(models) models with \(snapshot.fileCount) files where "
          + "\(header.models) with \(header.files) were recorded")
    }
    return snapshot
  }

  private static func header(
    _ bytes: [UInt8]?, _ id: CommitID
  ) throws(HistoryError) -> SnapshotHeader {
    let path = SnapshotLayout.header
    guard let bytes else { throw .incomplete(id, reason: "it has no `\(path)`") }
    do { return try RecordFormat.decodeHeader(bytes) } catch { throw refusal(error, path, id) }
  }

  static func record(
    _ bytes: [UInt8], _ path: String, _ id: CommitID
  ) throws(HistoryError) -> RecordedModel {
    let model: RecordedModel
    do { model = try RecordFormat.decode(bytes) } catch { throw refusal(error, path, id) }
    guard SnapshotLayout.path(of: model.id) == path else {
      throw .incomplete(id, reason: "`\(path)` is the record of model \(model.id)")
    }
    return model
  }

  private static func refusal(
    _ error: RecordError, _ path: String, _ id: CommitID
  ) -> HistoryError {
    if case .newerVersion(let found, let known) = error.reason {
      return .newer(id, found: found, known: known)
    }
    return .unreadable(id, path: path, error)
  }
}

/// The few lists of collections that tens of thousands of files have, each kept once.
private struct KnownLists {
  private var lists: Set<[String]> = []

  mutating func unite(in model: inout RecordedModel) {
    for v in model.versions.indices {
      for f in model.versions[v].files.indices {
        let list = model.versions[v].files[f].collections
        model.versions[v].files[f].collections = lists.insert(list).memberAfterInsert
      }
    }
  }
}
