import CatalogueModel
import ContentStore
import Core
import History
import ManifestModel
import Planning
import SystemIO
import Transfer
import Tree

extension Engine {
  /// Verifies, shows what can be restored from where, asks, and restores: each object by a new file
  /// that takes its name in one step, after its content was verified. What damaged objects held is
  /// kept, and the places that were the damaged file are linked anew.
  ///
  /// - Parameter isOffline: nothing is fetched.
  /// - Returns: `nil` when it was not confirmed.
  package func repair(
    _ request: VerifyRequest, isOffline: Bool, review: RepairReview
  ) async throws -> RepairOutcome? {
    guard (try? fileSystem.status(project.state)) != nil else {
      // Said before anything is made: where nothing was applied there is nothing to repair.
      return RepairOutcome(plan: RepairPlan(verification: try await verify(request)))
    }
    let lock = try await acquireLock()
    defer { lock.release() }
    try await recover()
    let verification = try await verification(request)
    var outcome = RepairOutcome(plan: RepairPlan(verification: verification.report))
    if verification.report.isStopped { return outcome }
    let head = try await disk.run { () throws(EngineError) in try self.headSnapshot() }
    // It says where to fetch, and how to link: only where there is none the defaults hold.
    let manifest = exists(project.manifest) ? try loadManifest().manifest : nil
    let http = try context.makeClient(manifest?.transfer ?? TransferSpec(), observer)
    defer { http.shutdown() }
    let run = RepairRun(
      verification: verification, head: head, manifest: manifest, asideName: context.folderName)
    let found = await disk.run { self.localSources(verification) }
    let lacking = Set(verification.report.damaged.map(\.digest)).subtracting(found.keys)
    let requests =
      isOffline ? RepairRequests() : try await requests(for: lacking, head, manifest, http)
    outcome.plan.cures = cures(verification.report, found, requests, isOffline: isOffline)
    let place = keepingPlace(verification.workspace.store)
    for index in outcome.plan.cures.indices {
      let damage = outcome.plan.cures[index].damage
      let keeps = damage.kind != .missing && damage.bytes != 0
      if keeps { outcome.plan.cures[index].keptIn = place }
    }
    review.show(outcome.plan)
    outcome.failed = outcome.plan.cures.filter { $0.source == nil }
    guard outcome.plan.hasWork else { return outcome }
    if !review.confirm() { return nil }
    try await prepareStore(verification.workspace.store)
    var results: [Digest: FetchOutcome] = [:]
    let wanted = outcome.plan.cures.filter { $0.source == .network }.map(\.damage.digest)
    if !wanted.isEmpty {
      results = try await fetch(wanted, requests, manifest, http, verification.workspace.store)
    }
    outcome = try await disk.run { [outcome, results] () throws(EngineError) in
      var outcome = outcome
      self.restore(&outcome, run, found, results)
      self.setRight(&outcome, verification)
      try self.replaceDamaged(&outcome, run)
      return outcome
    }
    try await relink(&outcome, run)
    return outcome
  }

  /// What a damaged object holds goes aside, where that is on the store's disk; else it stays with the store.
  private func keepingPlace(_ store: ContentStore) -> String {
    func device(_ path: AbsolutePath) -> UInt64? {
      ((try? fileSystem.status(path, followingLinks: true)) ?? nil)?.device
    }
    return device(store.root) == device(project.state)
      ? ".civsync/aside/" : "`damaged/` of the store, which is on another disk than .civsync/aside/"
  }

  /// What one repair is about.
  struct RepairRun: Sendable {
    var verification: Verification
    var head: Snapshot?
    /// Only says how to link.
    var manifest: Manifest?
    /// The folder below `aside/`.
    var asideName: String
    var store: ContentStore { verification.workspace.store }
  }

  private func localSources(_ verification: Verification) -> [Digest: RepairSources.Found] {
    var sources = RepairSources(
      files: fileSystem, store: verification.workspace.store, project: project,
      roots: verification.workspace.roots)
    var found: [Digest: RepairSources.Found] = [:]
    for damage in verification.report.damaged { found[damage.digest] = sources.find(damage) }
    return found
  }

  private func cures(
    _ report: VerifyReport, _ found: [Digest: RepairSources.Found], _ requests: RepairRequests,
    isOffline: Bool
  ) -> [Cure] {
    report.damaged.map { damage in
      if let local = found[damage.digest] { return Cure(damage: damage, source: local.source) }
      if requests.entries[damage.digest] != nil { return Cure(damage: damage, source: .network) }
      if isOffline { return Cure(damage: damage, obstacle: Self.mayBeFetched) }
      let unanswered = requests.unanswered.map { "the site could not be asked: \($0)" }
      return Cure(damage: damage, obstacle: unanswered ?? Self.unknown)
    }
  }

  private static let mayBeFetched =
    "nothing on this machine has its bytes; run it without `--offline`, which may fetch it"
  private static let unknown =
    "nothing on this machine has its bytes, and the site does not know it; put a sound copy anywhere "
    + "below `.civsync/aside/`, or declare it under `objects:` with a `url`, and run it again"

  private func prepareStore(_ store: ContentStore) async throws {
    do {
      try await disk.run { () throws(StoreError) in try store.prepare() }
    } catch {
      throw EngineError(
        "C054", "cannot prepare store and folders: \(error)", exit: CommandExit(refusedBy: error))
    }
    try await shareStore(store)
  }

  /// Has the store read and verify what was found; nothing is published yet.
  private func restore(
    _ outcome: inout RepairOutcome, _ run: RepairRun, _ found: [Digest: RepairSources.Found],
    _ results: [Digest: FetchOutcome]
  ) {
    for var cure in outcome.plan.cures where cure.source != nil {
      let digest = cure.damage.digest
      if let local = found[digest] {
        do throws(StoreError) {
          try ingest(local, cure, run)
        } catch {
          cure.obstacle = "its bytes could not be taken: \(error)"
        }
      } else if case .fetched(let bytes) = results[digest] {
        outcome.fetchedBytes += bytes
      } else {
        cure.obstacle = results[digest]?.obstacle ?? "it was not tried"
      }
      if cure.obstacle == nil { outcome.restored.append(cure) } else { outcome.failed.append(cure) }
    }
    outcome.failed.sort { $0.damage.digest < $1.damage.digest }
  }

  /// A new file where one is to be had; a file that stands at its place as a hard link did may become
  /// one again.
  private func ingest(
    _ local: RepairSources.Found, _ cure: Cure, _ run: RepairRun
  ) throws(StoreError) {
    var methods: [IngestMethod] = [.reflink]
    if case .place(let place) = cure.source, cure.damage.kind == .missing,
      run.linksHard(place, cure.damage.digest)
    {
      methods.append(.link)
    }
    for method in methods {
      do {
        return try run.store.ingest(local.path, expecting: cure.damage.digest, by: method)
      } catch .system(let error) where error.isUnsupported || error.isCrossDevice {
        continue
      }
    }
    try run.store.ingest(local.path, expecting: cure.damage.digest, by: .copy)
  }

  private func setRight(_ outcome: inout RepairOutcome, _ verification: Verification) {
    for (digest, seen) in verification.seen.sorted(by: { $0.key < $1.key }) {
      do {
        try verification.workspace.store.setRight(digest, seen: seen)
        outcome.setRight += 1
      } catch {
        observer.handle(.notice("object `\(digest.short)` could not be set right: \(error)"))
      }
    }
  }
}

extension Engine.RepairRun {
  /// Whether the place refers to the store by a hard link, as far as the manifest has a say.
  fileprivate func linksHard(_ place: Place, _ digest: Digest) -> Bool {
    let entry = head?.entries.first { $0.digest == digest && $0.file.places.contains(place) }
    // A companion is a file of its own that may be written to.
    guard let entry, !entry.file.isEditable else { return false }
    let named = entry.file.collections.lazy.compactMap { manifest?.links[$0] }.first
    let wanted = named ?? manifest?.treeLinks[place.tree] ?? manifest?.link
    return [nil, .auto, .hardlink].contains(wanted)
  }
}
