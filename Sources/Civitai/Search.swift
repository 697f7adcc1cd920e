package import CatalogueModel
internal import Core
internal import Transfer

/// What to look for: words, or without them everything that the rest lets through.
package struct SearchQuery: Sendable, Equatable {
  package var words: String
  package var types: [String] = []
  package var baseModels: [String] = []
  package var tags: [String] = []
  package var user: String?
  /// The site's own word for an order; `nil`: by how well it fits.
  package var sort: String?
  /// Whether what is not for everybody is shown.
  package var nsfw = false
  /// Up to 100 with words, which the site gives one page for.
  package var limit = 20

  package init(words: String = "") { self.words = words }
}

package enum SearchAnswer: Sendable {
  /// `hasMore`: the site knows more than were asked for.
  case found([Model], hasMore: Bool)
  case refused(reason: String)
  case unavailable(reason: String)
}

extension CivitaiCatalogue {
  /// With words the site's own search: one page of at most a hundred. It pages by offset, which
  /// drops and repeats models: fit to choose from, not to sync by. Without words a list, followed
  /// page by page as far as is wanted.
  package func search(
    _ query: SearchQuery, progress: @escaping @Sendable (CatalogueProgress) -> Void = { _ in }
  ) async -> SearchAnswer {
    let session = session(details: false, progress)
    var reasons: [String] = []
    for index in endpoints.indices {
      switch await session.search(query, endpoint: index) {
      case .unavailable(let reason): reasons.append(reason)
      case let answer: return answer
      }
    }
    return .unavailable(reason: joined(reasons))
  }
}

extension CatalogueSession {
  fileprivate func search(_ query: SearchQuery, endpoint: Int) async -> SearchAnswer {
    var found: [Model] = []
    var ids: Set<ModelID> = []
    var cursors: Set<String> = []
    var cursor: String?
    while true {
      let parameters = query.parameters + (cursor.map { [("cursor", $0)] } ?? [])
      switch await get("/models", query: parameters, endpoint: endpoint) {
      case .json(let answer):
        var odd = Oddities()
        do throws(DecodingProblem) {
          let page = try modelPage(answer.value, details: false, &odd)
          found += page.models.filter { ids.insert($0.id).inserted }
          cursor = page.nextCursor
        } catch {
          return .unavailable(
            reason: "`\(endpoints[endpoint])` answered what cannot be read: \(error)")
        }
      case .notFound: return .refused(reason: "the site knows no such creator")
      case .unavailable(let reason), .unauthorized(let reason), .region(let reason):
        return .unavailable(reason: reason)
      }
      let isLast =
        !query.words.isEmpty || found.count >= query.limit
        || cursor.map { !cursors.insert($0).inserted } ?? true
      if isLast {
        return .found(
          Array(found.prefix(query.limit)), hasMore: cursor != nil || found.count > query.limit)
      }
    }
  }
}

extension SearchQuery {
  fileprivate var parameters: [(String, String)] {
    var parameters = [("limit", String(min(limit, 100)))]
    if !words.isEmpty { parameters.append(("query", words)) }
    if nsfw { parameters.append(("nsfw", "true")) }
    // Repeated, never as a list: the site answers 400 to a comma.
    parameters += types.map { ("types", $0) }
    parameters += baseModels.map { ("baseModels", $0) }
    parameters += tags.map { ("tag", $0) }
    if let user { parameters.append(("username", user)) }
    if let sort { parameters.append(("sort", sort)) }
    return parameters
  }
}
