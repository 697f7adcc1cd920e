internal import Core

/// Finding versions by the checksum of a file.
extension API {
  private struct Match {
    var model: ModelRecord
    var version: VersionRecord
    var hash: String
  }

  func byHash(
    _ hash: String, _ request: APIRequest, _ catalogue: Catalogue
  ) async throws -> Answer {
    let found = try await matches([hash.uppercased()], catalogue)
    guard let match = found.values.first else { return .error(404, "Model not found") }
    let renderer = try await renderer([match.model], request)
    return .json(renderer.version(match.version, of: match.model))
  }

  func byHashes(_ request: APIRequest, _ catalogue: Catalogue) async throws -> Answer {
    let hashes = try hashes(in: request, limit: 100)
    let found = try await matches(hashes.filter { $0.count == 64 }, catalogue)
    var items: [JSON] = []
    for hash in hashes {
      guard let match = found[hash] else { continue }
      // Its addresses have lost their host.
      let renderer = Renderer(
        apiURL: "https://undefined", storageURL: storageURL,
        digests: try await world.digests.digests(of: Renderer.contents(of: match.model)),
        hasSession: hasSession(request))
      items.append(renderer.version(match.version, of: match.model))
    }
    return .json(.array(items))
  }

  func identifiers(_ request: APIRequest, _ catalogue: Catalogue) async throws -> Answer {
    let hashes = try hashes(in: request, limit: 10_000)
    let found = try await matches(hashes, catalogue)
    return .json(
      .array(
        hashes.compactMap { found[$0] }.map { match in
          [
            "modelVersionId": .integer(match.version.id.rawValue),
            "modelId": .integer(match.model.id.rawValue), "hash": .string(match.hash),
          ]
        }))
  }

  private func hashes(in request: APIRequest, limit: Int) throws -> [String] {
    guard let list = (try? JSONParser.parse(request.body))?.elements else {
      throw Refusal(.invalid("body", "must be an array of hashes"))
    }
    guard list.count <= limit else {
      throw Refusal(.invalid("body", "must have at most \(limit) elements"))
    }
    return list.compactMap { $0.text?.uppercased() }
  }

  /// For each hash the oldest published version that has such a file.
  private func matches(
    _ hashes: [String], _ catalogue: Catalogue
  ) async throws -> [String: Match] {
    let wanted = Set(hashes)
    var found: [String: Match] = [:]
    for position in catalogue.positions {
      guard let model = catalogue.model(at: position), !model.isHidden else { continue }
      let digests = try await world.digests.digests(of: Renderer.contents(of: model))
      for version in model.versions {
        for file in version.files where file.showsDigest {
          for hash in Self.spellings(of: file, digests[file.content]) where wanted.contains(hash) {
            let known = found[hash]?.version.publishedAt
            if let known, known <= version.publishedAt ?? "9" { continue }
            found[hash] = Match(model: model, version: version, hash: hash)
          }
        }
      }
    }
    return found
  }

  private static func spellings(of file: FileRecord, _ digest: Digest?) -> [String] {
    ["SHA256", "AutoV1", "AutoV2", "AutoV3", "CRC32", "BLAKE3"].compactMap {
      FileHash.value($0, of: file.content, digest: digest)
    }
  }
}
