internal import Core

/// Versions and files as the API shows them.
extension Renderer {
  /// `GET /model-versions/:id`.
  func version(_ version: VersionRecord, of model: ModelRecord) -> JSON {
    var shown: JSON
    if let recorded = model.recorded {
      let index = model.versions.firstIndex { $0.id == version.id } ?? 0
      let versions = recordedModel(model, recorded)["modelVersions"]?.elements ?? []
      shown = index < versions.count ? versions[index] : [:]
    } else {
      shown = versionMembers(version, of: model).json
    }
    shown["modelId"] = .integer(model.id.rawValue)
    shown["usageControl"] = .string(
      version.access == .downloadsDisabled ? "Generation" : "Download")
    if case .paid(let permanent, let endsAt) = version.gate {
      shown["paidAccess"] = Self.paidAccess(permanent: permanent, endsAt: endsAt)
    }
    shown["model"] = [
      "name": .string(model.name), "type": .string(model.type), "nsfw": false,
      "poi": .bool(model.isRealPerson), "mode": model.mode.map { .string($0.rawValue) } ?? nil,
    ]
    shown["air"] = .string(Self.air(version, of: model))
    return shown
  }

  private static func paidAccess(permanent: Bool, endsAt: String?) -> JSON {
    ["permanent": .bool(permanent), "endsAt": endsAt.map(JSON.string) ?? nil]
  }

  static func air(_ version: VersionRecord, of model: ModelRecord) -> String {
    let base = version.baseModel.lowercased()
    let ecosystems = [("sd 1", "sd1"), ("sdxl", "sdxl"), ("flux", "flux1"), ("pony", "sdxl")]
    let ecosystem = ecosystems.first { base.hasPrefix($0.0) }?.1 ?? "other"
    return "urn:air:\(ecosystem):\(model.type.lowercased()):civitai:\(model.id)@\(version.id)"
  }

  func versionMembers(_ version: VersionRecord, of model: ModelRecord) -> MemberList {
    var members = MemberList(nulls: version.nulls)
    members.add("id", .integer(version.id.rawValue))
    members.add("name", .string(version.name))
    members.add("baseModel", .string(version.baseModel))
    members.add("baseModelType", version.baseModelType.map(JSON.string) ?? nil)
    members.add("createdAt", version.createdAt.map(JSON.string) ?? nil)
    members.add("updatedAt", version.createdAt.map(JSON.string) ?? nil)
    if version.publishedAt != nil || version.nulls.contains("publishedAt") {
      members.add("publishedAt", version.publishedAt.map(JSON.string) ?? nil)
    }
    members.add("status", "Published")
    members.add("nsfwLevel", .integer(model.nsfwLevel))
    members.add("description", version.description.map(JSON.string) ?? nil)
    members.add("trainedWords", .strings(version.trainedWords))
    addGate(version.gate, to: &members)
    members.add("stats", stats(UInt64(version.id.rawValue)))
    members.add("files", files(of: version, in: model))
    members.add("images", images(of: version, in: model))
    members.add("downloadUrl", .string("\(apiURL)/api/download/models/\(version.id)"))
    members.append(version.extras)
    return members
  }

  private func addGate(_ gate: VersionRecord.Gate?, to members: inout MemberList) {
    switch gate {
    case nil: members.add("availability", "Public")
    case .paid(let permanent, let endsAt):
      members.add("availability", "Public")
      members.add("paidAccess", Self.paidAccess(permanent: permanent, endsAt: endsAt))
    case .deadline(let text):
      members.add("availability", "EarlyAccess")
      members.add("earlyAccessDeadline", .string(text))
    case .timeFrame(let days, _):
      members.add("availability", "EarlyAccess")
      members.add("earlyAccessTimeFrame", .integer(days))
    }
  }

  private func files(of version: VersionRecord, in model: ModelRecord) -> JSON {
    guard model.mode != .archived else { return [] }
    let names = FileNaming.names(in: version, of: model)
    let primary = version.primaryIndex(hasSession: hasSession)
    return .array(
      version.files.indices.map { index in
        file(
          version.files[index], name: names[index], version: version, isPrimary: index == primary)
      })
  }

  private func file(
    _ file: FileRecord, name: String, version: VersionRecord, isPrimary: Bool
  ) -> JSON {
    var members = MemberList(nulls: [])
    if let id = file.id { members.add("id", .integer(id.rawValue)) }
    members.add("name", .string(name))
    members.add("type", .string(file.type))
    members.add("sizeKB", file.shownKB)
    members.add("metadata", file.shownMetadata)
    members.add("pickleScanResult", file.pickleScan.map(JSON.string) ?? nil)
    members.add("pickleScanMessage", file.pickleScan == "Success" ? "No Pickle imports" : nil)
    members.add("virusScanResult", file.virusScan.map(JSON.string) ?? nil)
    members.add("virusScanMessage", nil)
    members.add("scannedAt", file.scannedAt.map(JSON.string) ?? nil)
    if let replacedAt = file.replacedAt { members.add("replacedAt", .string(replacedAt)) }
    if let hashes = hashes(of: file) { members.add("hashes", hashes) }
    members.add("downloadUrl", .string(downloadURL(of: file, version: version)))
    if isPrimary {
      members.add("primary", version.nulls.contains("files.primary") ? nil : true)
    }
    return members.json
  }

  private func downloadURL(of file: FileRecord, version: VersionRecord) -> String {
    let base = "\(apiURL)/api/download/models/\(file.linkedTo ?? version.id)"
    guard let id = file.id, !file.hasQueryAddress else {
      let type = file.type.split(separator: " ").joined(separator: "%20")
      return base + "?type=\(type)&format=\(file.format ?? "Other")"
    }
    return base + "?fileId=\(id)"
  }

  private func images(of version: VersionRecord, in model: ModelRecord) -> JSON {
    guard model.mode != .takenDown, !version.nulls.contains("images") else {
      return version.nulls.contains("images") ? nil : []
    }
    return .array(
      version.images.enumerated().map { index, image in
        let id = version.id.rawValue * 10 + Int64(index) + 1
        return image.json(id: id, storageURL: storageURL)
      })
  }

  /// The checksums of a file, upper case as the site writes them. SHA256 and its prefixes are true;
  /// the others only look like what they are called.
  func hashes(of file: FileRecord) -> JSON? {
    switch file.hashes {
    case .absent: return nil
    case .empty: return [:]
    case .all, .lowerCase, .withoutSHA256: break
    }
    let names = ["AutoV1", "AutoV2", "AutoV3", "SHA256", "CRC32", "BLAKE3"]
    let all = names.compactMap { name in
      hash(name, of: file.content).map { JSON.Member(key: name, value: .string($0)) }
    }
    switch file.hashes {
    case .withoutSHA256:
      return .object(all.filter { ["AutoV1", "CRC32", "BLAKE3"].contains($0.key) })
    case .lowerCase:
      return .object(
        all.map { JSON.Member(key: $0.key, value: .string($0.value.text?.lowercased() ?? "")) })
    default: return .object(all)
    }
  }

  /// The value of the checksum of that name; `nil` for names that nobody knows.
  func hash(_ name: String, of content: FileContent) -> String? {
    FileHash.value(name, of: content, digest: digests[content])
  }
}

/// Checksums by the site's names.
enum FileHash {
  static func value(_ name: String, of content: FileContent, digest: Digest?) -> String? {
    let looks = Mixing.mix(content.seed, UInt64(content.size), Mixing.mix(name))
    switch name {
    case "SHA256": return digest?.hex.uppercased()
    case "AutoV2": return digest.map { String($0.hex.prefix(10)).uppercased() }
    case "SHA256_12": return digest.map { String($0.hex.prefix(12)).uppercased() }
    case "AutoV1", "CRC32": return Mixing.hexadecimal(looks, count: 8)
    case "AutoV3": return Mixing.hexadecimal(looks, count: 12)
    case "BLAKE3": return Mixing.hexadecimal(looks, count: 64)
    default: return nil
    }
  }
}
