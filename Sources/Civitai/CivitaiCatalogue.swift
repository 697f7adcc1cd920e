package import CatalogueModel
package import Core
package import Transfer

/// How the catalogue is asked.
package struct CataloguePolicy: Sendable {
  package var retries: RetryPolicy
  /// API calls at one time; the site asks for no more than two.
  package var concurrency: Int
  /// To begin with, beyond a burst; adapted by how quickly the host answers.
  package var callsPerSecond: Double
  /// How long to wait before a 404 is asked about again.
  package var recheckDelay: Duration
  /// Longer lists are cut off, and said to be: a guard against a server that never ends one.
  package var maxPages: Int
  /// The longest answer taken, decompressed.
  package var maxAnswer: ByteCount

  package init(
    retries: RetryPolicy = .standard, concurrency: Int = 2, callsPerSecond: Double = 10,
    recheckDelay: Duration = .seconds(1), maxPages: Int = 10_000,
    maxAnswer: ByteCount = ByteCount(128 << 20)
  ) {
    self.retries = retries
    self.concurrency = concurrency
    self.callsPerSecond = callsPerSecond
    self.recheckDelay = recheckDelay
    self.maxPages = maxPages
    self.maxAnswer = maxAnswer
  }
}

/// What the catalogue client is at.
package enum CatalogueProgress: Sendable, Hashable {
  /// So many models of a creator are listed by now.
  case listed(user: String, models: Int)
  /// So many of the models asked for by id are known by now.
  case lookedUp(models: Int, of: Int)
  /// A call failed for a passing reason and is repeated after `delay`.
  case waiting(endpoint: SafeURL, delay: Duration, reason: String)
  /// A host failed too often in a row: nobody asks it for so long, then one call tries.
  case rests(endpoint: SafeURL, Duration, reason: String)
  /// It answers again.
  case returned(endpoint: SafeURL)
  /// One try of a call is over; `took` until its answer, `nil` when none came.
  case called(took: Duration?, AttemptEnding)
}

/// The Civitai catalogue over its REST API, asked anonymously but for an account's favorites.
package struct CivitaiCatalogue: Sendable {
  let endpoints: [SafeURL]
  private let http: any HTTPFetching
  let account: CatalogueAccount?
  private let policy: CataloguePolicy
  private let gates: HostGates
  private let cache: AnswerCache?
  private let clock: any Clock<Duration>
  private let random: @Sendable () -> Double

  /// - Parameters:
  ///   - endpoints: in order of trust. The first is the catalogue; what only a later one answers
  ///     is marked as `fromFallback`, because later ones may show less.
  ///   - http: the real client also names civsync in its `User-Agent`.
  ///   - account: whose favorites are meant where they are asked for; nothing else is told of it.
  ///   - cache: what is known from earlier runs.
  ///   - clock: waits between retries.
  ///   - random: 0 ..< 1, for the jitter of the waits.
  package init(
    endpoints: [SafeURL], http: some HTTPFetching, account: CatalogueAccount? = nil,
    policy: CataloguePolicy = CataloguePolicy(), cache: AnswerCache? = nil,
    clock: any Clock<Duration> = ContinuousClock(),
    random: @escaping @Sendable () -> Double
  ) {
    self.endpoints = endpoints
    self.http = http
    self.account = account
    self.policy = policy
    self.cache = cache
    gates = HostGates(endpoints, policy, clock: clock)
    self.clock = clock
    self.random = random
  }

  func session(
    details: Bool, _ progress: @escaping @Sendable (CatalogueProgress) -> Void
  ) -> CatalogueSession {
    CatalogueSession(
      endpoints: endpoints, http: http, policy: policy, gates: gates, clock: clock,
      random: random, progress: progress, cache: cache, details: details)
  }

  /// Answers everything that `query` asks, or says for each part why not; it never fails as a
  /// whole. When the task is cancelled the rest is answered `unavailable`.
  package func answer(
    _ query: CatalogueQuery,
    progress: @escaping @Sendable (CatalogueProgress) -> Void = { _ in }
  ) async -> CatalogueAnswers {
    let session = session(details: query.details, progress)
    var answers = CatalogueAnswers()
    for (user, listing) in await session.each(
      query.users.sorted(), { ($0, await session.listing(user: $0)) })
    {
      answers.users[user] = listing
    }
    let favorites = query.favorites ? await session.favorites(of: account) : nil
    let details = await versions(query.versions, session, &answers)
    let asked = query.models.union(details.map(\.model)).union(answers.models.keys)
    await models(asked.union(favorites?.ids ?? []), session, &answers)
    answers.complete(with: details)
    if let favorites {
      answers.favorites = favorites.listing(answers.models)
      answers.models = answers.models.filter { asked.contains($0.key) }
    }
    answers.oddities = await session.log.oddities
    answers.news = await session.log.news
    answers.calls = await session.log.calls
    answers.kept = await session.log.kept
    return answers
  }

  /// Whose the versions are: by lists of a hundred, then one by one for those that no list shows.
  private func versions(
    _ ids: Set<VersionID>, _ session: CatalogueSession, _ answers: inout CatalogueAnswers
  ) async -> [VersionDetail] {
    let sorted = ids.sorted()
    let batches = stride(from: 0, to: sorted.count, by: 100).map {
      Array(sorted[$0..<min($0 + 100, sorted.count)])
    }
    for batch in await session.each(batches, { await session.owners(of: $0) }) {
      if let failure = batch.failure {
        for id in batch.ids { answers.versions[id] = .unavailable(reason: failure) }
      }
      for model in batch.models {
        for version in model.versions where ids.contains(version.id) {
          answers.versions[version.id] = .found(model.id, downloadsDisabled: false)
          answers.models[model.id] = .found(model, fromFallback: false)
        }
      }
    }
    var details: [VersionDetail] = []
    for (id, lookup) in await session.versions(sorted.filter { answers.versions[$0] == nil }) {
      switch lookup {
      case .found(let detail, _):
        details.append(detail)
        answers.versions[id] = .found(
          detail.model, downloadsDisabled: detail.version.downloadsDisabled)
      case .missing: answers.versions[id] = .gone
      case .region: answers.versions[id] = .region
      case .unavailable(let reason): answers.versions[id] = .unavailable(reason: reason)
      }
    }
    return details
  }

  /// Takes what the listings already showed, then lists the rest in batches, then asks one by one
  /// for those that no list shows.
  private func models(
    _ ids: Set<ModelID>, _ session: CatalogueSession, _ answers: inout CatalogueAnswers
  ) async {
    let listed = answers.listedModels()
    for id in ids where answers.models[id] == nil { answers.models[id] = listed[id] }
    let open = ids.filter { answers.models[$0] == nil }.sorted()
    let batches = stride(from: 0, to: open.count, by: 100).map {
      Array(open[$0..<min($0 + 100, open.count)])
    }
    for batch in await session.each(batches, { await session.batch($0) }) {
      if let failure = batch.failure {
        for id in batch.ids { answers.models[id] = .unavailable(reason: failure) }
      }
      for model in batch.models {
        answers.models[model.id] = .found(model, fromFallback: batch.endpoint > 0)
      }
    }
    session.progress(.lookedUp(models: answers.models.count, of: ids.count))
    let unlisted = open.filter { answers.models[$0] == nil }
    for (id, lookup) in await session.models(unlisted) {
      answers.models[id] =
        switch lookup {
        case .found(let model, let endpoint): .found(model, fromFallback: endpoint > 0)
        case .missing: .gone
        case .region: .region
        case .unavailable(let reason): .unavailable(reason: reason)
        }
    }
    session.progress(.lookedUp(models: ids.count, of: ids.count))
  }
}

extension CatalogueAnswers {
  /// Every model that a listing showed, the first endpoint's word before a fallback's.
  fileprivate func listedModels() -> [ModelID: ModelAnswer] {
    var found: [ModelID: ModelAnswer] = [:]
    for wanted in [true, false] {
      for case .complete(let models, wanted) in users.values {
        for model in models { found[model.id] = .found(model, fromFallback: wanted) }
      }
      for case .partial(let models, _, wanted) in users.values {
        for model in models { found[model.id] = .found(model, fromFallback: wanted) }
      }
    }
    return found
  }

  /// Puts what only the version endpoint tells into the models: whether downloads are disabled,
  /// and a version that the model's own answer left out.
  fileprivate mutating func complete(with details: [VersionDetail]) {
    for detail in details {
      guard case .found(var model, let fromFallback) = models[detail.model] else { continue }
      if let index = model.versions.firstIndex(where: { $0.id == detail.version.id }) {
        model.versions[index].downloadsDisabled = detail.version.downloadsDisabled
      } else {
        model.versions.append(detail.version)
      }
      models[detail.model] = .found(model, fromFallback: fromFallback)
    }
  }
}
