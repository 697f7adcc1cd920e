import CatalogueModel
import ContentStore
package import Core
import Diagnostics
import ManifestModel
import Planning
import SystemIO
import Transfer

extension Engine {
  /// Fetches the same files under two policies by turns, into a store of its own that goes with it.
  /// Neither store nor trees are touched, and no run is recorded.
  /// - Parameters:
  ///   - size: no pass fetches more.
  ///   - confirm: is shown what it would fetch; `false` ends it with nothing fetched.
  /// - Returns: `nil` when it was not confirmed.
  /// - Throws: `C192` to `C195`, and what reading the project throws.
  package func bench(
    _ policies: [BenchPolicy], rounds: Int, size: ByteCount, confirm: (BenchPlan) -> Bool
  ) async throws -> BenchResult? {
    let manifest = try loadManifest().manifest
    let lock = try await acquireLock(.none)
    defer { lock.release() }
    let entries = try await benchEntries(manifest)
    let plan = BenchPlan(
      files: BenchPlan.ordered(try BenchPlan.choose(from: entries, size: size), as: entries),
      policies: policies, rounds: rounds)
    guard confirm(plan) else { return nil }
    try await clearBench()
    try await requireBenchSpace(plan)
    do {
      return try await run(plan, manifest)
    } catch {
      // Why it ended is worth more than what could not be cleared away; the next bench does that.
      try? await clearBench()
      throw (error as? EngineError)?.endingBench ?? error
    }
  }

  private var benchFolder: AbsolutePath { project.state.appending("bench") }

  /// What is recorded and locked; before the first apply what the catalogue gives the manifest.
  private func benchEntries(_ manifest: Manifest) async throws -> [Entry] {
    let request = PlanRequest(changesManifests: true)
    let known = try await ground(request).known
    if !known.isEmpty { return known }
    let http = try context.makeClient(manifest.transfer)
    defer { http.shutdown() }
    return try await survey(http, request).plan.fetches
  }

  private func run(_ plan: BenchPlan, _ manifest: Manifest) async throws -> BenchResult {
    var result = BenchResult(
      files: plan.files.count, bytes: plan.bytes, rounds: plan.rounds,
      sides: plan.policies.map { BenchResult.Side(policy: $0) })
    for (number, side) in plan.order.enumerated() {
      let policy = plan.policies[side]
      observer.handle(.benchPass(number + 1, of: plan.passes, policy: policy.name))
      result.sides[side].passes.append(try await pass(plan, policy, manifest))
      try await clearBench()
    }
    return result
  }

  /// Each pass begins with a client and a store of its own, so that none has it easier.
  private func pass(
    _ plan: BenchPlan, _ policy: BenchPolicy, _ manifest: Manifest
  ) async throws -> BenchResult.Pass {
    let spec = policy.applied(to: manifest.transfer)
    let store = ContentStore(root: benchFolder, files: fileSystem)
    do {
      try await disk.run { () throws(StoreError) in try store.prepare() }
    } catch {
      throw EngineError("C195", "the bench has no folder to fetch into: \(error)")
    }
    let http = try context.makeClient(spec)
    defer { http.shutdown() }
    await checkToken(context.catalogue(manifest.endpoints, http, spec))
    let fetcher = Fetcher(
      store: store, http: http, endpoints: manifest.endpoints, token: token,
      tokens: context.tokenPolicy, context: context, retries: context.retries(spec), disk: disk,
      observer: observer, width: context.downloadsAtOnce(spec),
      order: spec.order ?? .smallFirst, pacer: pacer(manifest, spec, http, store),
      objectURLs: manifest.objectURLs)
    observer.handle(.fetching(files: plan.files.count, bytes: plan.bytes))
    var outcome = RunOutcome()
    let began = ContinuousClock.now
    let fetched = await fetch(plan.files, fetcher, &outcome)
    let seconds = (ContinuousClock.now - began).inSeconds
    if let error = outcome.stopped { throw error }
    if Task.isCancelled { throw EngineError.interrupted }
    return BenchResult.Pass(
      seconds: seconds, bytes: try plan.files.reduce(0) { try $0 + bytes(of: $1, fetched, policy) })
  }

  private func bytes(
    of entry: Entry, _ fetched: [Digest: FetchOutcome], _ policy: BenchPolicy
  ) throws(EngineError) -> Int64 {
    let reason: String
    let exit: CommandExit
    switch fetched[entry.digest] {
    case .fetched(let bytes): return bytes.bytes
    case .failed(let kind, let message):
      reason = message
      exit = FetchFailure(entry: entry, kind: kind, message: message).exit
    case .blocked(let blocked):
      reason = blocked.text
      exit = [.loginRequired, .tokenRefused].contains(blocked) ? .authentication : .failed
    case nil: (reason, exit) = ("it was not fetched", .failed)
    }
    throw EngineError(
      "C193", "the bench ended: `\(entry.file.name)` did not come under `\(policy.name)`",
      notes: [withoutSecrets(reason, token: context.token), "nothing of it was kept"],
      help: "run it again, or let it choose other files with `--size`", exit: exit)
  }

  private func requireBenchSpace(_ plan: BenchPlan) async throws {
    let (files, folder) = (fileSystem, project.state)
    let free = try? await disk.run { () throws(SystemError) in try files.freeSpace(folder) }
    guard let free = free?.available, free < plan.bytes else { return }
    throw EngineError(
      "C194", "a pass needs \(plan.bytes) and \(free) are free; nothing was fetched",
      help: "free some space, or fetch less with `--size`", exit: .noSpace)
  }

  private func clearBench() async throws {
    let (files, folder) = (fileSystem, benchFolder)
    do {
      try await disk.run { () throws(SystemError) in try files.removeAll(folder) }
    } catch {
      throw EngineError(
        "C195", "the bench's folder could not be removed: \(error)",
        help: "remove `\(folder)` by hand: nothing else needs it")
    }
  }
}

extension EngineError {
  /// An interruption of another command keeps what came; this one does not.
  fileprivate var endingBench: EngineError {
    guard exit == .interrupted else { return self }
    var error = self
    for index in error.diagnostics.indices {
      error.diagnostics[index].notes = ["nothing was changed, and nothing of it was kept"]
    }
    return error
  }
}
