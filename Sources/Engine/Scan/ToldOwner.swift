import CatalogueModel
import Civitai
import Core
import Index
import SystemIO

/// Which model a file is of, though the site does not know its content.
struct ToldOwner: Sendable, Equatable {
  var model: ModelID
  var version: VersionID?
  /// The model's, with the version's where both were told.
  var name: String?
  /// The site itself said so of this very content; a sidecar may lie beside another file.
  var isCertain = false

  init(model: ModelID, version: VersionID?, name: String?, isCertain: Bool) {
    self.model = model
    self.version = version
    self.name = name
    self.isCertain = isCertain
  }

  private static let endings = [".civitai.info", ".metadata.json", ".cm-info.json", ".json"]

  /// Reads the sidecars that Civitai-Helper, LoRA Manager, StabilityMatrix and civsync write.
  init?(beside path: String, in folder: AbsolutePath, _ files: FileSystem) {
    let stem = path.lastIndex(of: ".").map { String(path[..<$0]) } ?? path
    for ending in Self.endings {
      guard let place = AbsolutePath(folder.string + "/" + stem + ending),
        let bytes = try? files.read(place, limit: 8 << 20),
        let value = try? JSONParser.parse(bytes)
      else { continue }
      let own = value["civitai"] ?? value
      let model = own["modelId"]?.integer ?? own["ModelId"]?.integer
      guard let model, model > 0 else { continue }
      self.model = ModelID(model)
      let version =
        own["ModelVersionId"]?.integer ?? own["VersionId"]?.integer ?? own["id"]?.integer
      self.version = version.flatMap { $0 > 0 ? VersionID($0) : nil }
      name = own["model"]?["name"]?.string ?? own["ModelName"]?.string
      return
    }
    return nil
  }
}

/// Whose a content is, as the site said in an earlier scan: of a model that was deleted it says
/// nothing any more, not even that there was one.
extension Index {
  private static func name(_ digest: Digest) -> String { "owner " + digest.hex }

  func owners(of digests: Set<Digest>) -> [Digest: ToldOwner] {
    let named = Dictionary(uniqueKeysWithValues: digests.map { (Self.name($0), $0) })
    var owners: [Digest: ToldOwner] = [:]
    for (name, bytes) in memos(named.keys) {
      guard let digest = named[name], let owner = ToldOwner(remembered: bytes) else { continue }
      owners[digest] = owner
    }
    return owners
  }

  /// Keeps whose the contents are that the site knows.
  func rememberOwners(of files: [ScannedFile]) {
    var memos: [String: [UInt8]] = [:]
    for file in files {
      guard let digest = file.digest, case .known(let known) = file.upstream else { continue }
      let owner = ToldOwner(
        model: known.model, version: known.version, name: known.title, isCertain: true)
      memos[Self.name(digest)] = owner.memo
    }
    keep(memos)
  }
}

extension ToldOwner {
  /// `MODEL VERSION NAME`.
  fileprivate var memo: [UInt8] {
    Array("\(model) \(version.map { "\($0)" } ?? "0") \(name ?? "")".utf8)
  }

  fileprivate init?(remembered bytes: [UInt8]) {
    let parts = String(decoding: bytes, as: UTF8.self).split(
      separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, let model = Int64(parts[0]), model > 0, let version = Int64(parts[1])
    else { return nil }
    self.init(
      model: ModelID(model), version: version > 0 ? VersionID(version) : nil,
      name: parts[2].isEmpty ? nil : String(parts[2]), isCertain: true)
  }
}
