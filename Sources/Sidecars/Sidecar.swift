internal import CatalogueModel
package import Core

/// The text of a sidecar.
///
/// The same subject gives the same bytes, on every machine and at any time: nothing of the machine,
/// its folders or its clock is in it.
/// - Returns: `nil` for a preview, which is no text, and for a version without details.
package func sidecar(_ kind: CompanionKind, of subject: SidecarSubject) -> [UInt8]? {
  guard subject.version.details != nil else { return nil }
  let json: SidecarJSON
  switch kind {
  case .civitaiInfo: json = .raw(versionText(subject))
  case .a1111: json = a1111(subject)
  case .cmInfo: json = connectedModelInfo(subject)
  case .loraManager: json = loraManager(subject)
  case .preview: return nil
  }
  return Array((json.text + "\n").utf8)
}

/// The version as `GET /model-versions/:id` describes it: its own text, and the model.
private func versionText(_ subject: SidecarSubject) -> String {
  let model = subject.model
  var members: [SidecarJSON.Member] = [
    ("modelId", .integer(model.id.rawValue)),
    (
      "model",
      .object([
        ("name", .string(model.name)), ("type", .string(model.type)),
        ("nsfw", .bool(subject.isMature)), ("description", .optional(model.description)),
        ("tags", .strings(model.tags)),
      ])
    ),
  ]
  if let creator = model.creator {
    members.append(("creator", .object([("username", .string(creator))])))
  }
  let added = members.map { "\(SidecarJSON.quoted($0.name)):\($0.value.compact)" }
    .joined(separator: ",")
  let source = subject.details.source
  return source == "{}" ? "{\(added)}" : "\(source.dropLast()),\(added)}"
}

/// What A1111 and Forge let a user write of a model.
private func a1111(_ subject: SidecarSubject) -> SidecarJSON {
  let html = subject.model.description ?? subject.details.description ?? ""
  return .object([
    ("description", .string(plainText(html: html))),
    ("sd version", .string(generation(of: subject.version.baseModel))),
    ("activation text", .string(subject.details.trainedWords.joined(separator: ", "))),
    ("preferred weight", .integer(0)),
    ("notes", .string(subject.page)),
  ])
}

/// The four generations that A1111 tells apart.
func generation(of baseModel: String) -> String {
  let name = baseModel.lowercased()
  if name.hasPrefix("sd 1") { return "SD1" }
  if name.hasPrefix("sd 2") { return "SD2" }
  // Pony V7 is built on another one.
  let grown = ["illustrious", "noobai"]
  return name.hasPrefix("sdxl") || name == "pony" || grown.contains { name.hasPrefix($0) }
    ? "SDXL" : "Unknown"
}

/// StabilityMatrix' record of where a model came from. The day of the import is that of its
/// publication: the day of the fetch would differ from machine to machine.
private func connectedModelInfo(_ subject: SidecarSubject) -> SidecarJSON {
  let (model, version, file) = (subject.model, subject.version, subject.file)
  // Other words would keep it from reading the file.
  let formats = ["SafeTensor", "PickleTensor", "Diffusers", "Other"]
  let format = file.format.flatMap { formats.contains($0) ? $0 : nil }
  return .object([
    ("ModelId", .integer(model.id.rawValue)),
    ("ModelName", .string(model.name)),
    ("ModelDescription", .string(model.description ?? "")),
    ("Nsfw", .bool(subject.isMature)),
    ("Tags", .strings(model.tags)),
    ("ModelType", .string(model.type)),
    ("VersionId", .integer(version.id.rawValue)),
    ("VersionName", .string(version.name)),
    ("VersionDescription", .optional(subject.details.description)),
    ("AuthorUsername", .optional(model.creator)),
    ("BaseModel", .string(version.baseModel)),
    ("RemoteFileName", .string(file.name)),
    ("RemoteFileId", file.id.isDerived ? .null : .integer(file.id.rawValue)),
    (
      "FileMetadata",
      .object([
        ("fp", .optional(file.precision)), ("size", .optional(file.size)),
        ("format", .optional(format)),
      ])
    ),
    (
      "ImportedAt",
      .string((version.publishedAt ?? Timestamp(milliseconds: 0)).description)
    ),
    ("Hashes", .object([("SHA256", .string(file.digest.hex.uppercased()))])),
    ("TrainedWords", .strings(subject.details.trainedWords)),
    (
      "Stats",
      .object([
        ("downloadCount", .integer(model.downloads ?? 0)),
        ("thumbsUpCount", .integer(model.thumbsUp ?? 0)),
      ])
    ),
    ("ThumbnailImageUrl", .optional(subject.picture?.url.wire)),
    ("Source", .string("Civitai")),
  ])
}

/// LoRA Manager's record. It fills in the paths itself when it finds the file.
private func loraManager(_ subject: SidecarSubject) -> SidecarJSON {
  let (model, version, file) = (subject.model, subject.version, subject.file)
  let published = (version.publishedAt?.milliseconds ?? 0) / 1_000
  var members: [SidecarJSON.Member] = [
    ("file_name", .string(subject.stem)),
    ("model_name", .string(model.name)),
    ("file_path", .string("")),
    ("size", .integer(file.bytes.bytes)),
    ("modified", .integer(published)),
    ("sha256", .string(file.digest.hex)),
    ("base_model", .string(version.baseModel)),
    ("preview_url", .string("")),
    ("preview_nsfw_level", .integer(Int64(subject.picture?.nsfwLevel ?? 0))),
    ("notes", .string("")),
    ("from_civitai", .bool(true)),
    ("civitai", .raw(versionText(subject))),
    ("tags", .strings(model.tags)),
    ("modelDescription", .string(model.description ?? "")),
    ("civitai_deleted", .bool(false)),
    ("favorite", .bool(false)),
    ("exclude", .bool(false)),
  ]
  if ["LORA", "LoCon", "DoRA"].contains(model.type) {
    members.append(("usage_tips", .string("{}")))
  }
  return .object(members)
}
