package import CatalogueModel
internal import Transfer

/// Words to look for, and what narrows them.
package struct SearchQuery: Sendable, Equatable {
  package var words: String
  package var types: [String] = []
  package var baseModels: [String] = []
  package var user: String?
  /// The site's own word for an order; `nil`: by how well it fits.
  package var sort: String?
  /// Whether what is not for everybody is shown.
  package var nsfw = false
  /// 1 to 100.
  package var limit = 20

  package init(words: String) { self.words = words }
}

package enum SearchAnswer: Sendable {
  /// `hasMore`: the site knows more than were asked for.
  case found([Model], hasMore: Bool)
  case refused(reason: String)
  case unavailable(reason: String)
}

extension CivitaiCatalogue {
  /// The site's own search: one page of at most a hundred. It pages by offset, which drops and
  /// repeats models: fit to choose from, not to sync by.
  package func search(
    _ query: SearchQuery, progress: @escaping @Sendable (CatalogueProgress) -> Void = { _ in }
  ) async -> SearchAnswer {
    var parameters = [("limit", String(query.limit)), ("query", query.words)]
    if query.nsfw { parameters.append(("nsfw", "true")) }
    // Repeated, never as a list: the site answers 400 to a comma.
    parameters += query.types.map { ("types", $0) }
    parameters += query.baseModels.map { ("baseModels", $0) }
    if let user = query.user { parameters.append(("username", user)) }
    if let sort = query.sort { parameters.append(("sort", sort)) }
    let session = session(details: false, progress)
    var reasons: [String] = []
    for index in endpoints.indices {
      switch await session.get("/models", query: parameters, endpoint: index) {
      case .json(let answer):
        let value = answer.value
        var odd = Oddities()
        do throws(DecodingProblem) {
          let page = try modelPage(value, details: false, &odd)
          return .found(page.models, hasMore: page.nextCursor != nil)
        } catch {
          reasons.append("`\(endpoints[index])` answered what cannot be read: \(error)")
        }
      case .notFound: return .refused(reason: "the site knows no such creator")
      case .unavailable(let reason), .unauthorized(let reason), .region(let reason):
        reasons.append(reason)
      }
    }
    return .unavailable(reason: joined(reasons))
  }
}
