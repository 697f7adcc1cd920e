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

/// What a plan begins with: what is declared, what is recorded, and where both stand.
struct Ground {
  var manifest: Manifest
  var warnings: [Diagnostic]
  var workspace: Workspace
  /// The last snapshot; `nil` before the first apply.
  var head: Snapshot?
  var former: [Entry]
  /// The records together with what the lock knows beyond them.
  var known: [Entry]
  /// Only where it is to be followed.
  var lock: RecordFormat.Lock?
}

/// Everything that a plan was made from, for whoever carries it out.
struct Survey {
  var ground: Ground
  var world: ObservedWorld
  var plan: Plan
  var adoption = AdoptionMethod.reflink
  /// What companions are made from.
  var companions = CompanionMaterial()
  /// The plan is about a part only: what the manifest asks for beyond it is still to be done.
  var isPart = false
  /// What the run is about, where it is a part that the user named.
  var isMeant: (@Sendable (Entry) -> Bool)? {
    didSet { isPart = true }
  }
  /// How many API calls the catalogue took.
  var calls = 0
  /// What it had told before and was not asked again.
  var kept = KeptCount()
  var oddities: [CatalogueOddity] = []
  /// Blocks that the last apply already showed.
  var knownBlocks: [BlockedEntry] = []
  var pending: String?
  var states: [ModelState] = []
  /// What is wrong with the login.
  var loginWarnings: [Diagnostic] = []
  /// It is needed, and cannot be used.
  var lacksLogin = false
  /// How long fetching should take by what this machine has measured.
  var estimatedSeconds: Double?

  var manifest: Manifest { ground.manifest }
  var workspace: Workspace { ground.workspace }
  var head: Snapshot? { ground.head }
  var former: [Entry] { ground.former }

  /// What the lock says that the records do not, of which a part of a plan must not lose sight.
  func lockedBeyond(_ result: [Entry]) -> [Entry] {
    guard isPart else { return [] }
    let here = Set((former + result).map(\.identity))
    return ground.known.filter { !here.contains($0.identity) }
  }

  /// The plan with all that showing it needs.
  var run: PlannedRun {
    var run = PlannedRun(
      plan: plan, warnings: ground.warnings + loginWarnings + Diagnostic.oddities(oddities),
      knownBlocks: knownBlocks, pending: pending, calls: calls)
    run.estimatedSeconds = estimatedSeconds
    run.lacksLogin = lacksLogin
    run.states = states
    run.kept = kept
    return run
  }
}

extension Engine {
  /// The difference between what the manifest declares and what is, asked from the catalogue.
  package func plan(_ request: PlanRequest = PlanRequest()) async throws -> PlannedRun {
    if request.isPlainOffline, let run = try await quietPlan() { return run }
    let http = try context.makeClient(loadManifest().manifest.transfer)
    defer { http.shutdown() }
    let survey = try await survey(http, request)
    if request.isPlainOffline { await rememberQuiet(survey) }
    noteIndexes()
    return survey.run
  }

  func survey(_ http: HTTPClient, _ request: PlanRequest) async throws -> Survey {
    let ground = try await ground(request)
    let answer = try await resolve(ground, http, request)
    let resolution = answer.resolution
    var world = try await look(
      ground.workspace, ground.manifest, resolution.entries, ground.former,
      verifies: request.verifies)
    world.adoptsByLink = request.adoption == .link
    var survey = Survey(
      ground: ground, world: world,
      plan: Planner.plan(resolution, former: ground.former, world: world),
      calls: answer.answers.calls, kept: answer.answers.kept, oddities: answer.answers.oddities,
      pending: try pendingText())
    survey.adoption = request.adoption
    if request.isOffline { survey.stayOffline() }
    try survey.narrow(request)
    if let meant = answer.meant { survey.narrow(to: meant) }
    if request.fits { survey.fit() }
    try await addCompanions(to: &survey, answer.answers, asksAgain: request.asksAgain)
    survey.estimatedSeconds = runRecords.seconds(for: survey.plan.space.fetch)
    survey.states = answer.answers.states(former: ground.former, plan: survey.plan)
    survey.loginWarnings = loginWarnings
    survey.lacksLogin = lacksLogin(survey, survey.plan.blocked)
    survey.knownBlocks = BlockMemory(project, fileSystem).known(among: survey.plan.blocked)
    return survey
  }

  /// Reads manifest, records and lock, and stops where they do not fit together.
  func ground(_ request: PlanRequest) async throws -> Ground {
    let (manifest, warnings) = try loadManifest()
    let head = try await disk.run { () throws(EngineError) in try self.headSnapshot() }
    if !request.changesManifests { try checkManifests(manifest, head) }
    let former = head?.entries ?? []
    let used = Set(former.lazy.flatMap(\.file.places).map(\.tree))
    let workspace = try workspace(
      trees: manifest.treeRoots,
      former: head?.treeRoots.filter { used.contains($0.name) } ?? [], store: manifest.store)
    try checkRoots(workspace, claimed: head?.roots ?? [:])
    try await disk.run { () throws(EngineError) in try self.requireStore(workspace.store) }
    // Names that another machine gave are kept here too.
    let beyond = try await disk.run { () throws(EngineError) in
      try self.lockFile.read(beyond: former)
    }
    let lock =
      request.followsLock
      ? try await disk.run { () throws(EngineError) in try self.lockFile.load() } : nil
    if head == nil { try noteLostHistory() }
    return Ground(
      manifest: manifest, warnings: warnings, workspace: workspace, head: head, former: former,
      known: beyond.isEmpty ? former : former + beyond, lock: lock)
  }

  /// Another manifest in the same project would plan the removal of all that the first one placed:
  /// more often a slip than a wish.
  private func checkManifests(_ manifest: Manifest, _ head: Snapshot?) throws(EngineError) {
    // What these include, and the overlay, come and go by edits of the user's.
    let before = head?.manifests.filter { $0.role == .manifest }.map(\.path) ?? []
    let now = manifest.sources.filter { $0.role == .manifest }.map(\.name)
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

  /// A lock and a state file, but no snapshot: the history was there once.
  func noteLostHistory() throws(EngineError) {
    guard try ProjectState.load(project, fileSystem) != nil,
      try !lockFile.read().isEmpty
    else { return }
    observer.handle(
      .notice(
        "this project has placed files and its history is gone; what stands is adopted by the next "
          + "apply"))
  }

  /// Whether one of the texts is another than in the last snapshot, or has come or gone.
  func isEdited(_ manifest: Manifest, _ head: Snapshot?) -> Bool {
    guard let before = head?.manifests, before.count == manifest.sources.count else { return true }
    return !zip(before, manifest.sources).allSatisfy {
      $0.path == $1.name && $0.role == $1.role && $0.bytes == $1.bytes
    }
  }

  /// Looks at the world off the cooperative pool.
  /// - Parameter verifies: the content of every placed file is read.
  func look(
    _ workspace: Workspace, _ manifest: Manifest?, _ wanted: [Entry], _ recorded: [Entry],
    verifies: Bool = false
  ) async throws -> ObservedWorld {
    let observer = await worldObserver(workspace, verifies: verifies)
    var world = try await observer.look(wanted: wanted, recorded: recorded)
    world.linking = linking(workspace, manifest)
    world.reserve = manifest?.limits.disk?.bytes(of: world.total ?? .zero) ?? .zero
    return world
  }

  func worldObserver(_ workspace: Workspace, verifies: Bool) async -> WorldObserver {
    let index = await disk.run { self.openIndex() }
    return WorldObserver(
      trees: workspace.roots, store: workspace.store,
      content: KnownContent(
        index: index, files: fileSystem, now: context.unixTime,
        readers: BlockingExecutor(label: "civsync.readers", width: 2), observer: observer),
      files: fileSystem, reserved: reserved(workspace), disk: disk, verifies: verifies)
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
