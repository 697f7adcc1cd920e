internal import CatalogueModel
internal import Core
internal import GitStore

/// Where the parts of a snapshot stand in its commit.
enum SnapshotLayout {
  static let header = "snapshot"
  static let manifests = "manifests"
  static let models = "models"

  /// `models/<id mod 256>/<id>.txt`: fanned out, so that a commit rewrites small folders only.
  static func path(of model: ModelID) -> String {
    let fan = UInt8(truncatingIfNeeded: model.rawValue)
    return "\(models)/\(fan < 16 ? "0" : "")\(String(fan, radix: 16))/\(model).txt"
  }

  /// `manifests/<n>-<name>`: the number keeps equal names apart, the name is for people.
  static func path(ofManifest index: Int, _ path: String) -> String {
    let name = path.split(separator: "/").last ?? ""
    let safe = name.unicodeScalars.filter { $0.value >= 0x20 && $0 != "\\" && $0 != ":" }
    var short = ""
    for scalar in safe where short.utf8.count < 100 { short.unicodeScalars.append(scalar) }
    return "\(manifests)/\(index)-\(short)"
  }
}

/// What makes the files of one snapshot those of another.
struct SnapshotChanges {
  /// The commit whose files they are changes of; `nil`: of none.
  let start: CommitID?
  /// By path. The texts of tens of thousands of records are made one at a time, when they are written.
  private(set) var files: [String: FileChange] = [:]

  /// - Parameter known: of these and of nothing the one that least differs is taken.
  init(fromOneOf known: [Snapshot], to new: Snapshot) {
    var (old, changed): (Snapshot, Set<ModelID>?) = (.empty, nil)
    for known in known where known.id != nil {
      let models = EntryDifference(from: known.entries, to: new.entries).models
      if models.count < changed?.count ?? new.entries.count { (old, changed) = (known, models) }
    }
    start = old.id
    let manifests = Self.manifests(new)
    let former = Self.manifests(old)
    for (path, bytes) in manifests where former[path] != bytes { files[path] = .write(bytes) }
    for path in former.keys where manifests[path] == nil { files[path] = .delete }
    let header = RecordFormat.encode(new.header)
    if start == nil || RecordFormat.encode(old.header) != header {
      files[SnapshotLayout.header] = .write(header)
    }
    if changed?.isEmpty == true { return }
    for model in changed ?? [] { files[SnapshotLayout.path(of: model)] = .delete }
    for slice in Entry.slices(of: new.entries) {
      guard let model = slice.first?.model.id, changed?.contains(model) ?? true else { continue }
      files[SnapshotLayout.path(of: model)] = .make { RecordFormat.encode(slice, for: .snapshot) }
    }
  }

  private static func manifests(_ snapshot: Snapshot) -> [String: [UInt8]] {
    Dictionary(
      snapshot.manifests.enumerated().map { index, manifest in
        (SnapshotLayout.path(ofManifest: index, manifest.path), manifest.bytes)
      }, uniquingKeysWith: { first, _ in first })
  }
}
