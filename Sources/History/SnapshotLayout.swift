internal import CatalogueModel
internal import Core

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

  /// Everything a commit of this snapshot holds. The texts of tens of thousands of records are made
  /// one at a time, when they are asked for.
  static func files(of snapshot: Snapshot) -> [String: @Sendable () -> [UInt8]] {
    let first = RecordFormat.encode(snapshot.header)
    var files: [String: @Sendable () -> [UInt8]] = [header: { first }]
    for (index, manifest) in snapshot.manifests.enumerated() {
      files[path(ofManifest: index, manifest.path)] = { manifest.bytes }
    }
    for slice in Entry.slices(of: snapshot.entries) {
      guard let model = slice.first?.model.id else { continue }
      files[path(of: model)] = { RecordFormat.encode(slice, for: .snapshot) }
    }
    return files
  }
}
