import CatalogueModel
import ContentStore
import Core
import GitStore
import History
import ManifestModel
package import Planning
import SystemIO
import Tree

extension Engine {
  /// What going back to a snapshot would change.
  /// - Parameter manifests: the manifests are put back too.
  package func planRollback(to revision: String, manifests: Bool = false) async throws -> PlannedRun
  {
    try await returning(to: revision, manifests: manifests).run
  }

  /// Goes back to a snapshot, from the store alone, and records that as a new one.
  /// - Parameters:
  ///   - revision: whatever git understands, or `@empty`.
  ///   - manifests: the manifests are put back too.
  ///   - review: shows the plan and asks.
  /// - Returns: `nil` when it was not confirmed.
  package func rollback(
    to revision: String, manifests: Bool = false, review: PlanReview
  ) async throws -> RunOutcome? {
    // Said before anything is made: without a history there is nothing to go back to.
    try await disk.run { () throws(EngineError) in try self.requireHeadOrRun() }
    let lock = try await acquireLock()
    defer { lock.release() }
    try await recover()
    let way = try await returning(to: revision, manifests: manifests)
    review.show(way.run)
    try requireObjects(way.run.plan)
    if way.run.plan.hasChanges || !way.run.manifests.isEmpty, !review.confirm() { return nil }
    var outcome = RunOutcome()
    try await goBack(
      way,
      title: Self.title(
        "rollback to \(revision)", way.run.plan.actions,
        CompanionRun(actions: way.run.plan.companions)), &outcome)
    // Only advice: that it cannot be told is no failure of what is done.
    outcome.earlier = await disk.run {
      (try? self.nearestWhole(
        from: way.earlier, beyond: way.target, in: way.workspace.store)) ?? nil
    }
    outcome.exit = outcome.left.isEmpty && way.run.plan.blocked.isEmpty ? .ok : .partial
    return outcome
  }

  /// Carries a way back out and records it.
  func goBack(_ way: WayBack, title: String, _ outcome: inout RunOutcome) async throws {
    if way.run.plan.hasChanges { try await prepare(way.workspace) }
    _ = await takeIn(way.run.plan, way.workspace, .reflink, &outcome)
    try await publish(way.workspace.store)
    if let failure = outcome.failures.first {
      throw EngineError(
        "C068", "a file that leaves its place could not be kept in the store",
        notes: ["\(failure.entry.title): \(failure.message)", "nothing was changed"],
        exit: failure.exit)
    }
    let companions = CompanionRun(actions: way.run.plan.companions)
    try await record(
      Recording(
        head: way.head, target: way.target, workspace: way.workspace, manifests: way.manifests,
        selection: way.selection, links: way.manifest?.links ?? [:],
        treeLinks: way.manifest?.treeLinks ?? [:], link: way.manifest?.link,
        actions: way.run.plan.actions, companions: companions,
        entries: way.run.plan.result, title: title, body: "",
        restoresManifests: way.restoresManifests),
      &outcome)
  }

  struct WayBack {
    var head: Snapshot
    var target: Snapshot
    var workspace: Workspace
    /// Only says how to link; going back works without one.
    var manifest: Manifest?
    var manifests: [ManifestCopy]
    var selection: Digest?
    /// They are put back on the disk.
    var restoresManifests: Bool
    var earlier: CommitID?
    var run: PlannedRun
  }

  func returning(to revision: String, manifests restores: Bool = false) async throws -> WayBack {
    let (head, target) = try await disk.run { () throws(EngineError) in
      let head = try self.requireHead()
      return (head, try self.snapshot(revision, sharing: head))
    }
    let workspace = try workspace(
      trees: head.treeRoots.joined(with: target.treeRoots), store: nil)
    try checkRoots(workspace, claimed: head.roots)
    try await disk.run { () throws(EngineError) in try self.requireStore(workspace.store) }
    let former = head.entries
    let wanted = target.entries
    let manifest = try? loadManifest().manifest
    let world = try await look(workspace, manifest, wanted, former)
    let plan = try await planCompanions(
      Planner.rollback(to: wanted, from: former, world: world), former: former, nil, workspace)
    let earlier = try await disk.run { () throws(EngineError) in try self.parent(of: target) }
    var run = PlannedRun(plan: plan, pending: try pendingText())
    if restores {
      run.manifests = try await disk.run { () throws(EngineError) in
        try self.manifestsBack(to: target, from: head)
      }
    }
    return WayBack(
      head: head, target: target, workspace: workspace, manifest: manifest,
      manifests: target.manifests,
      selection: target.selection, restoresManifests: restores, earlier: earlier, run: run)
  }

  /// Going back fails closed: it fetches nothing, so everything must be there.
  package func requireObjects(_ plan: Plan) throws(EngineError) {
    let missing = plan.missing
    guard !missing.isEmpty else { return }
    throw EngineError(
      "C064", "the store does not have everything that the snapshot needs; nothing was changed",
      notes: missing.prefix(10).map { "`\($0.file.name)` of \($0.title), sha256 \($0.digest)" }
        + (missing.count > 10 ? ["and \(missing.count - 10) more"] : []),
      help: "declare these files and run `civsync apply`, which fetches them; what is damaged "
        + "`civsync verify --repair` restores")
  }

  /// The nearest snapshot from one on backwards of which the store has everything: what cannot be gone
  /// back to is not offered.
  /// - Parameter target: what was just gone back to; it is whole.
  private func nearestWhole(
    from first: CommitID?, beyond target: Snapshot, in store: ContentStore
  ) throws(EngineError) -> CommitID? {
    guard var id = first else { return nil }
    let missing = knownMissing()
    while let count = missing[id], count > 0 {
      let found = id
      let parent = try reading { history throws(HistoryError) in try history.entry(found).parent }
      guard let parent else { return nil }
      id = parent
    }
    if missing[id] != nil { return id }
    // Where it was never worked out the one is looked at, and no other.
    let objects = StoreLook(store)
    let snapshot = try reading { history throws(HistoryError) in
      try history.read(id, sharing: target)
    }
    let others = EntryDifference(from: target.entries, to: snapshot.entries).new
    let isWhole = others.allSatisfy { objects.has($0.digest) }
    try objects.requireAnswers()
    return isWhole ? id : nil
  }
}
