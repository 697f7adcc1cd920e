import CatalogueModel
import ContentStore
import Core
import Diagnostics
import Index
import SystemIO
import Tree

extension Engine {
  /// Reads objects of the store again and compares their digests. Needs neither manifest nor
  /// network, and waits for no lock. Nothing is changed but that an object that is found damaged loses
  /// its seal, so that no command takes it for sound from then on.
  package func verify(_ request: VerifyRequest) async throws -> VerifyReport {
    try await verification(request, leavesOut: true).report
  }

  /// A verification with what it was about.
  struct Verification: Sendable {
    var report: VerifyReport
    var workspace: Workspace
    var placed: PlacedList?
    /// What is known of the objects' lengths.
    var sizes: [Digest: Int64] = [:]
    /// How sound objects looked that are to be set right.
    var seen: [Digest: FileStatus] = [:]
    /// How damaged files looked.
    var damaged: [Digest: FileStatus] = [:]
    /// What the last snapshot made from the objects that are damaged.
    var spots: [Digest: [Spot]] = [:]
  }

  /// - Parameter leavesOut: a tree that cannot be used is no reason to read nothing: its places are left out.
  func verification(
    _ request: VerifyRequest, leavesOut: Bool = false
  ) async throws -> Verification {
    let stopwatch = stopwatch(context.clock)
    let began = ContinuousClock.now
    let placed = try await disk.run { () throws(EngineError) in try self.placedList() }
    var workspace = try workspace(trees: placed?.trees ?? [], store: nil)
    let leftOut = leavesOut ? unusableTrees(workspace) : []
    workspace.trees.removeAll { tree in leftOut.contains { $0.tree == tree.name } }
    try checkRoots(workspace, claimed: workspace.roots)
    let store = workspace.store
    let (census, index) = try await disk.run { () throws(EngineError) in
      (try self.census(store), self.openIndex())
    }
    let known = await disk.run { index?.verifiedObjects() ?? [:] }
    var verification = Verification(
      report: VerifyReport(store: store.root), workspace: workspace, placed: placed)
    verification.report.pending = try pendingText()
    verification.report.leftOut = leftOut
    verification.sizes = placed?.sizes ?? [:]
    for (digest, object) in known { verification.sizes[digest] = object.stamp.size }
    let chosen = choose(census, known, request, &verification)
    let outcome = await ObjectsReading(
      store: store, index: index, now: context.unixTime,
      readers: BlockingExecutor(label: "civsync.readers", width: 2), observer: observer,
      interval: request.interval, timeBudget: request.timeBudget, elapsed: stopwatch
    ).read(chosen)
    verification = await disk.run { [verification] in
      var verification = verification
      self.judge(outcome, &verification)
      self.addMissing(census, &verification)
      self.remember(census, known, outcome, index, &verification.report)
      return verification
    }
    verification.report.seconds = (ContinuousClock.now - began).inSeconds
    return verification
  }

  private func unusableTrees(_ workspace: Workspace) -> [VerifyReport.LeftOut] {
    workspace.trees.compactMap { tree in
      var one = workspace
      one.trees = [tree]
      do throws(EngineError) {
        try checkRoots(one, claimed: workspace.roots)
        return nil
      } catch {
        let told = error.diagnostics.first
        return VerifyReport.LeftOut(
          tree: tree.name, root: tree.root, why: told?.notes.first ?? told?.message ?? "")
      }
    }
  }

  private func stopwatch(_ clock: some Clock<Duration>) -> @Sendable () -> Duration {
    let began = clock.now
    return { began.duration(to: clock.now) }
  }

  private func census(_ store: ContentStore) throws(EngineError) -> StoreCensus {
    try requireStore(store)
    do {
      return try store.census()
    } catch {
      throw EngineError("C032", "cannot look at the store `\(store.root)`: \(error)")
    }
  }

  /// What is to be read, in its order; what one look tells is noted.
  private func choose(
    _ census: StoreCensus, _ known: [Digest: VerifiedObject], _ request: VerifyRequest,
    _ verification: inout Verification
  ) -> [FoundObject] {
    let candidates = census.objects.map { object in
      let before = known[object.digest].flatMap {
        $0.stamp == FileStamp(object.status) ? $0.time : nil
      }
      let size = verification.sizes[object.digest]
      return VerifyCandidate(
        digest: object.digest, came: object.status.modified.seconds, verified: before,
        isSuspect: before == nil && !object.status.isSealed(as: object.digest, size: size))
    }
    var order = VerifyOrder(sample: request.sample, newestFirst: request.newestFirst)
    if let share = request.sample {
      order.seed = request.seed ?? UInt64(context.random() * 4_294_967_296)
      verification.report.sample = VerifyReport.Sample(share: share, seed: order.seed)
    }
    verification.report.objects = census.objects.count
    verification.report.bytes = ByteCount(census.objects.reduce(0) { $0 + $1.status.size })
    verification.report.setAside = census.setAside
    // One that was just made may be another command's.
    let old = context.unixTime - 3_600
    verification.report.strays = census.strays.lazy
      .filter { !$0.isTemporary || $0.modified.seconds < old }
      .map { VerifyReport.Stray(path: $0.path, bytes: $0.bytes, isTemporary: $0.isTemporary) }
    return order.choose(candidates).map { census.objects[$0] }
  }

  /// Remembers what is damaged or gone, and tells how far all runs together have come.
  private func remember(
    _ census: StoreCensus, _ known: [Digest: VerifiedObject], _ outcome: ObjectsReading.Outcome,
    _ index: Index?, _ report: inout VerifyReport
  ) {
    var sound: [Digest: Int64] = [:]
    for object in census.objects {
      guard let before = known[object.digest], before.stamp == FileStamp(object.status) else {
        continue
      }
      sound[object.digest] = before.time
    }
    for (object, reading) in outcome.readings {
      sound[object.digest] = if case .sound = reading { context.unixTime } else { nil }
    }
    index?.forgetVerified(known.keys.filter { sound[$0] == nil })
    report.neverRead = census.objects.count { sound[$0.digest] == nil } - report.unsound
    report.oldest = sound.values.min()
  }
}

extension PlacedList {
  /// The exact lengths of what was placed.
  fileprivate var sizes: [Digest: Int64] {
    Dictionary(
      (spots + companions).map { ($0.digest, $0.bytes.bytes) },
      uniquingKeysWith: { first, _ in first })
  }
}

extension VerifyReport {
  /// Objects that were read and are not sound.
  fileprivate var unsound: Int { damaged.count { $0.kind != .missing } }
}
