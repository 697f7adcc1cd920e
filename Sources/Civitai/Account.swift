package import Core
internal import Transfer

/// What the site says of a token.
package enum AccountAnswer: Sendable, Equatable {
  case known(name: String, at: SafeURL)
  /// The site does not know it. Elsewhere a bad token silently counts as none.
  case refused(at: SafeURL)
  case unavailable(reason: String)
}

extension CivitaiCatalogue {
  /// Asks `/me` with the account's token: the only question whose answer tells whether a token is
  /// good. The first endpoint that it may be sent to, and that has an answer, decides: all know the
  /// same accounts.
  package func whoAmI(
    progress: @escaping @Sendable (CatalogueProgress) -> Void = { _ in }
  ) async -> AccountAnswer {
    guard let account else { return .unavailable(reason: "there is no token") }
    let session = session(details: false, progress)
    var reasons: [String] = []
    for (index, endpoint) in endpoints.enumerated() {
      guard account.mayTravel(endpoint) else {
        reasons.append(account.refusal(of: endpoint))
        continue
      }
      switch await session.get("/me", endpoint: index, as: account.token) {
      case .json(let answer):
        let value = answer.value
        guard let name = value["username"]?.string, !name.isEmpty else {
          reasons.append("`\(endpoint)` answered without the account's `username`")
          continue
        }
        return .known(name: shortened(name), at: endpoint)
      case .unauthorized: return .refused(at: endpoint)
      case .notFound: reasons.append("`\(endpoint)` knows no `/me`")
      case .unavailable(let reason), .region(let reason): reasons.append(reason)
      }
    }
    return .unavailable(reason: joined(reasons))
  }
}
