package import Core
internal import Transfer

/// The words that the site says it has, by the name of their list: `ModelType`, `BaseModel`, …
package enum EnumsAnswer: Sendable {
  case found([String: [String]], at: SafeURL)
  case unavailable(reason: String)
}

extension CivitaiCatalogue {
  /// Asks `GET /enums`.
  package func enums(
    progress: @escaping @Sendable (CatalogueProgress) -> Void = { _ in }
  ) async -> EnumsAnswer {
    let session = session(details: false, progress)
    var reasons: [String] = []
    for (index, endpoint) in endpoints.enumerated() {
      switch await session.get("/enums", endpoint: index) {
      case .json(let answer):
        let value = answer.value
        guard let members = value.members else {
          reasons.append("`\(endpoint)` answered with \(value.kind) instead of lists of words")
          continue
        }
        var words: [String: [String]] = [:]
        for member in members {
          words[member.name] = member.value.array?.compactMap(\.string).map { shortened($0) }
        }
        return .found(words, at: endpoint)
      case .notFound: reasons.append("`\(endpoint)` knows no `/enums`")
      case .unavailable(let reason), .unauthorized(let reason), .region(let reason):
        reasons.append(reason)
      }
    }
    return .unavailable(reason: joined(reasons))
  }
}
