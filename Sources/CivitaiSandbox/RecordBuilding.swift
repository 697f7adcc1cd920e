internal import Core

/// Short spellings for the tables of made models. Ids are plain arithmetic, so that documents and
/// tests can name them: version = model × 10 + n, file = version × 10 + n, both from 1.
extension ModelRecord {
  /// - Parameter versions: each gets its ids, and its files theirs, by position.
  static func made(
    _ id: Int64, _ name: String, _ type: String, by creator: String?, tags: [String] = [],
    _ versions: [VersionDraft], change: (inout ModelRecord) -> Void = { _ in }
  ) -> ModelRecord {
    var model = ModelRecord(
      id: ModelID(id), name: name, type: type, creator: creator, tags: tags, versions: [])
    if let creator { model.creatorImage = "https://image.sandbox.invalid/\(creator).png" }
    model.versions = versions.enumerated().map { index, draft in
      draft.record(id: id * 10 + Int64(index) + 1, type: type)
    }
    change(&model)
    return model
  }
}

/// A version without its ids.
struct VersionDraft {
  var name: String
  var baseModel: String
  var date: String
  var files: [FileDraft]
  var change: (inout VersionRecord) -> Void

  /// - Parameter date: `2025-03-01`, taken as noon UTC.
  static func version(
    _ name: String, _ baseModel: String, _ date: String, _ files: [FileDraft],
    change: @escaping (inout VersionRecord) -> Void = { _ in }
  ) -> VersionDraft {
    VersionDraft(name: name, baseModel: baseModel, date: date, files: files, change: change)
  }

  func record(id: Int64, type: String) -> VersionRecord {
    var version = VersionRecord(
      id: VersionID(id), name: name, baseModel: baseModel, createdAt: "\(date)T09:30:00.000Z",
      publishedAt: "\(date)T12:00:00.000Z",
      files: files.enumerated().map { index, draft in
        draft.record(id: id * 10 + Int64(index) + 1, modelType: type)
      })
    if !version.files.contains(where: \.isPrimary), !version.files.isEmpty {
      version.files[0].isPrimary = true
    }
    change(&version)
    return version
  }
}

/// A file without its id.
struct FileDraft {
  var kilobytes: Int64
  var kind: ContentKind?
  var change: (inout FileRecord) -> Void

  /// - Parameters:
  ///   - kilobytes: its size at scale 1, in units of 1,000 bytes; a few bytes are added, so that
  ///     `sizeKB` has a fraction.
  ///   - kind: what its bytes are; safetensors of the model's family by default.
  static func file(
    _ kilobytes: Int64, _ kind: ContentKind? = nil,
    change: @escaping (inout FileRecord) -> Void = { _ in }
  ) -> FileDraft {
    FileDraft(kilobytes: kilobytes, kind: kind, change: change)
  }

  /// A file with a name that its creator gave.
  static func named(
    _ name: String, _ kilobytes: Int64, change: @escaping (inout FileRecord) -> Void = { _ in }
  ) -> FileDraft {
    FileDraft(kilobytes: kilobytes, kind: nil) {
      $0.ownName = name
      change(&$0)
    }
  }

  func record(id: Int64, modelType: String) -> FileRecord {
    let kind = kind ?? .safetensors(TensorFamily(modelType: modelType))
    let extra = Int64(Mixing.mix(UInt64(id)) % 997)
    var file = FileRecord(
      id: FileID(id),
      content: FileContent(seed: UInt64(id), size: kilobytes * 1_000 + extra, kind: kind))
    (file.fileExtension, file.format) = kind.usualNames
    change(&file)
    return file
  }
}

extension TensorFamily {
  init(modelType: String) {
    self =
      switch modelType {
      case "LORA", "LoCon", "DoRA": .lora
      case "Checkpoint", "UNet": .checkpoint
      case "VAE": .vae
      case "TextualInversion", "AestheticGradient", "Hypernetwork": .embedding
      case "Controlnet": .controlnet
      case "TextEncoder", "CLIP", "LLM": .textEncoder
      case "CLIPVision", "VisionLanguage": .vision
      default: .other
      }
  }
}

extension ContentKind {
  /// File name extension and `metadata.format`.
  var usualNames: (fileExtension: String, format: String) {
    switch self {
    case .safetensors: ("safetensors", "SafeTensor")
    case .zip: ("zip", "Other")
    case .pickle: ("ckpt", "PickleTensor")
    case .gguf: ("gguf", "GGUF")
    case .onnx: ("onnx", "ONNX")
    case .json: ("json", "Other")
    case .text: ("txt", "Other")
    }
  }
}
