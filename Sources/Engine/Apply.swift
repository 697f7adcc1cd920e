import CatalogueModel
import ContentStore
import Core
import Diagnostics
import History
import Index
import ManifestModel
import Planning
import Resolution
import SystemIO
import Transfer
import Tree

extension Engine {
  /// Makes the plan under the project's lock, shows it, and carries it out: everything is fetched
  /// and verified before anything changes.
  ///
  /// - Parameters:
  ///   - allowPartial: change what can be changed when something fails.
  ///   - review: shows the plan and asks.
  /// - Returns: `nil` when it was not confirmed.
  package func apply(
    _ request: PlanRequest = PlanRequest(), allowPartial: Bool, review: PlanReview
  ) async throws -> RunOutcome? {
    // Said before anything is made: a folder without a manifest stays as it is.
    let manifest = try loadManifest().manifest
    try requireTrust(manifest, runsChecks: request.runsChecks)
    let lock = try await acquireLock(.named(manifest))
    defer { lock.release() }
    try await recover()
    let http = try context.makeClient(manifest.transfer, observer)
    defer { http.shutdown() }
    return try await tellingRecovery {
      let survey = try await survey(http, request)
      return try await apply(
        survey, http, run: request.runName, allowPartial: allowPartial,
        runsChecks: request.runsChecks, review)
    }
  }

  /// Shows a plan, asks, and carries it out.
  func apply(
    _ survey: Survey, _ http: HTTPClient, run: String, allowPartial: Bool, runsChecks: Bool,
    _ review: PlanReview
  ) async throws -> RunOutcome? {
    // The manifest may have been changed since it was looked at.
    try requireTrust(survey.manifest, runsChecks: runsChecks)
    let mayBePartial = allowPartial || survey.manifest.onFailure == .skip
    review.show(survey.run)
    if !mayBePartial { try requireAnswers(survey.plan) }
    try await requireSpace(survey.plan)
    if survey.plan.hasChanges, !review.confirm() { return nil }
    var outcome = try await carryOut(survey, http, run: run, allowPartial: mayBePartial)
    try await runChecks(survey.manifest, skipping: !runsChecks, head: survey.head, &outcome)
    return outcome
  }

  /// A plan made on half an answer must not pass for the whole.
  private func requireAnswers(_ plan: Plan) throws(EngineError) {
    guard !plan.unanswered.isEmpty else { return }
    throw EngineError(
      "C062", "the catalogue did not answer everything; nothing was changed",
      notes: plan.unanswered.prefix(5).map { "\($0.selector): \($0.reason)" },
      help: "try again later, or apply what is known with `--allow-partial`", exit: .unreachable)
  }

  private func requireSpace(_ plan: Plan) async throws {
    guard !plan.space.fits, let free = plan.space.free else { return }
    throw EngineError(
      "C063",
      "the plan needs \(plan.space.needed) and \(free) are free\(plan.space.reserveClause); nothing "
        + "was changed",
      help:
        "take what fits with `--fit`, free some space (\(await collectable())), name a `store:` on "
        + "another disk, or select less", exit: .noSpace)
  }

  /// What `gc` would free by what is on record: the site is not asked for that.
  private func collectable() async -> String {
    var request = CollectRequest()
    request.isOffline = true
    let freed = try? await collect(request).freedBytes
    guard let freed else { return "`civsync gc` tells what can go, and at which price" }
    return freed > .zero
      ? "`civsync gc --offline` would free \(freed), and tells at which price"
      : "`civsync gc` would free nothing now"
  }

  private func carryOut(
    _ survey: Survey, _ http: HTTPClient, run: String, allowPartial: Bool
  ) async throws -> RunOutcome {
    let began = ContinuousClock.now
    var outcome = RunOutcome()
    let plan = survey.plan
    if try plan.hasChanges || isMoved(survey.workspace.store) {
      try await prepare(survey.workspace)
      try await disk.run { () throws(EngineError) in
        try self.need(
          plan.result, Set(plan.companions.compactMap(\.digest)), beyond: survey.head,
          in: survey.workspace)
      }
    }
    try await breakSeals(survey.world, survey.workspace)
    let pacer = pacer(survey.manifest, survey.manifest.transfer, http, survey.workspace.store)
    let missing = try await obtain(survey, http, pacer, &outcome)
    outcome.seconds = (ContinuousClock.now - began).inSeconds
    if plan.hasChanges { remember(outcome) }
    if let error = outcome.stopped { throw error }
    if Task.isCancelled { throw EngineError.interrupted }
    let ledger = RunLedger(plan, former: survey.former, missing: missing)
    let isInPart = allowPartial && !ledger.actions.isEmpty
    if outcome.failures.isEmpty || isInPart {
      let companions = try await makeCompanions(
        ledger.companions(of: plan), survey.companions, survey.workspace.store,
        CompanionFetcher(http: http, context: context, pacer: pacer))
      let records = companions.recorded(
        in: try await withExactSizes(ledger.result, survey.workspace.store))
      try await record(
        Recording(
          head: survey.head, workspace: survey.workspace,
          manifests: manifests(of: survey), selection: selection(of: survey),
          links: survey.manifest.links, treeLinks: survey.manifest.treeLinks,
          link: survey.manifest.link, actions: ledger.actions, companions: companions,
          entries: records,
          lockedBeyond: survey.lockedBeyond(ledger.result),
          title: Self.title(run, ledger.actions, companions), body: Self.body(outcome)),
        &outcome)
      BlockMemory(project, fileSystem).remember(plan.blocked + outcome.blocked)
      await rememberAdopted(ledger.actions, survey.workspace)
    }
    outcome.isAfterRecovery = hasRecovered.withLock { $0 }
    outcome.exit = exitCode(outcome, plan, isInPart: isInPart)
    if outcome.exit == .partial, lacksLogin(survey, plan.blocked + outcome.blocked) {
      outcome.exit = .authentication
    }
    return outcome
  }

  /// The manifests that the snapshot is of. A part of a plan leaves the rest of an edit to be made,
  /// so the snapshot stays one of the manifests before.
  private func manifests(of survey: Survey) -> [ManifestCopy] {
    // After `@empty` there are none, and nothing that an edit could still take away.
    if survey.isPart, let head = survey.head, !head.manifests.isEmpty { return head.manifests }
    return survey.manifest.sources.map {
      ManifestCopy(path: $0.name, role: $0.role, bytes: $0.bytes)
    }
  }

  private func selection(of survey: Survey) -> Digest? {
    survey.isPart ? survey.head?.selection : selection(of: survey.manifest)
  }

  /// Whether the user moved the store, or gave the former one up: rollback, which reads no manifest, must
  /// find it again.
  private func isMoved(_ store: ContentStore) throws(EngineError) -> Bool {
    guard let state = try ProjectState.load(project, fileSystem) else { return false }
    return state.store != store.root.string || state.storeID == ""
  }

  /// Brings every object that the plan needs into the store.
  /// - Returns: the digests that could not be had.
  private func obtain(
    _ survey: Survey, _ http: HTTPClient, _ pacer: FetchPacer, _ outcome: inout RunOutcome
  ) async throws -> Set<Digest> {
    let plan = survey.plan
    let entries = plan.fetches
    if entries.contains(where: { !$0.isObject }) {
      await checkToken(
        context.catalogue(survey.manifest.endpoints, http, survey.manifest.transfer))
    }
    observer.handle(.fetching(files: entries.count, bytes: plan.space.fetch))
    let fetcher = Fetcher(
      store: survey.workspace.store, http: http, endpoints: survey.manifest.endpoints,
      token: token, tokens: context.tokenPolicy,
      context: context, retries: context.retries(survey.manifest.transfer), disk: disk,
      observer: observer, width: context.downloadsAtOnce(survey.manifest.transfer),
      order: survey.manifest.transfer.order ?? .smallFirst,
      pacer: pacer, mirrors: plan.mirrors, objectURLs: survey.manifest.objectURLs)
    let results = await fetch(entries, fetcher, &outcome)
    var missing: Set<Digest> = []
    var refusals: [(EntryIdentity, BlockedReason)] = []
    for entry in entries {
      switch results[entry.digest] {
      case .fetched(let bytes):
        if bytes > .zero { outcome.fetchedFiles += 1 }
        outcome.fetchedBytes += bytes
      case .blocked(let reason):
        missing.insert(entry.digest)
        // Another address or another server may have an object at once: it is asked again.
        if !entry.isObject { refusals.append((entry.identity, reason)) }
        outcome.blocked.append(BlockedEntry(entry, reason))
      case .failed(let kind, let message):
        missing.insert(entry.digest)
        outcome.failures.append(FetchFailure(entry: entry, kind: kind, message: message))
      case nil:
        missing.insert(entry.digest)
        outcome.untried.append(entry)
      }
    }
    let isOtherwise =
      outcome.blocked.contains { $0.reason.contradictsCatalogue }
      || outcome.failures.contains { $0.kind == .verification }
    if isOtherwise { await forgetAnswers() }
    if outcome.stopped == nil {
      missing.formUnion(await takeIn(plan, survey.workspace, survey.adoption, &outcome))
    }
    try await publish(survey.workspace.store)
    do {
      try Refusals(path: project.refusals, fileSystem: fileSystem).append(
        refusals, now: context.unixTime, withToken: token != nil)
    } catch {
      observer.handle(.notice("the refusals could not be remembered: \(error)"))
    }
    return missing
  }

  /// Takes files from their places into the store: the user's own, and placed ones whose object is
  /// gone.
  /// - Returns: the digests that could not be taken.
  func takeIn(
    _ plan: Plan, _ workspace: Workspace, _ adoption: AdoptionMethod,
    _ outcome: inout RunOutcome
  ) async -> Set<Digest> {
    var missing: Set<Digest> = []
    for action in plan.actions where action.source == .place {
      guard let entry = action.entry ?? action.former,
        let root = workspace.roots[action.place.tree]
      else { continue }
      let path = root.appending(action.place.path)
      let store = workspace.store
      let asked = action.kind == .adopt ? IngestMethod(adoption) : .link
      // What tools may write to shares no bytes with the store.
      let sharesNothing = entry.file.isEditable && asked == .link
      let method = sharesNothing ? .reflink : asked
      // A user who asks for links does not want the bytes twice.
      let mayCopy = sharesNothing || action.kind != .adopt || adoption != .link
      do {
        try await disk.run { () throws(StoreError) in
          do throws(StoreError) {
            try store.ingest(path, expecting: entry.digest, by: method)
          } catch .system(let error)
            where mayCopy && (error.isUnsupported || error.isCrossDevice)
          {
            try store.ingest(path, expecting: entry.digest, by: .copy)
          }
        }
      } catch {
        missing.insert(entry.digest)
        outcome.failures.append(
          FetchFailure(
            entry: entry, kind: .other, message: "cannot take it into the store: \(error)"))
      }
    }
    return missing
  }

  /// Adoption gives a file a new time: a later scan or import need not read it again for that.
  private func rememberAdopted(_ actions: [Action], _ workspace: Workspace) async {
    let adopted = actions.compactMap { action -> (AbsolutePath, Digest)? in
      guard action.kind == .adopt, let entry = action.entry else { return nil }
      return workspace.roots[action.place.tree].map {
        ($0.appending(action.place.path), entry.digest)
      }
    }
    guard !adopted.isEmpty else { return }
    await disk.run {
      let stamps = adopted.compactMap { path, digest in
        // A file that was not taken after all has no such time.
        (try? self.fileSystem.status(path)).flatMap { status in
          status.isSealed(as: digest) ? (digest, path, FileStamp(status)) : nil
        }
      }
      self.openUserIndex()?.remember(stamps, now: self.context.unixTime * 1_000_000_000)
    }
  }

  func publish(_ store: ContentStore) async throws {
    do {
      _ = try await disk.run { () throws(StoreError) in try store.publish() }
    } catch {
      throw EngineError(
        "C055", "what was fetched could not be made durable: \(error)",
        notes: ["nothing was changed; what was fetched is kept"],
        exit: error.isFull ? .noSpace : .failed)
    }
  }

  /// The catalogue's sizes are advisory; what stands in the store is exact.
  private func withExactSizes(_ entries: [Entry], _ store: ContentStore) async throws -> [Entry] {
    try await disk.run { () throws(EngineError) in
      var entries = entries
      for index in entries.indices {
        let size = try self.exactSize(of: entries[index].digest, store)
        // A file is not made anew for what it says already.
        if let size, size != entries[index].file.bytes { entries[index].file.bytes = size }
      }
      return entries
    }
  }

  /// - Returns: `nil` of what the store does not have.
  func exactSize(of digest: Digest, _ store: ContentStore) throws(EngineError) -> ByteCount? {
    do {
      return try store.stat(digest).map { ByteCount($0.size) }
    } catch {
      throw EngineError(
        "C222", "cannot look at what was fetched: \(error)",
        notes: ["nothing was changed; what was fetched is kept"])
    }
  }

  /// - Parameter isInPart: what could be changed was, although something failed.
  private func exitCode(_ outcome: RunOutcome, _ plan: Plan, isInPart: Bool) -> CommandExit {
    if !outcome.failures.isEmpty {
      let code = CommandExit.combining(outcome.failures.map(\.exit))
      return isInPart && code != .interrupted ? .partial : code
    }
    if !plan.unanswered.isEmpty || !outcome.left.isEmpty { return .partial }
    return (plan.blocked + outcome.blocked).contains { $0.reason.isByUs } ? .partial : .ok
  }

  /// `apply: 12 created, 1 removed`.
  static func title(
    _ run: String, _ actions: [Action], _ companions: CompanionRun
  ) -> String {
    var title = RunTitle(run)
    for kind in ActionKind.allCases where actions.count(kind) > 0 {
      title.counts[kind] = actions.count(kind)
    }
    if title.counts.isEmpty, !companions.actions.isEmpty { return "\(run): companions only" }
    return title.text
  }

  private static func body(_ outcome: RunOutcome) -> String {
    guard outcome.fetchedBytes > .zero else { return "" }
    let files = outcome.fetchedFiles
    return "fetched \(files) \(files == 1 ? "file" : "files"), \(outcome.fetchedBytes)"
  }
}

extension StoreError {
  var isFull: Bool {
    if case .system(let error) = self { error.isFull } else { false }
  }
}

extension Duration {
  var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) / 1e18
  }
}

extension IngestMethod {
  fileprivate init(_ adoption: AdoptionMethod) {
    switch adoption {
    case .reflink: self = .reflink
    case .copy: self = .copy
    case .link: self = .link
    }
  }
}
