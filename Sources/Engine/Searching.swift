package import CatalogueModel
package import Civitai
import Transfer

/// What the site found.
package struct SearchResult: Sendable {
  package var models: [Model]
  package var hasMore: Bool
}

extension Engine {
  /// Looks for models on the site; nothing is changed.
  package func search(_ query: SearchQuery) async throws -> SearchResult {
    let (endpoints, transfer) = try askedEndpoints()
    let http = try context.makeClient(transfer)
    defer { http.shutdown() }
    let answer = await context.catalogue(endpoints, http, transfer).search(query) {
      self.observer.handle($0)
    }
    if Task.isCancelled { throw EngineError.interrupted }
    switch answer {
    case .found(let models, let hasMore): return SearchResult(models: models, hasMore: hasMore)
    case .refused(let reason):
      throw EngineError("C230", "nothing can be searched: \(reason)", help: "check `--user`")
    case .unavailable(let reason):
      throw EngineError(
        "C231", "the site could not be searched: \(reason)",
        help: "try again later; `--type` and `--base-model` take the site's own words alone",
        exit: .unreachable)
    }
  }
}
