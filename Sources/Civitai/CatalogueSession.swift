internal import CatalogueModel
internal import Core
internal import Transfer

/// How a question to one endpoint ended.
enum APIAnswer: Sendable {
  case json(JSONValue)
  case notFound
  case unavailable(reason: String)
  /// The endpoint wants a login, or another token.
  case unauthorized(reason: String)
}

/// One run of questions: calls with their retries, and what they have in common.
struct CatalogueSession: Sendable {
  let endpoints: [SafeURL]
  let http: any HTTPFetching
  let policy: CataloguePolicy
  let clock: any Clock<Duration>
  let random: @Sendable () -> Double
  let progress: @Sendable (CatalogueProgress) -> Void
  /// Whether descriptions, trigger words and pictures are kept.
  var details = false
  let log = SessionLog()

  /// Asks one endpoint, again while the trouble is passing.
  ///
  /// - Parameter account: `nil` for everything but an account's own lists: it would change what is
  ///   primary, and what is listed.
  func get(
    _ path: String, query: [(String, String)] = [], endpoint: Int, as account: Secret? = nil
  ) async -> APIAnswer {
    if Task.isCancelled { return .unavailable(reason: "interrupted") }
    if let reason = await log.whyDown(endpoint) { return .unavailable(reason: reason) }
    let base = endpoints[endpoint]
    let request = HTTPRequest(
      url: base.appending(path: "/api/v1" + path, query: query),
      headers: ["Accept": "application/json"], bearer: account, maxBody: policy.maxAnswer)
    do {
      let response = try await send(request, base: base)
      return await read(response, base: base, endpoint: endpoint)
    } catch .cancelled {
      return .unavailable(reason: "interrupted")
    } catch {
      let reason = "`\(base)`: \(error)"
      await log.stayedSilent(endpoint, connected: !error.isPassing, reason: reason)
      return .unavailable(reason: reason)
    }
  }

  private func send(_ request: HTTPRequest, base: SafeURL) async throws(TransferError)
    -> HTTPResponse
  {
    try await withRetries(
      policy.retries, clock: clock, random: random,
      classify: { (result: Result<HTTPResponse, TransferError>) in
        switch result {
        case .failure(let error):
          return error.isPassing ? .retry(after: nil, reason: "\(error)") : .done
        case .success(let response):
          guard case .passing(let after, let reason) = classifyAnswer(response) else {
            return .done
          }
          return .retry(after: after, reason: reason)
        }
      },
      onRetry: { notice in
        progress(.waiting(endpoint: base, delay: notice.delay, reason: notice.reason))
      },
      operation: { (_) async throws(TransferError) in
        await log.countCall()
        return try await http.send(request)
      })
  }

  private func read(_ response: HTTPResponse, base: SafeURL, endpoint: Int) async -> APIAnswer {
    switch classifyAnswer(response) {
    case .passing(_, let reason):
      let text = "`\(base)` \(reason)"
      await log.stayedSilent(endpoint, connected: true, reason: text)
      return .unavailable(reason: text)
    case .unavailable(let reason):
      await log.answered(endpoint)
      return .unavailable(reason: "`\(base)` \(reason)")
    case .unauthorized(let reason):
      await log.answered(endpoint)
      return .unauthorized(reason: "`\(base)` \(reason)")
    case .notFound:
      await log.answered(endpoint)
      return .notFound
    case .json:
      await log.answered(endpoint)
      do throws(DecodingProblem) {
        return .json(try parsed(response.body))
      } catch {
        return .unavailable(reason: "`\(base)` answered what cannot be read: \(error.message)")
      }
    }
  }

  /// Runs `body` for every item, as many at a time as the policy allows; results in order.
  func each<Item: Sendable, Value: Sendable>(
    _ items: [Item], _ body: @escaping @Sendable (Item) async -> Value
  ) async -> [Value] {
    await withTaskGroup(of: (Int, Value).self) { group in
      var values: [Value?] = Array(repeating: nil, count: items.count)
      var next = 0
      func start(_ group: inout TaskGroup<(Int, Value)>) {
        guard next < items.count else { return }
        let (index, item) = (next, items[next])
        next += 1
        group.addTask { (index, await body(item)) }
      }
      for _ in 0..<max(1, policy.concurrency) { start(&group) }
      while let (index, value) = await group.next() {
        values[index] = value
        start(&group)
      }
      return values.compactMap { $0 }
    }
  }
}
