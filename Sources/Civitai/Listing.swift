internal import CatalogueModel
internal import Core
internal import Transfer

/// How reading a list page by page ended at one endpoint.
enum PagedList: Sendable {
  case complete([Model])
  /// At least one page was read, and then something was amiss.
  case partial([Model], reason: String)
  case notFound
  case unavailable(reason: String)
  /// Not even the first page, in this region.
  case region(reason: String)
  /// Not even the first page, without a login or with that token.
  case unauthorized(reason: String)
}

extension CatalogueSession {
  /// All models of a creator: from the first endpoint that has an answer.
  func listing(user: String) async -> Listing {
    var reasons: [String] = []
    var isRegion = false
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
      case .region where endpoint == 0: isRegion = true
      case .unavailable(let reason), .unauthorized(let reason), .region(let reason):
        reasons.append(reason)
      }
    }
    return isRegion ? .refused(.region) : .unavailable(reason: joined(reasons))
  }

  /// Lists leave archived models out unless they are asked not to.
  private static let archivedToo = ("archived", "true")

  /// What a list of ids came to.
  struct Batch<ID: Sendable>: Sendable {
    var ids: [ID]
    var models: [Model] = []
    /// Which endpoint showed them.
    var endpoint = 0
    /// Why no endpoint's list answered: all of them are unknown then, and none is asked about by
    /// itself.
    var failure: String?
  }

  /// The models of `ids` that a list shows. Those of real persons never are in lists.
  func batch(_ ids: [ModelID]) async -> Batch<ModelID> {
    let wanted = Set(ids)
    let text = ids.map(\.description).joined(separator: ",")
    var batch = Batch(ids: ids)
    var reasons: [String] = []
    for endpoint in endpoints.indices {
      switch await pages([("ids", text), Self.archivedToo], endpoint: endpoint, onPage: { _ in }) {
      case .complete(let models), .partial(let models, _):
        batch.models = models.filter { wanted.contains($0.id) }
        batch.endpoint = endpoint
        return batch
      case .unavailable(let reason), .unauthorized(let reason): reasons.append(reason)
      case .notFound, .region: continue
      }
    }
    if reasons.count == endpoints.count { batch.failure = joined(reasons) }
    return batch
  }

  /// The models that have the versions, as far as the first endpoint's list shows them.
  func owners(of ids: [VersionID]) async -> Batch<VersionID> {
    let text = ids.map(\.description).joined(separator: ",")
    var batch = Batch(ids: ids)
    guard !endpoints.isEmpty else { return batch }
    switch await pages(
      [("modelVersionIds", text), Self.archivedToo], endpoint: 0, onPage: { _ in })
    {
    case .complete(let models), .partial(let models, _): batch.models = models
    case .unavailable(let reason), .unauthorized(let reason): batch.failure = reason
    case .notFound, .region: break
    }
    return batch
  }

  /// Follows a list to its end. `sort=Oldest`, because `Newest` drops a model at each page's end;
  /// `nsfw=true`, because without it only part of the list is shown.
  func pages(
    _ filter: [(String, String)], endpoint: Int, as account: Secret? = nil,
    onPage: (Int) -> Void
  ) async -> PagedList {
    // Of an account's list only the ids count.
    var reader = PageReader(details: details && account == nil)
    var settled = account == nil ? await settledPages(filter, endpoint) : []
    settled.reverse()
    for _ in 0..<policy.maxPages {
      let request = page(filter, after: reader.cursor, endpoint, as: account)
      let answer =
        if let known = settled.popLast() { APIAnswer.json(known) } else {
          await look(request, endpoint: endpoint)
        }
      var odd = Oddities()
      let isSound = reader.take(answer, at: endpoints[endpoint], &odd)
      if isSound, case .json(let answer) = answer {
        await took(answer, of: request, odd)
      } else {
        await log.note(odd)
      }
      if let end = reader.end { return end }
      onPage(reader.models.count)
    }
    return .partial(reader.models, reason: "the list has more than \(policy.maxPages) pages")
  }

  private func page(
    _ filter: [(String, String)], after cursor: String?, _ endpoint: Int, as account: Secret?
  ) -> HTTPRequest {
    var query = [("limit", "100"), ("nsfw", "true"), ("sort", "Oldest")] + filter
    if let cursor { query.append(("cursor", cursor)) }
    return request("/models", query, endpoint, as: account)
  }

  /// The pages of a long list that need not be asked for today: all but the last one.
  ///
  /// The order `Oldest` is by a model's latest version (as `Newest` is), so that new models and new
  /// versions are at the list's end. What else may have changed, the next whole look finds.
  private func settledPages(_ filter: [(String, String)], _ endpoint: Int) async -> [JSONAnswer] {
    guard let cache, filter.first?.0 != "ids" else { return [] }
    var pages: [JSONAnswer] = []
    var cursor: String?
    var cursors: Set<String> = []
    while pages.count < policy.maxPages {
      let request = page(filter, after: cursor, endpoint, as: nil)
      guard let known = await cache.kept(request, details: details), cache.isSettled(known) else {
        return []
      }
      pages.append(known)
      guard let next = try? pageCursor(known.value) else { break }
      // A list that came back to a page never was whole.
      guard cursors.insert(next).inserted else { return [] }
      cursor = next
    }
    return pages.count > Self.shortList ? Array(pages.dropLast()) : []
  }

  /// Lists of up to so many pages are always asked for as a whole.
  private static let shortList = 3
}

/// Puts the pages of one list together.
private struct PageReader {
  private let details: Bool
  private(set) var models: [Model] = []
  private(set) var cursor: String?
  /// How the list ended, once it did.
  private(set) var end: PagedList?
  private var places: [ModelID: Int] = [:]
  private var cursors: Set<String> = []
  private var hasPage = false
  private var unreadable: [DecodingProblem] = []

  init(details: Bool) { self.details = details }

  /// Adds one page.
  /// - Returns: whether it is a page, and every model on it could be read.
  mutating func take(_ answer: APIAnswer, at endpoint: SafeURL, _ odd: inout Oddities) -> Bool {
    switch answer {
    case .notFound where !hasPage: end = .notFound
    case .notFound: end = broken("`\(endpoint)` no longer knew the list half way")
    case .unauthorized(let reason) where !hasPage: end = .unauthorized(reason: reason)
    case .region(let reason) where !hasPage: end = .region(reason: reason)
    case .unavailable(let reason), .unauthorized(let reason), .region(let reason):
      end = broken(reason)
    case .json(let answer):
      do throws(DecodingProblem) {
        let page = try modelPage(answer.value, details: details, &odd)
        add(page)
        return page.unreadable.isEmpty
      } catch {
        end = broken("`\(endpoint)` answered what cannot be read: \(error)")
      }
    }
    return false
  }

  private mutating func add(_ page: ModelPage) {
    hasPage = true
    unreadable += page.unreadable
    for model in page.models {
      // A model comes again where the list moved on meanwhile: what came later is newer.
      if let place = places[model.id] {
        models[place] = model
      } else {
        places[model.id] = models.count
        models.append(model)
      }
    }
    guard let next = page.nextCursor else {
      end = finished()
      return
    }
    guard cursors.insert(next).inserted else {
      end = .partial(models, reason: "the list came back to a page it had already given")
      return
    }
    cursor = next
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
