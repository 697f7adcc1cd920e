internal import Core

/// What commands do to a model. A recorded response is changed along with the record, so that it
/// goes on saying what the sandbox does.
extension ModelRecord {
  mutating func rename(_ name: String) {
    self.name = name
    recorded?["name"] = .string(name)
  }

  mutating func retag(_ tags: [String]) {
    self.tags = tags
    recorded?["tags"] = .strings(tags)
  }

  mutating func removeVersion(_ id: VersionID) {
    guard let index = versions.firstIndex(where: { $0.id == id }) else { return }
    versions.remove(at: index)
    guard var shown = recorded?["modelVersions"]?.elements, index < shown.count else { return }
    shown.remove(at: index)
    recorded?["modelVersions"] = .array(shown)
  }

  /// The site shows a new version first.
  mutating func insertNewest(_ version: VersionRecord) {
    versions.insert(version, at: 0)
    guard let shown = recorded?["modelVersions"]?.elements else { return }
    let template = version.recordedTemplate(of: self)
    recorded?["modelVersions"] = .array([template] + shown)
  }
}

extension VersionRecord {
  static func published(
    id: VersionID, name: String, baseModel: String, moment: String, model: ModelRecord
  ) -> VersionRecord {
    let kind = ContentKind.safetensors(TensorFamily(modelType: model.type))
    let size = 200_000 + Int64(Mixing.mix(UInt64(id.rawValue)) % 100_000)
    var file = FileRecord(
      id: FileID(id.rawValue * 10 + 1),
      content: FileContent(seed: UInt64(id.rawValue * 10 + 1), size: size, kind: kind))
    file.isPrimary = true
    if FileNaming.keepsOwnNames(model.type) {
      file.ownName =
        FileNaming.camelCase(model.name) + "_" + FileNaming.camelCase(name) + ".safetensors"
    }
    return VersionRecord(
      id: id, name: name, baseModel: baseModel, createdAt: moment, publishedAt: moment,
      files: [file])
  }

  /// What a recorded response would say of this version; sizes and digests are put in later.
  func recordedTemplate(of model: ModelRecord) -> JSON {
    let names = FileNaming.names(in: self, of: model)
    let files = zip(self.files, names).map { file, name in
      let shown: JSON = [
        "id": .integer(file.id?.rawValue ?? 0), "name": .string(name), "type": .string(file.type),
        "sizeKB": 0, "metadata": ["format": "SafeTensor"], "hashes": ["SHA256": ""],
        "primary": .bool(file.isPrimary),
      ]
      return shown
    }
    return [
      "id": .integer(id.rawValue), "name": .string(name), "baseModel": .string(baseModel),
      "publishedAt": publishedAt.map(JSON.string) ?? nil, "files": .array(files), "images": [],
    ]
  }
}

extension FileRecord {
  /// Other bytes of about the same size.
  mutating func replaceContent(at moment: String) {
    generation += 1
    replacedAt = moment
    content = FileContent(
      seed: Mixing.mix(content.seed, UInt64(generation)), size: content.size + 1_111,
      kind: content.kind)
  }
}

/// How the site names files.
enum FileNaming {
  /// These types keep what the creator called the file; all others are named after the model.
  static func keepsOwnNames(_ type: String) -> Bool { type == "LORA" || type == "LoCon" }

  /// `Realistic Vision V6.0 B1` → `realisticVisionV60B1`.
  static func camelCase(_ text: String) -> String {
    let words = text.split { !($0.isASCII && ($0.isLetter || $0.isNumber || $0 == ".")) }
    let parts = words.map { $0.filter { $0 != "." } }.filter { !$0.isEmpty }
    return parts.enumerated().map { index, word in
      let start = index == 0 ? word.prefix(1).lowercased() : word.prefix(1).uppercased()
      return start + word.dropFirst()
    }.joined()
  }

  /// The names that the files of a version have now: they change when model or version are renamed,
  /// and may repeat.
  static func names(in version: VersionRecord, of model: ModelRecord) -> [String] {
    let stem = camelCase(model.name)
    let names = version.files.map { file in
      let synthesized =
        stem + "_" + camelCase(version.name)
        + (file.type == "Training Data" ? "_trainingData" : "") + "." + file.fileExtension
      let keeps = keepsOwnNames(model.type) || stem.isEmpty || file.linkedTo != nil
      return keeps ? file.ownName ?? synthesized : synthesized
    }
    guard version.suffixesCollidingNames else { return names }
    return zip(names, version.files).map { name, file in
      guard names.filter({ $0 == name }).count > 1, let id = file.id else { return name }
      return String(name.dropLast(file.fileExtension.count + 1)) + "_\(id)." + file.fileExtension
    }
  }
}
