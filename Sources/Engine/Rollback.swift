import CatalogueModel
import Core
import GitStore
import History
import ManifestModel
import Planning
import SystemIO
import Tree

extension Engine {
  /// What going back to a snapshot would change.
  package func planRollback(to revision: String) async throws -> PlannedRun {
    try await returning(to: revision).run
  }

  /// Goes back to a snapshot, from the store alone, and records that as a new one.
  /// - Parameters:
  ///   - revision: whatever git understands, or `@empty`.
  ///   - review: shows the plan and asks.
  /// - Returns: `nil` when it was not confirmed.
  package func rollback(to revision: String, review: PlanReview) async throws -> RunOutcome? {
    // Said before anything is made: without a history there is nothing to go back to.
    _ = try await disk.run { () throws(EngineError) in try self.requireHead() }
    let lock = try acquireLock()
    defer { lock.release() }
    try await recover()
    let way = try await returning(to: revision)
    review.show(way.run)
    try requireObjects(way.run.plan)
    if way.run.plan.hasChanges, !review.confirm() { return nil }
    var outcome = RunOutcome()
    outcome.earlier = way.earlier
    if way.run.plan.hasChanges { try await prepare(way.workspace) }
    _ = await takeIn(way.run.plan, way.workspace, &outcome)
    try await publish(way.workspace.store)
    if let failure = outcome.failures.first {
      throw EngineError(
        "C068", "a file that leaves its place could not be kept in the store",
        notes: ["\(failure.entry.title): \(failure.message)", "nothing was changed"],
        exit: failure.exit)
    }
    try await record(
      Recording(
        head: way.head, workspace: way.workspace, manifests: way.manifests,
        selection: way.selection, links: way.manifest?.links ?? [:],
        treeLinks: way.manifest?.treeLinks ?? [:], link: way.manifest?.link,
        actions: way.run.plan.actions, entries: way.run.plan.result,
        title: Self.title("rollback to \(revision)", way.run.plan.actions), body: ""),
      &outcome)
    outcome.exit = outcome.left.isEmpty && way.run.plan.blocked.isEmpty ? .ok : .partial
    return outcome
  }

  private struct WayBack {
    var head: Snapshot
    var workspace: Workspace
    /// Only says how to link; going back works without one.
    var manifest: Manifest?
    var manifests: [ManifestCopy]
    var selection: Digest?
    var earlier: CommitID?
    var run: PlannedRun
  }

  private func returning(to revision: String) async throws -> WayBack {
    let (head, target) = try await disk.run { () throws(EngineError) in
      (try self.requireHead(), try self.snapshot(revision))
    }
    let workspace = try workspace(
      trees: head.treeRoots.joined(with: target.treeRoots), store: nil)
    try checkRoots(workspace, claimed: head.roots)
    let former = Entry.entries(of: head.models)
    let wanted = Entry.entries(of: target.models)
    let manifest = try? loadManifest().manifest
    let world = try await look(workspace, manifest, wanted, former)
    let plan = Planner.rollback(to: wanted, from: former, world: world)
    let earlier = try await disk.run { () throws(EngineError) in try self.parent(of: target) }
    return WayBack(
      head: head, workspace: workspace, manifest: manifest, manifests: target.manifests,
      selection: target.selection, earlier: earlier,
      run: PlannedRun(plan: plan, pending: try pendingText()))
  }

  /// Going back fails closed: it fetches nothing, so everything must be there.
  private func requireObjects(_ plan: Plan) throws(EngineError) {
    let missing = plan.fetches
    guard !missing.isEmpty else { return }
    throw EngineError(
      "C064", "the store does not have everything that the snapshot needs; nothing was changed",
      notes: missing.prefix(10).map { "`\($0.file.name)` of \($0.title), sha256 \($0.digest)" }
        + (missing.count > 10 ? ["and \(missing.count - 10) more"] : []),
      help: "put the objects back into the store, or declare these files and run `civsync apply`")
  }
}
