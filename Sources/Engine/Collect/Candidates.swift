import CatalogueModel
import Civitai
import ContentStore
import Core
import History
import ManifestModel
import Planning
import SystemIO
import Transfer

/// An object that nobody needs, as far as anybody told.
struct CollectCandidate: Sendable {
  var digest: Digest
  var status: FileStatus
  /// Whose it was in the last snapshot that had it.
  var entries: [Entry] = []
  /// Why it stays all the same.
  var reason: StayReason?

  var title: String? { entries.first.map { $0.title } }
}

extension Engine {
  /// Every object of the store by why it stays, and those that nobody needs.
  func sort(_ run: inout CollectRun, _ grace: Int64) throws(EngineError) {
    let (store, marks) = (run.store, run.marks)
    var counts: [StayReason: Int] = [:]
    var present: Set<Digest> = []
    var open: [Digest] = []
    do {
      try store.forEachName { digest, _, _ in
        present.insert(digest)
        if let reason = marks.reasons[digest] {
          counts[reason, default: 0] += 1
        } else {
          open.append(digest)
        }
      }
      for digest in open.sorted() {
        // What stands there and is no file is `verify`'s to tell.
        guard let status = try store.status(of: digest), status.kind == .file else { continue }
        run.candidates.append(
          CollectCandidate(
            digest: digest, status: status, reason: hold(on: status, grace: grace)))
      }
    } catch {
      throw EngineError("C032", "cannot look at the store `\(store.root)`: \(error)")
    }
    run.present = present
    run.report.objects = present.count
    run.report.stays = StayReason.allCases.compactMap { reason in
      counts[reason].map { CollectReport.Stay(reason: reason, count: $0) }
    }
  }

  private func hold(on status: FileStatus, grace: Int64) -> StayReason? {
    if status.links > 1 { return .linked }
    // A clock that was put back makes them young: in doubt they stay.
    let isYoung = grace > 0 && context.unixTime - status.changed.seconds < grace
    return isYoung ? .young : nil
  }

  /// Tells of each candidate whose it was, and why it cannot be had again where that is so.
  func judge(
    _ candidates: inout [CollectCandidate], _ marks: Marks, _ manifest: Manifest,
    isOffline: Bool, _ report: inout CollectReport
  ) async throws {
    let open = Set(candidates.lazy.filter { $0.reason == nil }.map(\.digest))
    let entries = try await disk.run { () throws(EngineError) in
      try self.entries(of: open, marks)
    }
    let asked = entries.values.joined().filter { !$0.isObject && $0.file.origin == .fetched }
    let upstream =
      isOffline || asked.isEmpty ? nil : try await ask(asked, manifest, &report)
    let closed = closedEntries()
    let addresses = manifest.objectURLs
    for index in candidates.indices where candidates[index].reason == nil {
      let own = entries[candidates[index].digest] ?? []
      candidates[index].entries = own
      if own.isEmpty {
        candidates[index].reason = .unknown
        continue
      }
      let reasons = own.compactMap { entry -> StayReason? in
        if entry.file.origin == .adopted { return .adopted }
        if entry.isObject {
          return entry.file.url == nil && addresses[entry.digest] == nil ? .local : nil
        }
        if closed.contains(entry.identity) { return .gone }
        if let upstream { return upstream.reason(of: entry) }
        return entry.file.state == .withdrawn ? .gone : nil
      }
      candidates[index].reason = reasons.min { $0.rank < $1.rank }
    }
  }

  /// What the last snapshots that had them said of contents: of a file its entries, of what stood beside
  /// one that file's.
  private func entries(
    of digests: Set<Digest>, _ marks: Marks
  ) throws(EngineError) -> [Digest: [Entry]] {
    let leaving = marks.walk.leaving(digests)
    var entries: [Digest: [Entry]] = [:]
    for (index, gone) in Dictionary(grouping: leaving.keys, by: { leaving[$0] ?? 0 }) {
      let snapshot = marks.snapshots[index]
      let difference = try reading { history throws(HistoryError) in
        try history.difference(from: snapshot.parent, to: snapshot.id)
      }
      let gone = Set(gone)
      for entry in difference.removed + difference.changed.map(\.old) {
        for digest in entry.contents where gone.contains(digest) {
          entries[digest, default: []].append(entry)
        }
      }
    }
    return entries
  }

  /// Entries that a server refused for good, as far as that is remembered.
  private func closedEntries() -> Set<EntryIdentity> {
    let refusals = Refusals(path: project.refusals, fileSystem: fileSystem)
      .current(now: context.unixTime, hasToken: token != nil)
    return Set(refusals.keys)
  }

  private func ask(
    _ entries: [Entry], _ manifest: Manifest, _ report: inout CollectReport
  ) async throws -> Upstream {
    let http = try context.makeClient(manifest.transfer, observer)
    defer { http.shutdown() }
    observer.handle(.askingCatalogue)
    // Not what an earlier run was told: what goes now does not come back.
    let query = CatalogueQuery(models: Set(entries.map(\.model.id)))
    let answers = await context.catalogue(manifest.endpoints, http, manifest.transfer)
      .answer(query) { self.observer.handle($0) }
    if Task.isCancelled { throw EngineError.interrupted }
    let upstream = Upstream(answers.models)
    report.unanswered = upstream.unanswered
    return upstream
  }
}

/// What the site still has.
private struct Upstream {
  private let answers: [ModelID: ModelAnswer]
  /// By model.
  private var offered: [ModelID: Set<Digest>] = [:]
  private(set) var unanswered: String?

  init(_ answers: [ModelID: ModelAnswer]) {
    self.answers = answers
    for (id, answer) in answers.sorted(by: { $0.key < $1.key }) {
      switch answer {
      case .found(let model, _):
        guard model.mode != .archived else { continue }
        let open = model.versions.filter { $0.gate == nil && !$0.downloadsDisabled }
        offered[id] = Set(open.lazy.flatMap(\.files).compactMap(\.digest))
      case .unavailable(let reason): unanswered = unanswered ?? reason
      case .region: unanswered = unanswered ?? "the site does not serve this region"
      case .gone: break
      }
    }
  }

  /// - Returns: `nil` for what can be had again.
  func reason(of entry: Entry) -> StayReason? {
    switch answers[entry.model.id] {
    case .found: offered[entry.model.id]?.contains(entry.digest) == true ? nil : .gone
    case .gone: .gone
    case .unavailable, .region, nil: .unanswered
    }
  }
}
