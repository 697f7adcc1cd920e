internal import Core
internal import FoundationEssentials

/// Recorded responses of `GET /models/:id`, read from a folder.
struct RecordedCatalogue: Sendable {
  var models: [ModelRecord] = []
  /// Files that were not taken, with the reason, for the program to tell.
  var notes: [String] = []

  /// Files are read in the order of their names; of two responses for one model the last one counts.
  init(directory: String, scale: Double) throws {
    let manager = FileManager.default
    let names = try manager.contentsOfDirectory(atPath: directory).filter { $0.hasSuffix(".json") }
    for name in names.sorted() {
      guard let data = manager.contents(atPath: directory + "/" + name) else {
        notes.append("`\(name)` cannot be read: left out")
        continue
      }
      do {
        let json = try JSONParser.parse(data)
        guard let model = ModelRecord(recorded: json, scale: scale) else {
          notes.append("`\(name)` is no model response (no `id` or `modelVersions`): left out")
          continue
        }
        models.removeAll { $0.id == model.id }
        models.append(model)
      } catch {
        notes.append("`\(name)` is not JSON (\(error)): left out")
      }
    }
    models.sort { $0.id < $1.id }
  }
}

extension ModelRecord {
  /// What the sandbox needs to know of a recorded model; `nil` where it is none.
  init?(recorded json: JSON, scale: Double) {
    guard let id = json["id"]?.integer, let shown = json["modelVersions"]?.elements else {
      return nil
    }
    let type = json["type"]?.text ?? "Other"
    self.init(
      id: ModelID(id), name: json["name"]?.text ?? "", type: type,
      creator: json["creator"]?["username"]?.text,
      versions: shown.compactMap { VersionRecord(recorded: $0, modelType: type, scale: scale) })
    // Otherwise positions in the record and in the response would not agree.
    guard versions.count == shown.count else { return nil }
    tags = json["tags"]?.elements?.compactMap(\.text) ?? []
    mode = json["mode"]?.text.flatMap(Mode.init)
    isRealPerson = json["poi"]?.flag ?? false
    nsfwLevel = json["nsfwLevel"]?.integer ?? (json["nsfw"]?.flag == true ? 4 : 1)
    recorded = json
  }
}

extension VersionRecord {
  fileprivate init?(recorded json: JSON, modelType: String, scale: Double) {
    guard let id = json["id"]?.integer else { return nil }
    let files = json["files"]?.elements ?? []
    self.init(
      id: VersionID(id), name: json["name"]?.text ?? "",
      baseModel: json["baseModel"]?.text ?? "Other", publishedAt: json["publishedAt"]?.text,
      files: files.enumerated().map { index, file in
        FileRecord(
          recorded: file, seed: Mixing.mix(UInt64(bitPattern: id), UInt64(index)),
          modelType: modelType, scale: scale)
      })
    if let paid = json["paidAccess"], case .object = paid {
      gate = .paid(permanent: paid["permanent"]?.flag ?? false, endsAt: paid["endsAt"]?.text)
    } else if let deadline = json["earlyAccessDeadline"]?.text {
      gate = .deadline(deadline)
    }
  }
}

extension FileRecord {
  fileprivate init(recorded json: JSON, seed: UInt64, modelType: String, scale: Double) {
    let name = json["name"]?.text ?? ""
    let fileExtension = name.split(separator: ".").last.map { $0.lowercased() } ?? ""
    let family: TensorFamily =
      json["type"]?.text == "VAE" ? .vae : TensorFamily(modelType: modelType)
    let kind = ContentKind(fileExtension: fileExtension, family: family)
    let bytes = (json["sizeKB"]?.double ?? 1_024) * 1_024 * scale
    self.init(
      id: json["id"]?.integer.map { FileID($0) },
      content: FileContent(seed: seed, size: Int64(min(bytes, 1e14).rounded()), kind: kind))
    type = json["type"]?.text ?? "Model"
    self.fileExtension = fileExtension
    ownName = name
    let metadata = json["metadata"]
    format = metadata?["format"]?.text
    size = metadata?["size"]?.text
    fp = metadata?["fp"]?.text
    quantType = metadata?["quantType"]?.text
    isPrimary = json["primary"]?.flag ?? false
  }
}

extension ContentKind {
  /// The bytes that a file of that name most likely holds.
  init(fileExtension: String, family: TensorFamily) {
    self =
      switch fileExtension {
      case "ckpt", "pt", "pth", "bin", "pkl": .pickle
      case "zip": .zip(member: "data/README.txt")
      case "gguf": .gguf
      case "onnx": .onnx
      case "json": .json
      case "yaml", "yml", "txt": .text
      default: .safetensors(family)
      }
  }
}

extension Renderer {
  /// The recorded response as it is, but for the size and the checksums of its files: those are the
  /// made ones' own, under the names that were recorded.
  func recordedModel(_ model: ModelRecord, _ json: JSON) -> JSON {
    var result = json
    guard let shown = json["modelVersions"]?.elements, shown.count == model.versions.count else {
      return json
    }
    if let mode = model.mode { result["mode"] = .string(mode.rawValue) }
    let versions = zip(shown, model.versions).map { version, record in
      var version = version
      let files = version["files"]?.elements ?? []
      let patched = zip(files, record.files).map(recordedFile)
      version["files"] = .array(model.mode == .archived ? [] : patched)
      return version
    }
    result["modelVersions"] = .array(versions)
    return result
  }

  private func recordedFile(_ json: JSON, _ file: FileRecord) -> JSON {
    var json = json
    json["sizeKB"] = file.shownKB
    if let replacedAt = file.replacedAt { json["replacedAt"] = .string(replacedAt) }
    if case .object(let hashes)? = json["hashes"] {
      json["hashes"] = .object(
        hashes.map { member in
          let value = hash(member.key, of: file.content).map(JSON.string)
          return JSON.Member(key: member.key, value: value ?? member.value)
        })
    }
    return json
  }
}
