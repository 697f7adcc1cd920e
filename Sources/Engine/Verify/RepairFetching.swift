import CatalogueModel
import Civitai
import ContentStore
import Core
import History
import ManifestModel
import Planning
import SystemIO
import Transfer

extension Engine {
  /// What the network is asked for, and with what.
  struct RepairRequests: Sendable {
    /// Those that say where it may be had, by content.
    var entries: [Digest: [Entry]] = [:]
    /// The addresses that the manifest names for objects.
    var addresses: [Digest: [SafeURL]] = [:]
    /// Why the site said nothing of the others.
    var unanswered: String?
  }

  /// Who may have the contents: the records, also those of earlier snapshots, the manifest's own
  /// addresses, and for what none of them knows the site, asked by digest.
  func requests(
    for digests: Set<Digest>, _ head: Snapshot?, _ manifest: Manifest?, _ http: HTTPClient
  ) async throws -> RepairRequests {
    var requests = RepairRequests()
    guard !digests.isEmpty else { return requests }
    let earlier = try await disk.run { () throws(EngineError) in
      try self.reading { history throws(HistoryError) in
        try history.removed(limit: .max) { digests.contains($0.digest) }
      }
    }
    for entry in (head?.entries ?? []) + earlier.map(\.entry) where digests.contains(entry.digest) {
      requests.add(entry)
    }
    for (digest, addresses) in manifest?.objectURLs ?? [:] where digests.contains(digest) {
      requests.addresses[digest] = addresses
      requests.add(Entry(object: digest, name: digest.short, url: addresses.first))
    }
    let unknown = digests.filter { requests.entries[$0] == nil }
    if !unknown.isEmpty { try await askByDigest(unknown, http, &requests) }
    return requests
  }

  private func askByDigest(
    _ digests: Set<Digest>, _ http: HTTPClient, _ requests: inout RepairRequests
  ) async throws {
    let (endpoints, transfer) = try askedEndpoints()
    observer.handle(.askingCatalogue)
    let catalogue = context.catalogue(endpoints, http, transfer)
    let hashes = await catalogue.find(digests) { self.observer.handle($0) }
    requests.unanswered = hashes.reasons.first
    guard !hashes.matches.isEmpty else { return }
    let answers = await catalogue.answer(
      CatalogueQuery(models: Set(hashes.matches.values.map(\.model)))
    ) { self.observer.handle($0) }
    for case .found(let model, _) in answers.models.values {
      for version in model.versions {
        for file in version.files where file.digest.map(digests.contains) ?? false {
          if let entry = Entry(model, version, file) { requests.add(entry) }
        }
      }
    }
  }

  /// Brings contents into the store, verified, to be published.
  func fetch(
    _ digests: [Digest], _ requests: RepairRequests, _ manifest: Manifest?, _ http: HTTPClient,
    _ store: ContentStore
  ) async throws -> [Digest: FetchOutcome] {
    let entries = digests.compactMap { requests.entries[$0]?.first }
    let (endpoints, spec) = try askedEndpoints()
    if entries.contains(where: { !$0.isObject }) {
      await checkToken(context.catalogue(endpoints, http, spec))
    }
    let bytes = entries.reduce(ByteCount.zero) { $0 + $1.file.bytes }
    observer.handle(.fetching(files: entries.count, bytes: bytes))
    let fetcher = Fetcher(
      store: store, http: http, endpoints: endpoints, token: token, tokens: context.tokenPolicy,
      context: context, retries: context.retries(spec), disk: disk, observer: observer,
      width: context.downloadsAtOnce(spec), order: spec.order ?? .smallFirst,
      pacer: pacer(manifest?.limits ?? LimitsSpec(), spec, http, store),
      mirrors: requests.entries, objectURLs: requests.addresses)
    var outcome = RunOutcome()
    let results = await fetch(entries, fetcher, &outcome)
    if let stopped = outcome.stopped { throw stopped }
    if Task.isCancelled { throw EngineError.interrupted }
    return results
  }
}

extension Engine.RepairRequests {
  /// An object without an address says nothing of where it may be had.
  fileprivate mutating func add(_ entry: Entry) {
    if entry.isObject, entry.file.url == nil { return }
    if entries[entry.digest]?.contains(where: { $0.identity == entry.identity }) == true { return }
    entries[entry.digest, default: []].append(entry)
  }
}

extension FetchOutcome {
  /// Why it did not come; `nil` when it did.
  var obstacle: String? {
    switch self {
    case .fetched: nil
    case .blocked(let reason): reason.text
    case .failed(_, let message): message
    }
  }
}
