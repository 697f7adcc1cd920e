internal import CatalogueModel
internal import Core
internal import Transfer

/// How a question to one endpoint ended.
enum APIAnswer: Sendable {
  case json(JSONAnswer)
  case notFound
  case unavailable(reason: String)
  /// The endpoint does not serve this region.
  case region(reason: String)
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
  /// What is known from earlier runs.
  let cache: AnswerCache?
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
    await ask(request(path, query, endpoint, as: account), endpoint: endpoint)
  }

  func request(
    _ path: String, _ query: [(String, String)] = [], _ endpoint: Int, as account: Secret? = nil
  ) -> HTTPRequest {
    HTTPRequest(
      url: endpoints[endpoint].appending(path: "/api/v1" + path, query: query),
      headers: ["Accept": "application/json"], bearer: account, maxBody: policy.maxAnswer)
  }

  /// Sends one request of an endpoint's API, again while the trouble is passing.
  /// - Parameter known: an earlier answer, given again where the server says that it still holds.
  func ask(
    _ request: HTTPRequest, endpoint: Int, known: JSONAnswer? = nil
  ) async -> APIAnswer {
    if Task.isCancelled { return .unavailable(reason: "interrupted") }
    let call = CatalogueCall(
      session: self, request: request, endpoint: endpoint, known: known)
    return await call.answer()
  }

  /// The answer to a request that was asked by anybody, from an earlier run where that is young
  /// enough. Whoever could read it tells by ``took(_:of:_:)``.
  func look(_ request: HTTPRequest, endpoint: Int) async -> APIAnswer {
    guard let cache, request.bearer == nil else { return await ask(request, endpoint: endpoint) }
    let known = await cache.kept(request, details: details)
    if let known, cache.isFresh(known) { return .json(known) }
    return await ask(request, endpoint: endpoint, known: known)
  }

  /// Notes what an answer brought that could be read, and keeps it for later runs.
  func took(_ answer: JSONAnswer, of request: HTTPRequest, _ odd: Oddities) async {
    // What is new in an earlier answer was counted when it came.
    await log.note(odd, withNews: !answer.isKnown)
    if let age = answer.age { return await log.used(age: age) }
    guard let cache, request.bearer == nil, answer.mayBeKept else { return }
    await cache.keep(answer, of: request, details: details)
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
