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

  /// Everything a commit of this snapshot holds.
  static func files(of snapshot: Snapshot) -> [String: [UInt8]] {
    var files = [header: RecordFormat.encode(snapshot.header)]
    for (index, manifest) in snapshot.manifests.enumerated() {
      files[path(ofManifest: index, manifest.path)] = manifest.bytes
    }
    Entry.forEachModel(of: snapshot.entries) { model in
      // All of them are kept for a while: without the room that was left for growing.
      let text = RecordFormat.encode(model, for: .snapshot)
      files[path(of: model.id)] = Array(text[...])
    }
    return files
  }
}
