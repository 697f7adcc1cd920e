import CatalogueModel
import Civitai
import ContentStore
import Core
import Diagnostics
import History
import ManifestModel
import Planning
import Resolution
import SystemIO
import Transfer
import Tree

/// Everything that a plan was made from, for whoever carries it out.
struct Survey {
  var manifest: Manifest
  var workspace: Workspace
  /// The last snapshot; `nil` before the first apply.
  var head: Snapshot?
  var former: [Entry]
  var plan: Plan
  var run: PlannedRun
}

extension Engine {
  /// The difference between what the manifest declares and what is, asked from the catalogue.
  package func plan(_ request: PlanRequest = PlanRequest()) async throws -> PlannedRun {
    let http = try makeClient()
    defer { http.shutdown() }
    return try await survey(http, request).run
  }

  /// Another manifest in the same project would plan the removal of all that the first one placed:
  /// more often a slip than a wish.
  private func checkManifests(_ manifest: Manifest, _ head: Snapshot?) throws(EngineError) {
    let before = head?.manifests.map(\.path) ?? []
    let now = manifest.sources.map(\.name)
    guard !before.isEmpty, Set(before) != Set(now) else { return }
    throw EngineError(
      "C066", "the project's last snapshot was made from another manifest",
      notes: [
        "then: " + before.map { "`\($0)`" }.joined(separator: ", "),
        "now: " + now.map { "`\($0)`" }.joined(separator: ", "),
      ],
      help: "add `--change-manifests` if that is meant, or give this one a project of its own with "
        + "`--project`", exit: .manifestInvalid)
  }

  func makeClient() throws(EngineError) -> HTTPClient {
    do {
      return try HTTPClient(
        HTTPConfiguration(userAgent: context.userAgent, environment: context.environment))
    } catch {
      throw EngineError("C060", "cannot start the network client: \(error)")
    }
  }

  func survey(_ http: HTTPClient, _ request: PlanRequest) async throws -> Survey {
    let (manifest, warnings) = try loadManifest()
    let head = try await disk.run { () throws(EngineError) in try self.headSnapshot() }
    if !request.changesManifests { try checkManifests(manifest, head) }
    let former = head.map { Entry.entries(of: $0.models) } ?? []
    let used = Set(former.lazy.flatMap(\.file.places).map(\.tree))
    let workspace = try workspace(
      trees: manifest.treeRoots,
      former: head?.treeRoots.filter { used.contains($0.name) } ?? [], store: manifest.store)
    try checkRoots(workspace, claimed: head?.roots ?? [:])
    let known = try withLock(former)
    if head == nil { try noteLostHistory() }
    observer.handle(.askingCatalogue)
    let answers = await catalogue(manifest, http).answer(CatalogueQuery(for: manifest)) {
      progress in
      if case .waiting(let endpoint, let delay, let reason) = progress {
        self.observer.handle(.catalogueWaits("\(endpoint.origin)", delay, reason: reason))
      }
    }
    if Task.isCancelled { throw EngineError.interrupted }
    let store = workspace.store
    let resolution = Resolver.resolve(
      manifest, answers,
      ResolutionContext(
        former: known, isEdited: isEdited(manifest, head), hasToken: context.token != nil,
        refusals: request.asksAgain ? [:] : knownRefusals(),
        isStored: { digest in (try? store.stat(digest))?.isSealed ?? false }))
    let world = try await look(workspace, manifest, resolution.entries, former)
    let plan = Planner.plan(resolution, former: former, world: world)
    let run = PlannedRun(
      plan: plan, warnings: warnings + Diagnostic.oddities(answers.oddities),
      knownBlocks: BlockMemory(project, fileSystem).known(among: plan.blocked),
      pending: try pendingText(), calls: answers.calls)
    return Survey(
      manifest: manifest, workspace: workspace, head: head, former: former, plan: plan, run: run)
  }

  private func catalogue(_ manifest: Manifest, _ http: HTTPClient) -> CivitaiCatalogue {
    // Somebody waits for the plan: a site that is away is said to be after a minute, not four.
    CivitaiCatalogue(
      endpoints: manifest.endpoints, http: http,
      policy: CataloguePolicy(retries: RetryPolicy(delays: [.seconds(5), .seconds(15)])),
      clock: context.clock, random: context.random)
  }

  /// The records together with what the lock knows beyond them: names that another machine gave
  /// are kept here too.
  private func withLock(_ former: [Entry]) throws(EngineError) -> [Entry] {
    let known = Set(former.map(\.identity))
    let locked = try LockFile(path: project.lockFile, files: fileSystem).read()
    return former + locked.filter { !known.contains($0.identity) }
  }

  /// A lock and a state file, but no snapshot: the history was there once.
  func noteLostHistory() throws(EngineError) {
    guard try ProjectState.load(project, fileSystem) != nil,
      try !LockFile(path: project.lockFile, files: fileSystem).read().isEmpty
    else { return }
    observer.handle(
      .notice(
        "this project has placed files and its history is gone; what stands is adopted by the next "
          + "apply"))
  }

  /// Whether the manifest is another one than the last snapshot's.
  private func isEdited(_ manifest: Manifest, _ head: Snapshot?) -> Bool {
    head?.manifests.map(\.bytes) != manifest.sources.map(\.bytes)
  }

  private func knownRefusals() -> [EntryIdentity: BlockedReason] {
    Refusals(path: project.refusals, fileSystem: fileSystem)
      .current(now: context.unixTime, hasToken: context.token != nil)
  }

  /// Looks at the world off the cooperative pool.
  func look(
    _ workspace: Workspace, _ manifest: Manifest?, _ wanted: [Entry], _ recorded: [Entry]
  ) async throws -> ObservedWorld {
    try await disk.run { () throws(EngineError) in
      let observer = WorldObserver(
        trees: workspace.roots, store: workspace.store,
        content: KnownContent(
          index: self.openIndex(), files: self.fileSystem, now: self.context.unixTime),
        files: self.fileSystem, reserved: self.reserved(workspace))
      var world = try observer.look(wanted: wanted, recorded: recorded)
      world.linking = self.linking(workspace, manifest)
      return world
    }
  }
}

extension Diagnostic {
  /// The first few of what was unexpected in the catalogue's answers, and how many more there are.
  fileprivate static func oddities(_ oddities: [CatalogueOddity]) -> [Diagnostic] {
    guard !oddities.isEmpty else { return [] }
    let shown = oddities.prefix(3).map { "\($0.subject): `\($0.field)`: \($0.message)" }
    let rest = oddities.count - shown.count
    return [
      Diagnostic(
        code: "C070", severity: .warning,
        message: "the catalogue's answers hold something unexpected, which is left out",
        notes: shown + (rest > 0 ? ["and \(rest) more"] : []))
    ]
  }
}

extension EngineError {
  static var interrupted: EngineError {
    EngineError(
      "C061", "stopped", notes: ["nothing was changed; what was fetched is kept"],
      exit: .interrupted)
  }
}
