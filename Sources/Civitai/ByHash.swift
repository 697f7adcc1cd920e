package import Core
internal import Transfer

/// Whose a content is.
package struct HashMatch: Sendable, Hashable {
  package var model: ModelID
  package var version: VersionID
}

/// What the site knows of contents by their digests.
package struct HashAnswers: Sendable {
  package var matches: [Digest: HashMatch] = [:]
  /// Those that no endpoint could be asked about.
  package var unanswered: Set<Digest> = []
  package var reasons: [String] = []
  package var calls = 0
}

extension CivitaiCatalogue {
  /// Digests in one call; the site takes as many.
  private static let batch = 10_000

  /// Looks up whose the contents are, by `POST /model-versions/by-hash/ids`: what does not match is
  /// left out there, so one that is in neither part of the answer is unknown to the site.
  package func find(
    _ digests: Set<Digest>, progress: @escaping @Sendable (CatalogueProgress) -> Void = { _ in }
  ) async -> HashAnswers {
    let session = session(details: false, progress)
    let sorted = digests.sorted { $0.hex < $1.hex }
    var answers = HashAnswers()
    for start in stride(from: 0, to: sorted.count, by: Self.batch) {
      let batch = Array(sorted[start..<min(start + Self.batch, sorted.count)])
      await find(batch, session, &answers)
    }
    answers.calls = await session.log.calls
    return answers
  }

  private func find(
    _ batch: [Digest], _ session: CatalogueSession, _ answers: inout HashAnswers
  ) async {
    var open = batch
    var reasons: [String] = []
    var hasFirstTold = false
    // Endpoints show different things: each is asked about what is still open.
    for index in endpoints.indices where !open.isEmpty {
      let list = JSONValue.array(open.map { .string($0.hex.uppercased()) })
      switch await session.post("/model-versions/by-hash/ids", list, endpoint: index) {
      case .json(let answer):
        let value = answer.value
        guard let items = value.array else {
          reasons.append("`\(endpoints[index])` answered with \(value.kind) instead of a list")
          continue
        }
        if index == 0 { hasFirstTold = true }
        for item in items { answers.add(item) }
        open.removeAll { answers.matches[$0] != nil }
      case .notFound: reasons.append("`\(endpoints[index])` cannot look up by digest")
      case .unavailable(let reason), .unauthorized(let reason), .region(let reason):
        reasons.append(reason)
      }
    }
    // A later endpoint may show less: what that alone does not know is not unknown.
    guard !hasFirstTold, !open.isEmpty else { return }
    answers.unanswered.formUnion(open)
    answers.reasons.append(joined(reasons))
  }
}

/// Whose a checksum is.
package enum HashAnswer: Sendable {
  case found(HashMatch)
  case missing
  case unavailable(reason: String)
}

extension CivitaiCatalogue {
  /// Looks up one checksum of any kind that the site has: AutoV1, AutoV2, AutoV3, SHA256, CRC32,
  /// BLAKE3, in hexadecimal digits. The oldest published version that has it is the answer.
  package func find(hash: String) async -> HashAnswer {
    let session = session(details: false) { _ in }
    var reasons: [String] = []
    for index in endpoints.indices {
      switch await session.get("/model-versions/by-hash/\(hash)", endpoint: index) {
      case .json(let answer):
        let value = answer.value
        guard let model = value["modelId"]?.integer, model > 0,
          let version = value["id"]?.integer, version > 0
        else {
          reasons.append("`\(endpoints[index])` answered without the version's ids")
          continue
        }
        return .found(HashMatch(model: ModelID(model), version: VersionID(version)))
      case .notFound: continue
      case .unavailable(let reason), .unauthorized(let reason), .region(let reason):
        reasons.append(reason)
      }
    }
    return reasons.isEmpty ? .missing : .unavailable(reason: joined(reasons))
  }
}

extension HashAnswers {
  fileprivate mutating func add(_ item: JSONValue) {
    guard let digest = item["hash"]?.string.flatMap({ Digest(hex: $0) }),
      let model = item["modelId"]?.integer, model > 0,
      let version = item["modelVersionId"]?.integer, version > 0, matches[digest] == nil
    else { return }
    matches[digest] = HashMatch(model: ModelID(model), version: VersionID(version))
  }
}

extension CatalogueSession {
  /// Sends JSON to one endpoint, again while the trouble is passing.
  func post(_ path: String, _ body: JSONValue, endpoint: Int) async -> APIAnswer {
    await ask(
      HTTPRequest(
        method: .post, url: endpoints[endpoint].appending(path: "/api/v1" + path),
        headers: ["Accept": "application/json", "Content-Type": "application/json"],
        body: Array(body.text.utf8), maxBody: policy.maxAnswer),
      endpoint: endpoint)
  }
}
