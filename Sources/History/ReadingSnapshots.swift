internal import CatalogueModel
internal import Core
package import GitStore
internal import SystemIO

extension History {
  /// The last snapshot; `nil` before the first.
  package func head() throws(HistoryError) -> Snapshot? {
    guard let repository = try existing() else { return nil }
    let head = try throughGit { () throws(GitError) in try repository.head() }
    guard let head else { return nil }
    return try Self.read(head, repository)
  }

  /// The snapshot that a revision names; `@empty` gives ``Snapshot/empty``.
  /// - Parameter known: a snapshot as this history gave it: what both have is not read once more.
  package func read(
    _ revision: String, sharing known: Snapshot? = nil
  ) throws(HistoryError) -> Snapshot {
    guard let id = try resolve(revision) else { return .empty }
    return try read(id, sharing: known)
  }

  package func read(
    _ id: CommitID, sharing known: Snapshot? = nil
  ) throws(HistoryError) -> Snapshot {
    if let known, known.id == id { return known }
    guard let repository = try existing() else {
      throw .git(.missing(what: "commit `\(id.short)`"))
    }
    guard let known, let other = known.id, !known.entries.isEmpty else {
      return try Self.read(id, repository)
    }
    let changes = try throughGit { () throws(GitError) in
      try repository.changedPaths(from: other, to: id)
    }
    // Where most of it differs, reading all at once is quicker.
    guard changes.count < known.entries.count / 2 else { return try Self.read(id, repository) }
    return try Self.read(id, changes, of: known, repository)
  }

  private static func read(
    _ id: CommitID, _ changes: [PathChange], of known: Snapshot, _ repository: GitRepository
  ) throws(HistoryError) -> Snapshot {
    let records = changes.filter { $0.path.hasPrefix(SnapshotLayout.models + "/") }
    var files = records.compactMap { change in
      change.new.map { TreeFile(path: change.path, blob: $0) }
    }
    files += try throughGit { () throws(GitError) in
      try repository.files(at: id, besides: SnapshotLayout.models)
    }
    var part = try part(files[...], id, repository)
    let changed = Set(records.map(\.path))
    var kept = 0
    for slice in Entry.slices(of: known.entries) {
      guard let model = slice.first?.model.id, !changed.contains(SnapshotLayout.path(of: model))
      else { continue }
      part.entries += slice
      kept += 1
    }
    part.models += kept
    return try snapshot(id, [part])
  }

  private static let recordsAtOnce = 256

  private static func read(
    _ id: CommitID, _ repository: GitRepository
  ) throws(HistoryError) -> Snapshot {
    let files = try throughGit { () throws(GitError) in try repository.files(at: id) }
    return try snapshot(id, try parts(files, id, repository))
  }

  private static func snapshot(_ id: CommitID, _ parts: [Part]) throws(HistoryError) -> Snapshot {
    let byPath = parts.reduce(into: [:]) { $0.merge($1.others) { first, _ in first } }
    let models = parts.reduce(0) { $0 + $1.models }
    let header = try header(byPath[SnapshotLayout.header], id)
    var snapshot = Snapshot(
      id: id, entries: Array(parts.map(\.entries).joined()), trees: header.trees,
      selection: header.selection)
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

  /// What was read of some files of a commit.
  private struct Part: Sendable {
    var entries: [Entry] = []
    var models = 0
    /// What is no record, by path.
    var others: [String: [UInt8]] = [:]
  }

  /// Reads all files of a commit: where they are many, one half of them on another thread.
  private static func parts(
    _ files: [TreeFile], _ id: CommitID, _ repository: GitRepository
  ) throws(HistoryError) -> [Part] {
    guard files.count > 4 * recordsAtOnce else { return [try part(files[...], id, repository)] }
    // A repository serves one thread at a time.
    let path = repository.path
    let other = try throughGit { () throws(GitError) in try GitRepository.openExisting(at: path) }
    guard let other else { throw .git(.missing(what: "commit `\(id.short)`")) }
    let middle = files.count / 2
    let second = Later {
      Result { () throws(HistoryError) in try part(files[middle...], id, other) }
    }
    let first = Result { () throws(HistoryError) in try part(files[..<middle], id, repository) }
    // Also where the first cannot be read: nothing goes on behind the caller's back.
    let rest = second.value
    return [try first.get(), try rest.get()]
  }

  private static func part(
    _ files: ArraySlice<TreeFile>, _ id: CommitID, _ repository: GitRepository
  ) throws(HistoryError) -> Part {
    var part = Part()
    part.entries.reserveCapacity(files.count)
    var collections = KnownLists()
    var rest = files
    // The texts of all records together are longer than what is made of them: a few at a time.
    while !rest.isEmpty {
      let some = rest.prefix(recordsAtOnce)
      rest = rest.dropFirst(recordsAtOnce)
      let contents = try throughGit { () throws(GitError) in
        try repository.read(some.map(\.blob))
      }
      for (file, bytes) in zip(some, contents) {
        if file.path.hasPrefix(SnapshotLayout.models + "/") {
          var record = try record(bytes, file.path, id)
          collections.unite(in: &record)
          part.entries += Entry.entries(of: record)
          part.models += 1
        } else {
          part.others[file.path] = bytes
        }
      }
    }
    return part
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
