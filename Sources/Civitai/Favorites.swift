internal import CatalogueModel
package import Core

/// Whose favorites are asked for.
package struct CatalogueAccount: Sendable {
  package var token: Secret
  /// Whether the token may be sent to that endpoint.
  package var mayTravel: @Sendable (SafeURL) -> Bool

  package init(token: Secret, mayTravel: @escaping @Sendable (SafeURL) -> Bool) {
    self.token = token
    self.mayTravel = mayTravel
  }
}

extension CatalogueAccount {
  /// Why an endpoint is not asked with the token.
  func refusal(of endpoint: SafeURL) -> String {
    "`\(endpoint)` is no site that the token may be sent to; allow it with `civsync login --host`"
  }
}

/// Which models an account has marked, by the list that it alone can see.
enum FavoriteList: Sendable {
  /// `reason`: why there may be more; `nil` when the list was read to its end.
  case found([ModelID], reason: String?, fromFallback: Bool)
  case refused(BlockedReason)
  case unavailable(reason: String)
}

extension CatalogueSession {
  /// The ids of the account's favorites, from the first endpoint that the token may travel to and
  /// that has an answer. The parameter is never sent without a token: in any form it is 401 then.
  func favorites(of account: CatalogueAccount?) async -> FavoriteList {
    guard let account else { return .refused(.loginRequired) }
    var reasons: [String] = []
    for endpoint in endpoints.indices {
      guard account.mayTravel(endpoints[endpoint]) else {
        reasons.append(account.refusal(of: endpoints[endpoint]))
        continue
      }
      let list = await pages(
        [("favorites", "true")], endpoint: endpoint, as: account.token, onPage: { _ in })
      switch list {
      case .complete(let models):
        return .found(models.map(\.id), reason: nil, fromFallback: endpoint > 0)
      case .partial(let models, let reason):
        return .found(models.map(\.id), reason: reason, fromFallback: endpoint > 0)
      // Every endpoint knows the same accounts.
      case .unauthorized: return .refused(.tokenRefused)
      case .region: return .refused(.region)
      case .notFound: reasons.append("`\(endpoints[endpoint])` does not know such a list")
      case .unavailable(let reason): reasons.append(reason)
      }
    }
    return .unavailable(reason: joined(reasons))
  }
}

extension FavoriteList {
  var ids: [ModelID] {
    if case .found(let ids, _, _) = self { ids } else { [] }
  }

  /// The list with its models as they are shown to anybody.
  ///
  /// What nobody is shown is not in it. What could not be asked, or what only a fallback shows,
  /// leaves it incomplete: it may well be there.
  func listing(_ models: [ModelID: ModelAnswer]) -> Listing {
    switch self {
    case .refused(let reason): return .refused(reason)
    case .unavailable(let reason): return .unavailable(reason: reason)
    case .found(let ids, let reason, let fromFallback):
      var found: [Model] = []
      var reasons = reason.map { [$0] } ?? []
      for id in ids {
        switch models[id] {
        case .found(let model, let isFallback) where !isFallback || fromFallback:
          found.append(model)
        case .found: reasons.append("only a fallback endpoint shows model \(id)")
        case .gone: break
        case .region: reasons.append("model \(id) is not offered in this region")
        case .unavailable(let reason): reasons.append(reason)
        case nil: reasons.append("model \(id) was not asked for")
        }
      }
      guard !reasons.isEmpty else { return .complete(found, fromFallback: fromFallback) }
      return .partial(found, reason: joined(reasons), fromFallback: fromFallback)
    }
  }
}
