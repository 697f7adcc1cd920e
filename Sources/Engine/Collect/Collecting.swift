import ContentStore
import Core
import GitStore
import History
import Index
import ManifestModel
import SystemIO

extension Engine {
  /// Takes away what nobody needs, or tells what that would be. Nothing that it needs before it takes away
  /// asks for room on the disk.
  ///
  /// An interrupted switch is not brought to its end first, which may need room: what it needs stays.
  /// - Throws: `C218` for a project that cannot be forgotten, `C219` where it is not known who needs what.
  package func collect(_ request: CollectRequest) async throws -> CollectReport {
    let manifest = try loadManifest().manifest
    let isProject = (try? fileSystem.status(project.state)) ?? nil != nil
    var lock: ProjectLock?
    if request.carriesOut, isProject { lock = try await acquireLock(.none) }
    defer { lock?.release() }
    var run = try await disk.run { () throws(EngineError) in
      try self.begin(request, manifest)
    }
    guard run.isThere else { return run.report }
    try await judge(
      &run.candidates, run.marks, manifest, isOffline: request.isOffline, &run.report)
    run.settle(takesIrreplaceable: request.takesIrreplaceable)
    run.tellSnapshots()
    guard request.carriesOut else { return run.report }
    let alone = try await lockStore(run.store, .exclusive)
    defer { alone.release() }
    let isCancelled = Locked(false)
    return try await withTaskCancellationHandler {
      try await disk.run { [run] () throws(EngineError) in
        var run = run
        try self.sweep(&run, request) { isCancelled.withLock { $0 } }
        return run.report
      }
    } onCancel: {
      isCancelled.withLock { $0 = true }
    }
  }

  private func begin(
    _ request: CollectRequest, _ manifest: Manifest
  ) throws(EngineError) -> CollectRun {
    let state = try ProjectState.load(project, fileSystem)
    let path = try storePath(trees: manifest.treeRoots, wanted: manifest.store, known: state)
    let store = ContentStore(root: path, files: fileSystem)
    try requireStore(store)
    var run = CollectRun(
      store: store, id: state?.id, marks: try marks(manifest),
      report: CollectReport(
        isDone: request.carriesOut, store: path, keep: manifest.keep, grace: request.grace))
    do {
      run.isThere = try store.isThere()
    } catch {
      throw EngineError("C032", "cannot look at the store `\(path)`: \(error)")
    }
    run.report.pending = try pendingText()
    run.report.snapshots = run.marks.snapshots.count
    run.report.keptSnapshots = run.marks.keeps.count { $0 }
    guard run.isThere else {
      if let unknown = request.forget.first {
        throw EngineError(
          "C218", "no project `\(unknown)` has told this store what it needs",
          notes: ["there is no store at `\(path)`"], exit: .usage)
      }
      return run
    }
    let needs = try needs(store, own: run.id, forget: request.forget)
    run.take(needs)
    try sort(&run, request.grace)
    run.leftovers = try leftovers(store)
    return run
  }

  /// How long a download waits for somebody to go on with it, in seconds.
  private static let leftoverAge: Int64 = 7 * 86_400

  private func leftovers(_ store: ContentStore) throws(EngineError) -> [StoreLeftover] {
    do {
      return try store.leftovers(before: context.unixTime - Self.leftoverAge)
    } catch {
      throw EngineError("C032", "cannot look at the store `\(store.root)`: \(error)")
    }
  }

  /// Under the store's lock. Others may have told what they need since it was looked at.
  private func sweep(
    _ run: inout CollectRun, _ request: CollectRequest, isCancelled: () -> Bool
  ) throws(EngineError) {
    let needs = try needs(run.store, own: run.id, forget: request.forget)
    let needed = needs.byProjects.union(needs.byPlans)
    let store = run.store
    do {
      for forgotten in needs.forgotten { try store.removeRoot(forgotten.name) }
      for plan in needs.spentPlans { try store.removeRoot(plan) }
    } catch {
      throw EngineError("C219", "a file of roots could not be removed: \(error)")
    }
    var freed: [CollectReport.Object] = []
    var gone: Set<Digest> = []
    for candidate in run.candidates where candidate.reason == nil {
      if isCancelled() { run.report.isStopped = true }
      if run.report.isStopped { break }
      let digest = candidate.digest
      do throws(StoreError) {
        guard !needed.contains(digest), try store.collect(digest, seen: candidate.status) else {
          run.count(candidate, needed.contains(digest) ? .project : .linked)
          continue
        }
        gone.insert(digest)
        freed.append(run.object(candidate))
      } catch {
        run.report.failures.append(.init(digest: digest, message: "\(error)"))
      }
    }
    run.report.freed = freed
    run.report.leftovers = FileTotals()
    for leftover in run.leftovers {
      if isCancelled() { run.report.isStopped = true }
      if run.report.isStopped { break }
      if (try? store.remove(leftover)) == true { run.report.leftovers.add(leftover.bytes) }
    }
    // From here on there is room again, and nothing is lost where there is none.
    openIndex()?.forgetVerified(gone)
    tellRoots(run)
    run.tellSnapshots()
  }

  /// What the project needs from now on. Where that cannot be written the former file says more than is
  /// needed.
  private func tellRoots(_ run: CollectRun) {
    guard let id = run.id else { return }
    let stays = run.candidates.lazy.filter { $0.reason?.isIrreplaceable == true }
      .map(\.digest).filter(run.marks.walk.knows)
    do {
      try run.store.write(StoreRoot(owner(id), run.marks.own.union(stays).sorted()))
    } catch {
      observer.handle(
        .notice("what this project needs of the store could not be noted anew: \(error)"))
    }
  }
}
