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

  private static func read(
    _ id: CommitID, _ repository: GitRepository
  ) throws(HistoryError) -> Snapshot {
    let (files, contents) = try throughGit { () throws(GitError) in
      let files = try repository.files(at: id)
      return (files, try repository.read(files.map(\.blob)))
    }
    var byPath: [String: [UInt8]] = [:]
    var models: [RecordedModel] = []
    models.reserveCapacity(files.count)
    for (file, bytes) in zip(files, contents) {
      if file.path.hasPrefix(SnapshotLayout.models + "/") {
        models.append(try record(bytes, file.path, id))
      } else {
        byPath[file.path] = bytes
      }
    }
    models.sort { $0.id < $1.id }
    let header = try header(byPath[SnapshotLayout.header], id)
    var snapshot = Snapshot(
      id: id, models: models, trees: header.trees, selection: header.selection)
    for (index, manifest) in header.manifests.enumerated() {
      let path = manifest.path
      guard let bytes = byPath[SnapshotLayout.path(ofManifest: index, path)] else {
        throw .incomplete(id, reason: "the copy of `\(path)` is missing")
      }
      snapshot.manifests.append(ManifestCopy(path: path, role: manifest.role, bytes: bytes))
    }
    guard snapshot.models.count == header.models, snapshot.fileCount == header.files else {
      throw .incomplete(
        id,
        reason: "it holds \(snapshot.models.count) models with \(snapshot.fileCount) files where "
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
