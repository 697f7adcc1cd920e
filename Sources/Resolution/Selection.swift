import CatalogueModel
import Core
import ManifestModel

/// One file that a collection selects upstream today.
struct Selected {
  /// What the catalogue says of it. Kept once, however often this is sorted and handed on.
  private let offer: Shared<Offer>
  var collection: Int
  /// The selector's own place, if it has one.
  var place: PathTemplate?
  /// The answer came from a fallback endpoint: it may refresh what is known and no more.
  var fromFallback: Bool

  private struct Offer {
    var model: Model
    var version: Version
    var file: File
  }

  init(
    model: Model, version: Version, file: File, collection: Int, place: PathTemplate?,
    fromFallback: Bool
  ) {
    offer = Shared(Offer(model: model, version: version, file: file))
    self.collection = collection
    self.place = place
    self.fromFallback = fromFallback
  }

  var model: Model { offer.value.model }
  var version: Version { offer.value.version }
  var file: File { offer.value.file }
  var key: FileKey { FileKey(model: model.id, version: version.id, file: file.id) }
}

/// Goes through the collections and finds what their selectors and filters take.
struct Selection {
  private let manifest: Manifest
  private let answers: CatalogueAnswers
  private let former: ByModel<Entry>

  private(set) var selected: [Selected] = []
  private(set) var blocked: [BlockedEntry] = []
  private(set) var notes: [ResolutionNote] = []
  private(set) var unanswered: [UnansweredSelector] = []
  /// Users whose listing did not come whole from the first endpoint: silence about a model means
  /// nothing.
  private(set) var uncertainUsers: Set<String> = []
  private(set) var uncertainModels: Set<ModelID> = []
  private(set) var areFavoritesUncertain = false

  init(manifest: Manifest, answers: CatalogueAnswers, former: ByModel<Entry>) {
    self.manifest = manifest
    self.answers = answers
    self.former = former
    for index in manifest.collections.indices { select(index) }
  }

  private mutating func select(_ index: Int) {
    let collection = manifest.collections[index]
    var shown: [Shown] = []
    for user in collection.users { shown += models(of: user.value, index) }
    if collection.favorites != nil { shown += favorites(index) }
    let candidates = Candidates(collection, former: former)
    for model in candidates.choose(shown) {
      take(
        model.model, index, policy: collection.versions, files: collection.files, named: false,
        fromFallback: model.fromFallback)
    }
    for selector in collection.models { select(selector, index) }
    for version in collection.versionIDs { select(version: version.value, index) }
  }

  private mutating func models(of user: String, _ index: Int) -> [Shown] {
    if case .notFound = answers.users[user] {
      note(.unknownUser(user, collection: manifest.collections[index].name))
      return []
    }
    let (shown, isCertain) = read(answers.users[user], "user `\(user)`", index)
    if !isCertain { uncertainUsers.insert(user.lowercased()) }
    return shown
  }

  private mutating func favorites(_ index: Int) -> [Shown] {
    let (shown, isCertain) = read(answers.favorites, "favorites", index)
    if !isCertain { areFavoritesUncertain = true }
    return shown
  }

  /// - Returns: what a list shows, and whether silence about a model means anything.
  private mutating func read(
    _ listing: Listing?, _ selector: String, _ index: Int
  ) -> ([Shown], isCertain: Bool) {
    switch listing {
    case .complete(let models, let fromFallback):
      return (models.map { Shown(model: $0, fromFallback: fromFallback) }, !fromFallback)
    case .partial(let models, let reason, let fromFallback):
      unanswered.append(UnansweredSelector(selector: selector, reason: reason))
      return (models.map { Shown(model: $0, fromFallback: fromFallback) }, false)
    case .refused(let reason):
      block(nil, nil, title: selector, reason, index)
    case .notFound:
      unanswered.append(UnansweredSelector(selector: selector, reason: "the site has no such list"))
    case .unavailable(let reason):
      unanswered.append(UnansweredSelector(selector: selector, reason: reason))
    case nil:
      unanswered.append(UnansweredSelector(selector: selector, reason: "was not asked"))
    }
    return ([], false)
  }

  private mutating func select(_ selector: ModelSelector, _ index: Int) {
    let collection = manifest.collections[index]
    guard let (model, fromFallback) = found(selector.id, index) else { return }
    var pinned = model
    if let wanted = selector.version {
      pinned.versions = model.versions.filter { $0.id == wanted }
      if pinned.versions.isEmpty {
        missing(version: wanted, of: model, index)
        return
      }
    }
    if let file = selector.file {
      for v in pinned.versions.indices {
        pinned.versions[v].files = pinned.versions[v].files.filter { $0.id == file }
      }
    }
    take(
      pinned, index,
      policy: selector.version == nil ? selector.versions ?? collection.versions : .all,
      files: selector.file == nil ? selector.files : .everything, named: true,
      place: selector.place,
      fromFallback: fromFallback)
  }

  private mutating func select(version: VersionID, _ index: Int) {
    let collection = manifest.collections[index]
    switch answers.versions[version] {
    case .found(let id, _):
      guard let (model, fromFallback) = found(id, index) else { return }
      var pinned = model
      pinned.versions = model.versions.filter { $0.id == version }
      guard !pinned.versions.isEmpty else {
        missing(version: version, of: model, index)
        return
      }
      take(
        pinned, index, policy: .all, files: collection.files, named: true,
        fromFallback: fromFallback)
    case .gone:
      block(nil, version, title: "version \(version)", .gone, index)
    case .region:
      block(nil, version, title: "version \(version)", .region, index)
    case .unavailable(let reason):
      unanswered.append(UnansweredSelector(selector: "version \(version)", reason: reason))
    case nil:
      unanswered.append(UnansweredSelector(selector: "version \(version)", reason: "was not asked"))
    }
  }

  private mutating func found(_ id: ModelID, _ index: Int) -> (Model, Bool)? {
    switch answers.models[id] {
    case .found(let model, let fromFallback):
      if fromFallback { uncertainModels.insert(id) }
      return (model, fromFallback)
    case .gone:
      if former[id].isEmpty { block(id, nil, title: "model \(id)", .gone, index) }
    case .region:
      uncertainModels.insert(id)
      if former[id].isEmpty { block(id, nil, title: "model \(id)", .region, index) }
    case .unavailable(let reason):
      uncertainModels.insert(id)
      unanswered.append(UnansweredSelector(selector: "model \(id)", reason: reason))
    case nil:
      uncertainModels.insert(id)
      unanswered.append(UnansweredSelector(selector: "model \(id)", reason: "was not asked"))
    }
    return nil
  }

  private mutating func missing(version: VersionID, of model: Model, _ index: Int) {
    let known = former[model.id].contains { $0.version.id == version }
    guard !known else { return }
    let reason: BlockedReason = model.mode == .archived ? .archived : .gone
    block(model.id, version, title: "\(model.name) · version \(version)", reason, index)
  }

  /// Filters one model, then its versions, then takes their files.
  private mutating func take(
    _ model: Model, _ index: Int, policy: VersionPolicy, files: FilePolicy, named: Bool,
    place: PathTemplate? = nil, fromFallback: Bool
  ) {
    let collection = manifest.collections[index]
    let isKnown = former[model.id].contains {
      $0.file.collections.contains(collection.name)
    }
    if let why = Judgement.rejects(collection, ModelFacts(model), excluding: !named)
      ?? (isKnown ? nil : Judgement.isTooLittleUsed(collection, model))
    {
      if named { note(.filteredOut(model.id, collection: collection.name, by: why)) }
      return
    }
    if model.mode == .archived, model.versions.allSatisfy({ $0.files.isEmpty }) {
      if former[model.id].isEmpty { block(model.id, nil, title: model.name, .archived, index) }
      return
    }
    let passing = model.versions.filter {
      Judgement.rejects(collection, VersionFacts($0)) == nil
    }
    // Of several reasons, that of the version which would have been the first to be taken.
    if named, passing.isEmpty,
      let newest = model.versions.max(by: { $0.age < $1.age }),
      let why = Judgement.rejects(collection, VersionFacts(newest))
    {
      note(.filteredOut(model.id, collection: collection.name, by: why))
    }
    for version in VersionChoice.choose(passing, by: policy) {
      if isOlder(version, than: model.id, policy, index) { continue }
      takeFiles(model, version, files, index, place: place, fromFallback: fromFallback)
    }
  }

  private mutating func takeFiles(
    _ model: Model, _ version: Version, _ policy: FilePolicy, _ index: Int, place: PathTemplate?,
    fromFallback: Bool
  ) {
    let files = FileChoice.choose(version.files, by: policy)
    if files.isEmpty {
      let known = former[model.id].contains { $0.version.id == version.id }
      if !known {
        block(
          model.id, version.id, title: "\(model.name) · \(version.name)",
          model.mode == .archived ? .archived : .noMatchingFile, index)
      }
    }
    for file in files {
      selected.append(
        Selected(
          model: model, version: version, file: file, collection: index, place: place,
          fromFallback: fromFallback))
    }
  }

  /// `latest` never moves to an older version: when the newest one went away upstream, the one
  /// that is kept stays the latest. Per base model likewise.
  private mutating func isOlder(
    _ version: Version, than id: ModelID, _ policy: VersionPolicy, _ index: Int
  ) -> Bool {
    guard policy == .latest || policy == .latestPerBaseModel else { return false }
    let collection = manifest.collections[index]
    let newest = former[id].filter {
      $0.file.collections.contains(collection.name)
        && Judgement.rejects(collection, VersionFacts($0.version)) == nil
        && (policy == .latest || sameWord($0.version.baseModel, version.baseModel))
    }.max { $0.version.age < $1.version.age }
    guard let newest, newest.version.id != version.id,
      version.age < newest.version.age
    else {
      return false
    }
    note(.olderOffered(id, kept: newest.version.name, offered: version.name))
    return true
  }

  private mutating func note(_ note: ResolutionNote) {
    if !notes.contains(note) { notes.append(note) }
  }

  private mutating func block(
    _ model: ModelID?, _ version: VersionID?, title: String, _ reason: BlockedReason, _ index: Int
  ) {
    blocked.append(
      BlockedEntry(
        model: model, version: version, title: title, reason: reason,
        collections: [manifest.collections[index].name]))
  }
}
