internal import CatalogueModel
internal import Core

/// How reading a list page by page ended at one endpoint.
enum PagedList: Sendable {
  case complete([Model])
  /// At least one page was read, and then something was amiss.
  case partial([Model], reason: String)
  case notFound
  case unavailable(reason: String)
  /// Not even the first page, without a login or with that token.
  case unauthorized(reason: String)
}

extension CatalogueSession {
  /// All models of a creator: from the first endpoint that has an answer.
  func listing(user: String) async -> Listing {
    var reasons: [String] = []
    for endpoint in endpoints.indices {
      let list = await pages([("username", user)], endpoint: endpoint) { count in
        progress(.listed(user: user, models: count))
      }
      switch list {
      case .complete(let models): return .complete(models, fromFallback: endpoint > 0)
      case .partial(let models, let reason):
        return .partial(models, reason: reason, fromFallback: endpoint > 0)
      case .notFound where endpoint == 0: return .notFound
      case .notFound:
        // A fallback shows less than the first endpoint: what it does not know may well be there.
        reasons.append("`\(endpoints[endpoint])` does not know the creator")
      case .unavailable(let reason), .unauthorized(let reason): reasons.append(reason)
      }
    }
    return .unavailable(reason: joined(reasons))
  }

  /// The models of `ids` that a list shows, with the endpoint that showed them. Archived models
  /// and those of real persons never are in lists.
  func batch(_ ids: [ModelID]) async -> (models: [Model], endpoint: Int)? {
    let wanted = Set(ids)
    let text = ids.map(\.description).joined(separator: ",")
    for endpoint in endpoints.indices {
      switch await pages([("ids", text)], endpoint: endpoint, onPage: { _ in }) {
      case .complete(let models), .partial(let models, _):
        return (models.filter { wanted.contains($0.id) }, endpoint)
      case .notFound, .unavailable, .unauthorized: continue
      }
    }
    return nil
  }

  /// The models that have the versions, as far as the first endpoint's list shows them.
  func owners(of ids: [VersionID]) async -> [Model] {
    let text = ids.map(\.description).joined(separator: ",")
    guard !endpoints.isEmpty else { return [] }
    switch await pages([("modelVersionIds", text)], endpoint: 0, onPage: { _ in }) {
    case .complete(let models), .partial(let models, _): return models
    case .notFound, .unavailable, .unauthorized: return []
    }
  }

  /// Follows a list to its end. `sort=Oldest`, because `Newest` drops a model at each page's end;
  /// `nsfw=true`, because without it only part of the list is shown.
  func pages(
    _ filter: [(String, String)], endpoint: Int, as account: Secret? = nil,
    onPage: (Int) -> Void
  ) async -> PagedList {
    // Of an account's list only the ids count.
    var reader = PageReader(details: details && account == nil)
    for _ in 0..<policy.maxPages {
      var query = [("limit", "100"), ("nsfw", "true"), ("sort", "Oldest")] + filter
      if let cursor = reader.cursor { query.append(("cursor", cursor)) }
      let answer = await get("/models", query: query, endpoint: endpoint, as: account)
      var odd = Oddities()
      let end = reader.take(answer, at: endpoints[endpoint], &odd)
      await log.note(odd)
      if let end { return end }
      onPage(reader.models.count)
    }
    return .partial(reader.models, reason: "the list has more than \(policy.maxPages) pages")
  }
}

/// Puts the pages of one list together.
private struct PageReader {
  private let details: Bool
  private(set) var models: [Model] = []
  private(set) var cursor: String?
  private var seen: Set<ModelID> = []
  private var cursors: Set<String> = []
  private var hasPage = false
  private var unreadable: [DecodingProblem] = []

  init(details: Bool) { self.details = details }

  /// Adds one page; tells how the list ended when it did.
  mutating func take(_ answer: APIAnswer, at endpoint: SafeURL, _ odd: inout Oddities)
    -> PagedList?
  {
    switch answer {
    case .notFound where !hasPage: return .notFound
    case .notFound: return broken("`\(endpoint)` no longer knew the list half way")
    case .unauthorized(let reason) where !hasPage: return .unauthorized(reason: reason)
    case .unavailable(let reason), .unauthorized(let reason): return broken(reason)
    case .json(let value):
      do throws(DecodingProblem) {
        return add(try modelPage(value, details: details, &odd))
      } catch {
        return broken("`\(endpoint)` answered what cannot be read: \(error)")
      }
    }
  }

  private mutating func add(_ page: ModelPage) -> PagedList? {
    hasPage = true
    unreadable += page.unreadable
    models += page.models.filter { seen.insert($0.id).inserted }
    guard let next = page.nextCursor else { return finished() }
    guard cursors.insert(next).inserted else {
      return .partial(models, reason: "the list came back to a page it had already given")
    }
    cursor = next
    return nil
  }

  /// A model that could not be read may be any: what is not in the list is then unknown.
  private func finished() -> PagedList {
    guard let first = unreadable.first else { return .complete(models) }
    let more = unreadable.count - 1
    let rest =
      more == 0 ? "" : more == 1 ? ", and one more model too" : ", and \(more) more models too"
    return .partial(models, reason: "\(first)\(rest)")
  }

  private func broken(_ reason: String) -> PagedList {
    hasPage ? .partial(models, reason: reason) : .unavailable(reason: reason)
  }
}

/// Several reasons as one text, each once.
func joined(_ reasons: [String]) -> String {
  var seen: Set<String> = []
  let texts = reasons.filter { seen.insert($0).inserted }
  return texts.isEmpty ? "no endpoint is configured" : texts.joined(separator: "; ")
}
