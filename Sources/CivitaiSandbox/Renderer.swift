internal import Core

/// Renders records as the API's answers. Works on values only: the digests that an answer shows
/// are computed before.
struct Renderer: Sendable {
  enum Style: Sendable {
    /// Inside `GET /models`: nulls are shown.
    case list
    /// `GET /models/:id`: nulls are dropped, versions without files too.
    case model
    /// `GET /model-versions/:id`: with `air`, `usageControl`, `model`.
    case version
  }

  let apiURL: String
  let storageURL: String
  let digests: [FileContent: Digest]
  /// A session was sent: the primary file is the account's.
  let hasSession: Bool

  /// The contents whose digests an answer for that model needs.
  static func contents(of model: ModelRecord) -> [FileContent] {
    model.versions.flatMap(\.files).filter { $0.showsDigest || model.recorded != nil }
      .map(\.content)
  }

  func model(_ model: ModelRecord, _ style: Style) -> JSON {
    if let recorded = model.recorded { return recordedModel(model, recorded) }
    var members = MemberList(nulls: model.nulls)
    members.add("id", .integer(model.id.rawValue))
    members.add("name", .string(model.name))
    members.add("description", model.description.map(JSON.string) ?? nil)
    members.add("type", .string(model.type))
    members.add("poi", .bool(model.isRealPerson))
    members.add("nsfw", false)
    members.add("nsfwLevel", .integer(model.nsfwLevel))
    members.add("allowNoCredit", true)
    members.add("allowCommercialUse", commercialUse(model.commercialUse, style))
    members.add("allowDerivatives", true)
    members.add("allowDifferentLicense", true)
    members.add("availability", "Public")
    members.add("supportsGeneration", .bool(["LORA", "Checkpoint"].contains(model.type)))
    if let mode = model.mode { members.add("mode", .string(mode.rawValue)) }
    members.add("stats", stats(UInt64(model.id.rawValue)))
    if let creator = model.creator {
      members.add(
        "creator",
        ["username": .string(creator), "image": model.creatorImage.map(JSON.string) ?? nil])
    }
    members.add("tags", .strings(model.tags))
    members.add("modelVersions", versions(of: model, style))
    // Members that are only ever seen as null.
    for key in ["mode", "userId", "cosmetic"] where model.nulls.contains(key) {
      members.add(key, nil)
    }
    members.append(model.extras)
    return style == .model ? members.json.droppingNulls : members.json
  }

  private func versions(of model: ModelRecord, _ style: Style) -> JSON {
    let shown = model.versions.enumerated().filter { style == .list || !$0.element.files.isEmpty }
    return .array(
      shown.map { index, version in
        var members = versionMembers(version, of: model)
        members.insert("index", .integer(index), at: 1)
        return members.json
      })
  }

  private func commercialUse(_ use: ModelRecord.CommercialUse, _ style: Style) -> JSON {
    switch use {
    case .text(let text): .string(text)
    case .list(let list): .strings(list)
    case .literal(let list):
      style == .list ? .string("{\(list.joined(separator: ","))}") : .strings(list)
    }
  }

  func stats(_ seed: UInt64) -> JSON {
    [
      "downloadCount": .integer(Mixing.mix(seed, 1) % 50_000),
      "thumbsUpCount": .integer(Mixing.mix(seed, 2) % 5_000), "thumbsDownCount": 0,
      "commentCount": .integer(Mixing.mix(seed, 3) % 300), "tippedAmountCount": nil,
    ]
  }
}

/// Members in order, some of them replaced by `null`.
struct MemberList {
  private var members: [JSON.Member] = []
  private let nulls: Set<String>

  init(nulls: Set<String>) { self.nulls = nulls }

  mutating func add(_ key: String, _ value: JSON) {
    members.append(JSON.Member(key: key, value: nulls.contains(key) ? .null : value))
  }

  mutating func insert(_ key: String, _ value: JSON, at index: Int) {
    members.insert(JSON.Member(key: key, value: value), at: min(index, members.count))
  }

  mutating func append(_ extras: [JSON.Member]) { members.append(contentsOf: extras) }

  var json: JSON { .object(members) }
}
