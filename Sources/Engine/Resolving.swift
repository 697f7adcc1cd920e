import CatalogueModel
import Civitai
import ContentStore
import Core
import ManifestModel
import Planning
import Resolution
import SystemIO
import Transfer

/// What a manifest comes to, and what it took to find out.
struct Resolved {
  var resolution: Resolution
  /// What the catalogue said; nothing where it was not asked.
  var answers = CatalogueAnswers()
  /// The only entries that the run is about, where the user's word names them.
  var meant: Set<FileKey>?
}

extension Engine {
  /// Resolves the manifest against the catalogue, against the lock, or without either.
  func resolve(
    _ ground: Ground, _ http: HTTPClient, _ request: PlanRequest
  ) async throws -> Resolved {
    if case .prune(let choice, let states) = request.word {
      return try pruned(ground, choice, states)
    }
    if request.followsLock { return Resolved(resolution: try lockedResolution(ground)) }
    let query = CatalogueQuery(for: ground.manifest)
    if request.isOffline {
      return Resolved(
        resolution: try resolution(ground, .unasked(query), request).settledOffline(ground))
    }
    observer.handle(.askingCatalogue)
    let catalogue = context.catalogue(
      ground.manifest.endpoints, http, ground.manifest.transfer,
      try await answerCache(asksAnew: request.asksAgain || request.word != nil))
    if !query.isEmpty { await checkToken(catalogue) }
    let answers = await catalogue.answer(query) { self.observer.handle($0) }
    if Task.isCancelled { throw EngineError.interrupted }
    await pruneAnswers()
    await noteNews(answers.news)
    var resolved = try heard(ground, answers, request)
    resolved.answers = answers
    return resolved
  }

  func resolution(
    _ ground: Ground, _ answers: CatalogueAnswers, _ request: PlanRequest,
    accepts: @escaping @Sendable (Entry) -> Bool = { _ in false }
  ) throws(EngineError) -> Resolution {
    let store = StoreLook(ground.workspace.store)
    var resolving = ResolutionContext(
      former: ground.known, isEdited: isEdited(ground.manifest, ground.head),
      hasToken: token != nil,
      refusals: request.asksAgain ? [:] : knownRefusals(), accepts: accepts,
      isStored: { store.has($0) })
    resolving.unplaced = Set(ground.known.dropFirst(ground.former.count).map(\.identity))
    let resolution = Resolver.resolve(ground.manifest, answers, resolving)
    try store.requireAnswers()
    return resolution
  }

  private func knownRefusals() -> [EntryIdentity: BlockedReason] {
    Refusals(path: project.refusals, fileSystem: fileSystem)
      .current(now: context.unixTime, hasToken: token != nil)
  }
}

// MARK: Without the catalogue

extension CatalogueAnswers {
  /// What is known of everything when nothing is asked.
  fileprivate static func unasked(_ query: CatalogueQuery) -> CatalogueAnswers {
    let reason = "offline"
    return CatalogueAnswers(
      users: Dictionary(
        query.users.map { ($0, .unavailable(reason: reason)) }, uniquingKeysWith: { $1 }),
      favorites: query.favorites ? .unavailable(reason: reason) : nil,
      models: Dictionary(
        query.models.map { ($0, .unavailable(reason: reason)) }, uniquingKeysWith: { $1 }),
      versions: Dictionary(
        query.versions.map { ($0, .unavailable(reason: reason)) }, uniquingKeysWith: { $1 }))
  }
}

extension Resolution {
  /// What was named by id and is not known yet is blocked; that nothing else was asked is meant.
  fileprivate func settledOffline(_ ground: Ground) -> Resolution {
    var settled = self
    settled.unanswered = []
    let models = Set(ground.known.map(\.model.id))
    let versions = Set(ground.known.map(\.version.id))
    for collection in ground.manifest.collections {
      for selector in collection.models {
        let isKnown =
          selector.version.map(versions.contains) ?? models.contains(selector.id)
        if isKnown { continue }
        settled.blocked.append(
          BlockedEntry(
            model: selector.id, version: selector.version, title: "model \(selector.id)",
            reason: .offline, collections: [collection.name]))
      }
      for version in collection.versionIDs where !versions.contains(version.value) {
        settled.blocked.append(
          BlockedEntry(
            version: version.value, title: "version \(version.value)", reason: .offline,
            collections: [collection.name]))
      }
    }
    return settled
  }
}

// MARK: By the lock

extension Engine {
  /// What the lock says is wanted, and nothing else. What is recorded beyond it leaves, unless it
  /// is protected.
  private func lockedResolution(_ ground: Ground) throws(EngineError) -> Resolution {
    guard let lock = ground.lock else {
      throw EngineError(
        "C163", "there is no lock to follow: `\(project.lockFile)`",
        help: "run `civsync apply` without `--locked` once, and put the lock under version control",
        exit: .stale)
    }
    try requireCurrent(lock, ground.manifest)
    var resolution = Resolution()
    let recorded = Dictionary(
      ground.former.map { ($0.identity, $0.file) }, uniquingKeysWith: { first, _ in first })
    for var entry in Entry.entries(of: lock.models) {
      if let file = recorded[entry.identity] {
        entry.file.state = file.state
        entry.file.origin = file.origin
        entry.file.isProtected = file.isProtected
        entry.file.companions = file.companions
      }
      entry.file.isEditable = ground.manifest.isEditable(type: entry.model.type)
      resolution.entries.append(entry)
    }
    let locked = Set(resolution.entries.map(\.identity))
    for entry in ground.former where !locked.contains(entry.identity) {
      if entry.file.isProtected {
        resolution.entries.append(entry)
      } else {
        resolution.deselected.append(entry)
      }
    }
    resolution.entries.sort { $0.identity < $1.identity }
    return resolution
  }

  /// A lock of another selection, or into trees that the manifest does not have, is not followed.
  private func requireCurrent(
    _ lock: RecordFormat.Lock, _ manifest: Manifest
  ) throws(EngineError) {
    let trees = Set(manifest.trees.map(\.name))
    let places = Entry.entries(of: lock.models).flatMap(\.file.places)
    let lost = Set(places.map(\.tree)).subtracting(trees)
    let why: String
    if lock.selection == nil {
      why = "the lock does not say what manifest it was made from"
    } else if lock.selection != selection(of: manifest) {
      why = "the manifest selects something else than the lock was made from"
    } else if let tree = lost.sorted().first {
      why = "the lock places files in the tree `\(tree)`, which the manifest does not have"
    } else {
      return
    }
    throw EngineError(
      "C164", "the lock does not fit the manifest; nothing was changed", notes: [why],
      help: "run `civsync apply` without `--locked`, and commit the lock that it writes",
      exit: .stale)
  }

  /// What a manifest selects, as a digest.
  func selection(of manifest: Manifest) -> Digest? {
    ContentHasher.digest(of: Array(manifest.selectionText.utf8))
  }
}
