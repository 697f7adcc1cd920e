internal import Core
internal import Crypto

/// A request to the API, taken apart.
struct APIRequest: Sendable {
  var method: String
  /// Path segments, decoded.
  var path: [String]
  var query: Query
  var userAgent: String
  /// The token that came along, in whichever way.
  var token: String?
  var ifNoneMatch: String?
  var body: [UInt8]
}

/// `/api/v1`: everything but downloads.
struct API: Sendable {
  let world: World
  let apiURL: String
  let storageURL: String

  /// The answer to a request whose path begins with `/api/v1`.
  func answer(_ request: APIRequest) async throws -> Answer {
    do {
      let answer = try await route(request)
      return world.givesValidators ? validated(answer, request) : answer
    } catch let refusal as Refusal {
      return refusal.answer
    }
  }

  /// The answer with its `ETag`, or only that it is the one that the client has.
  private func validated(_ answer: Answer, _ request: APIRequest) -> Answer {
    guard request.method == "GET", answer.status == 200 else { return answer }
    let hash = SHA256.hash(data: answer.body).prefix(8)
    let tag = "\"" + hash.map { String($0, radix: 16) }.joined(separator: "-") + "\""
    if request.ifNoneMatch == tag { return Answer(304, headers: [("etag", tag)]) }
    var answer = answer
    answer.headers.append(("etag", tag))
    return answer
  }

  private func route(_ request: APIRequest) async throws -> Answer {
    let path = Array(request.path.dropFirst(2))
    let state = world.snapshot
    switch (request.method, path.first, path.count) {
    case ("GET", "models", 1): return try await list(request, state)
    case ("GET", "models", 2): return try await model(path[1], request, state.catalogue)
    case ("GET", "model-versions", 2): return try await version(path[1], request, state.catalogue)
    case ("GET", "model-versions", 3) where path[1] == "by-hash":
      return try await byHash(path[2], request, state.catalogue)
    case ("POST", "model-versions", 2) where path[1] == "by-hash":
      return try await byHashes(request, state.catalogue)
    case ("POST", "model-versions", 3) where path[1] == "by-hash" && path[2] == "ids":
      return try await identifiers(request, state.catalogue)
    case ("GET", "enums", 1): return .json(Vocabulary.enums)
    case ("GET", "me", 1): return me(request)
    case ("GET", "creators", 1): return creators(request, state.catalogue)
    case ("GET", "tags", 1): return tags(request, state.catalogue)
    case ("GET", "images", 1): return .json(["items": [], "metadata": [:]])
    case ("GET", "collections", 1): return .json(["items": [], "metadata": [:]])
    case ("GET", "collections", 2): return collection(path[1])
    case ("GET", _, _): return .error(404, "Not found")
    default: return .error(405, "Method not allowed")
    }
  }

  func hasSession(_ request: APIRequest) -> Bool {
    request.token.map(world.tokens.contains) ?? false
  }

  func renderer(_ models: [ModelRecord], _ request: APIRequest) async throws -> Renderer {
    Renderer(
      apiURL: apiURL, storageURL: storageURL,
      digests: try await world.digests.digests(of: models.flatMap(Renderer.contents)),
      hasSession: hasSession(request))
  }

  private func list(_ request: APIRequest, _ state: World.State) async throws -> Answer {
    let catalogue = state.catalogue
    let list = try ListRequest(
      request.query, catalogue: catalogue, favorites: state.favorites,
      hasSession: hasSession(request))
    let page = list.page(of: catalogue, apiURL: apiURL)
    let renderer = try await renderer(page.models, request)
    return .json([
      "items": .array(page.models.map { renderer.model($0, .list) }), "metadata": page.metadata,
    ])
  }

  private func model(
    _ text: String, _ request: APIRequest, _ catalogue: Catalogue
  ) async throws -> Answer {
    guard let id = ModelID(parsing: text) else { return .invalid("id", "must be a number") }
    guard let model = catalogue.model(id), !model.isHidden else {
      return .error(404, "No model with id \(id)")
    }
    return .json(try await renderer([model], request).model(model, .model))
  }

  private func version(
    _ text: String, _ request: APIRequest, _ catalogue: Catalogue
  ) async throws -> Answer {
    guard let id = VersionID(parsing: text) else { return .invalid("id", "must be a number") }
    guard let model = catalogue.owner(of: id), !model.isHidden,
      let version = model.versions.first(where: { $0.id == id })
    else { return .error(404, "No version with id \(id)") }
    return .json(try await renderer([model], request).version(version, of: model))
  }

  private func me(_ request: APIRequest) -> Answer {
    guard hasSession(request) else { return .unauthorized("The token is missing or not valid") }
    return .json(["id": 4_242, "username": "sandbox_user", "tier": "free", "status": "active"])
  }

  private func collection(_ text: String) -> Answer {
    guard let id = Int64(text) else { return .invalid("id", "must be a number") }
    // Metadata only, as on the site: what is in it cannot be listed.
    return .json([
      "id": .integer(id), "name": "Sandbox picks", "type": "Model", "itemCount": 12,
      "read": "Public",
    ])
  }

  private func creators(_ request: APIRequest, _ catalogue: Catalogue) -> Answer {
    let all = catalogue.creators.map { creator -> JSON in
      [
        "username": .string(creator.name), "modelCount": .integer(creator.models),
        "link": .string("\(apiURL)/api/v1/models?username=\(creator.name)"),
      ]
    }
    return paged(all, request)
  }

  private func tags(_ request: APIRequest, _ catalogue: Catalogue) -> Answer {
    var names: Set<String> = []
    for position in catalogue.positions where catalogue.traits(at: position) == nil {
      names.formUnion(catalogue.model(at: position)?.tags ?? [])
    }
    let all = names.sorted().map { name -> JSON in
      ["name": .string(name), "link": .string("\(apiURL)/api/v1/models?tag=\(Query.encode(name))")]
    }
    return paged(all, request)
  }

  /// These lists still have pages with totals.
  private func paged(_ all: [JSON], _ request: APIRequest) -> Answer {
    let limit = min(200, max(1, request.query["limit"].flatMap { Int($0) } ?? 20))
    let pages = (all.count + limit - 1) / limit
    let page = max(1, request.query["page"].flatMap { Int($0) } ?? 1)
    let items = page > pages ? [] : Array(all.dropFirst((page - 1) * limit).prefix(limit))
    return .json([
      "items": .array(items),
      "metadata": [
        "totalItems": .integer(all.count), "currentPage": .integer(page),
        "pageSize": .integer(limit), "totalPages": .integer(pages),
      ],
    ])
  }
}
