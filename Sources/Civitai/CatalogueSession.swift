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
  let gates: HostGates
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
    await ask(
      HTTPRequest(
        url: endpoints[endpoint].appending(path: "/api/v1" + path, query: query),
        headers: ["Accept": "application/json"], bearer: account, maxBody: policy.maxAnswer),
      endpoint: endpoint)
  }

  /// Sends one request of an endpoint's API, again while the trouble is passing.
  func ask(_ request: HTTPRequest, endpoint: Int) async -> APIAnswer {
    if Task.isCancelled { return .unavailable(reason: "interrupted") }
    let call = CatalogueCall(session: self, request: request, endpoint: endpoint)
    return await call.answer()
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
