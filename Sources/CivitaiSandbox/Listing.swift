internal import Core

/// `GET /api/v1/models`: parameters, and how pages are cut.
struct ListRequest: Sendable {
  private var limit = 100
  private var newestFirst = false
  private var username: String?
  private var types: Set<String> = []
  private var baseModels: Set<String> = []
  private var ids: Set<String>?
  private var versionIDs: Set<String>?
  private var tags: Set<String> = []
  private var words: String?
  private var showsAll = false
  private var archived = false
  private var gatedOnly = false
  private var favorites: Set<ModelID>?
  private var favoritesOnly = false
  private var nothing = false
  private var cursor = ListCursor(position: 0, page: 0)
  private let query: Query

  /// - Throws: the answer to give in place of a page.
  init(
    _ query: Query, catalogue: Catalogue, favorites: Set<ModelID>?, hasSession: Bool
  ) throws(Refusal) {
    self.query = query
    self.favorites = favorites
    try readPaging(catalogue)
    try readFlags(hasSession: hasSession)
    types = try Self.repeated("types", query, known: Vocabulary.modelTypes)
    baseModels = try Self.repeated("baseModels", query, known: nil)
    ids = query["ids"].map(Self.commaList)
    versionIDs = query["modelVersionIds"].map(Self.commaList)
    tags = Set(query.all("tag").map { $0.lowercased() })
    words = query["query"]?.lowercased()
    if let name = query["username"] {
      guard catalogue.hasCreator(name) else { throw Refusal(.error(404, "No user with that name")) }
      username = name
    }
  }

  private mutating func readPaging(_ catalogue: Catalogue) throws(Refusal) {
    if let text = query["limit"] {
      guard let value = Int(text), (0...100).contains(value) else {
        throw Refusal(.invalid("limit", "must be a number between 0 and 100"))
      }
      limit = value
    }
    if let text = query["page"] {
      guard let page = Int(text), page > 0 else {
        throw Refusal(.invalid("page", "must be a number above 0"))
      }
      if page.multipliedReportingOverflow(by: max(1, limit)).partialValue > 1_000 {
        throw Refusal(.message(429, "Pages beyond 1000 models are not served; use the cursor"))
      }
    }
    let sort = query["sort"] ?? "Newest"
    guard Vocabulary.sorts.contains(sort) else { throw Refusal(.invalid("sort", "unknown order")) }
    newestFirst = sort == "Newest"
    if let text = query["cursor"] {
      guard let cursor = ListCursor(text) else {
        throw Refusal(.invalid("cursor", "is not one of ours"))
      }
      self.cursor = cursor
    }
  }

  /// These take any text for true, `false` too.
  private mutating func readFlags(hasSession: Bool) throws(Refusal) {
    showsAll = query["nsfw"] == "true"
    archived = query["archived"] != nil
    gatedOnly = query["earlyAccess"] != nil
    for name in ["favorites", "hidden", "followed"] where query[name] != nil && !hasSession {
      throw Refusal(.unauthorized("\(name) needs a session"))
    }
    favoritesOnly = query["favorites"] != nil
    // Nobody here follows anybody, hides anything, or is the platform.
    nothing = ["hidden", "followed", "fromPlatform"].contains { query[$0] != nil }
  }

  private static func repeated(
    _ name: String, _ query: Query, known: [String]?
  ) throws(Refusal) -> Set<String> {
    let values = query.all(name)
    for value in values where value.contains(",") || known.map({ !$0.contains(value) }) ?? false {
      throw Refusal(.invalid(name, "unknown value `\(value)`; repeat the parameter for several"))
    }
    return Set(values)
  }

  private static func commaList(_ text: String) -> Set<String> {
    Set(text.split(separator: ",").map { $0.filter { $0 != " " } })
  }

  /// The models of the page that was asked for, and what its metadata says.
  func page(of catalogue: Catalogue, apiURL: String) -> (models: [ModelRecord], metadata: JSON) {
    var models: [ModelRecord] = []
    var position = cursor.position
    let end = catalogue.positions.upperBound
    let wanted = shortened(catalogue)
    while position < end, models.count < wanted {
      if let model = match(at: position, in: catalogue) { models.append(model) }
      position += 1
    }
    var next = nextMatch(from: position, in: catalogue)
    // Newest first loses the model at the page's edge.
    if newestFirst, !models.isEmpty, let edge = next {
      next = nextMatch(from: edge + 1, in: catalogue)
    }
    // `northwind` ends with a cursor that leads to nothing.
    let dangles = next == nil && username == Northwind.name && !models.isEmpty
    let place: Int? = next ?? (dangles ? end : nil)
    let following = place.map { ListCursor(position: $0, page: cursor.page + 1).text }
    return (models, metadata(cursor: following, apiURL: apiURL))
  }

  /// How many models this page gives: some pages are short, some empty, and both go on.
  private func shortened(_ catalogue: Catalogue) -> Int {
    guard ids == nil, versionIDs == nil else { return limit }
    let isMira = username == MiraLab.name
    switch (isMira, isMira ? cursor.page : cursor.page % 4) {
    case (true, 0): return min(limit, 7)
    case (true, 1), (false, 2): return 0
    case (false, 1): return max(min(limit, 1), limit - max(1, limit / 5))
    default: return limit
    }
  }

  private func nextMatch(from start: Int, in catalogue: Catalogue) -> Int? {
    var position = start
    while position < catalogue.positions.upperBound {
      if match(at: position, in: catalogue) != nil { return position }
      position += 1
    }
    return nil
  }

  /// Positions count in the order of the list.
  private func match(at position: Int, in catalogue: Catalogue) -> ModelRecord? {
    let count = catalogue.positions.upperBound
    let place = newestFirst ? count - 1 - position : position
    if let traits = catalogue.traits(at: place), !matches(traits) { return nil }
    guard let model = catalogue.model(at: place), matches(model) else { return nil }
    return model
  }

  private func matches(_ traits: GeneratedModels.Traits) -> Bool {
    (username.map { $0 == traits.creator } ?? true)
      && (types.isEmpty || types.contains(traits.type))
      && (baseModels.isEmpty || baseModels.contains(traits.baseModel))
  }

  private func matches(_ model: ModelRecord) -> Bool {
    guard !nothing, !model.isHidden, !model.isRealPerson else { return false }
    guard model.mode != .archived || archived else { return false }
    guard showsAll || model.nsfwLevel & ~1 == 0 else { return false }
    if let username, model.creator != username { return false }
    if !types.isEmpty, !types.contains(model.type) { return false }
    if let ids, !ids.contains(String(model.id.rawValue)) { return false }
    if let words, !model.name.lowercased().contains(words) { return false }
    if !tags.isEmpty, tags.isDisjoint(with: model.tags.map { $0.lowercased() }) { return false }
    if favoritesOnly, !isFavorite(model.id) { return false }
    return model.versions.contains(where: matches) || isUnfiltered(by: model)
  }

  private func isFavorite(_ id: ModelID) -> Bool {
    favorites?.contains(id) ?? (id.rawValue % 7 == 0)
  }

  private func matches(_ version: VersionRecord) -> Bool {
    (baseModels.isEmpty || baseModels.contains(version.baseModel))
      && (versionIDs?.contains(String(version.id.rawValue)) ?? true)
      && (!gatedOnly || version.gate != nil)
  }

  /// A model without versions is listed where nothing asks about versions.
  private func isUnfiltered(by model: ModelRecord) -> Bool {
    model.versions.isEmpty && baseModels.isEmpty && versionIDs == nil && !gatedOnly
  }

  private func metadata(cursor: String?, apiURL: String) -> JSON {
    var metadata: JSON = ["pageSize": .integer(limit)]
    // Echoed, and otherwise ignored.
    if let page = query["page"].flatMap({ Int($0) }) { metadata["currentPage"] = .integer(page) }
    if let cursor {
      metadata["nextCursor"] = .string(cursor)
      metadata["nextPage"] = .string(
        "\(apiURL)/api/v1/models?\(query.text(replacing: "cursor", with: cursor))")
    }
    return metadata
  }
}

/// An answer that is given because the request cannot be served.
struct Refusal: Error {
  var answer: Answer
  init(_ answer: Answer) { self.answer = answer }
}

/// Where a page begins; opaque to clients.
struct ListCursor: Sendable {
  var position: Int
  /// How many pages came before.
  var page: Int

  init(position: Int, page: Int) {
    self.position = position
    self.page = page
  }

  init?(_ text: String) {
    let parts = text.split(separator: "|")
    guard parts.count == 3, parts[0] == "c", let position = Int(parts[1], radix: 36),
      let page = Int(parts[2], radix: 36), position >= 0, page >= 0
    else { return nil }
    self.init(position: position, page: page)
  }

  var text: String { "c|\(String(position, radix: 36))|\(String(page, radix: 36))" }
}
