package import CatalogueModel
import Core
package import ManifestModel

/// Manifest × catalogue × what was there before → entries with paths. Pure.
package struct Resolver {
  private let manifest: Manifest
  private let answers: CatalogueAnswers
  private let context: ResolutionContext
  private let formerByModel: [ModelID: [Entry]]

  private var resolution = Resolution()
  private var desired: [EntryIdentity: Draft] = [:]
  /// New entries that only a fallback endpoint showed, by selector.
  private var held = 0
  private let selection: Selection
  /// Every model that the catalogue showed.
  private let today: [ModelID: Model]
  /// What is selected today, for finding an old entry's successor.
  private var selectedByModel: [ModelID: [Draft]] = [:]

  private init(manifest: Manifest, answers: CatalogueAnswers, context: ResolutionContext) {
    self.manifest = manifest
    self.answers = answers
    self.context = context
    formerByModel = Dictionary(grouping: context.former) { $0.model.id }
    today = answers.shownModels
    selection = Selection(manifest: manifest, answers: answers, former: formerByModel)
  }

  package static func resolve(
    _ manifest: Manifest, _ answers: CatalogueAnswers, _ context: ResolutionContext
  ) -> Resolution {
    var resolver = Resolver(manifest: manifest, answers: answers, context: context)
    resolver.run()
    return resolver.resolution
  }

  /// An entry on its way to its places.
  private struct Draft {
    var entry: Entry
    /// The collections that ask for it now, each with the selector's own place if it has one.
    var askers: [(collection: Int, place: PathTemplate?)]
    /// Places that a former entry with this name had: they are kept.
    var former: [Place]
  }

  private mutating func run() {
    resolution.blocked = selection.blocked
    resolution.notes = selection.notes
    resolution.unanswered = selection.unanswered
    let byKey = Dictionary(grouping: selection.selected, by: \.key)
    for (_, same) in byKey.sorted(by: { $0.key < $1.key }) { settle(same) }
    selectedByModel = Dictionary(grouping: desired.values) { $0.entry.model.id }
    let renewals = Renewal.needed(
      selection, former: formerByModel,
      desired: selectedByModel.mapValues { $0.map(\.entry) }, manifest.collections)
    for entry in context.former where desired[entry.identity] == nil {
      judge(renewals[entry.model.id]?.apply(to: entry) ?? entry)
    }
    for (identity, draft) in desired {
      guard let renewal = renewals[draft.entry.model.id] else { continue }
      desired[identity]?.entry = renewal.apply(to: draft.entry)
    }
    if held > 0 {
      resolution.notes.append(.fallbackAnswered(selector: "part of the manifest", held: held))
    }
    name()
    resolution.blocked = Array(Set(resolution.blocked)).sorted { $0.title < $1.title }
  }

  // MARK: What is selected today

  private mutating func settle(_ same: [Selected]) {
    guard let first = same.first else { return }
    let known = (formerByModel[first.model.id] ?? []).filter { $0.key == first.key }
    if let digest = first.file.digest, let entry = known.first(where: { $0.digest == digest }) {
      want(entry, same, former: entry.file.places)
      if isClosedAgain(first) { desired[entry.identity]?.entry.file.state = .withdrawn }
      noteRename(entry, first.model)
    } else if let kept = known.last {
      settleReplaced(kept, same)
    } else if same.allSatisfy(\.fromFallback) {
      held += 1
    } else if let entry = fetchable(same) {
      want(entry, same, former: [])
    }
  }

  /// Whether what was had once cannot be had any more: taken down, or gated while no account is at
  /// hand that could have been let in.
  private func isClosedAgain(_ selected: Selected) -> Bool {
    selected.model.mode == .takenDown
      || selected.version.gate != nil && !context.hasToken && !selected.fromFallback
  }

  /// The creator put other content into a file slot that is known.
  private mutating func settleReplaced(_ kept: Entry, _ same: [Selected]) {
    guard let offered = same.first?.file.digest else {
      want(kept, same, former: kept.file.places)
      return
    }
    let takes = same.contains { manifest.collections[$0.collection].replaced == .take }
    guard takes, !same.allSatisfy(\.fromFallback), var successor = fetchable(same) else {
      want(kept, same, former: kept.file.places)
      resolution.replaced.append(
        ReplacedFile(key: kept.key, title: kept.title, kept: kept.digest, offered: offered))
      return
    }
    successor.model = kept.model
    successor.version = kept.version
    let bytes = successor.file.bytes
    successor.file = kept.file
    successor.file.digest = offered
    successor.file.bytes = bytes
    successor.file.origin = .fetched
    want(successor, same, former: kept.file.places)
    resolution.succeeded.append(Succession(old: kept, successor: successor.identity))
    desired[kept.identity] = nil
    gone.insert(kept.identity)
  }

  /// Former entries that leave by a decision already taken.
  private var gone: Set<EntryIdentity> = []

  private mutating func want(_ entry: Entry, _ same: [Selected], former: [Place]) {
    var entry = entry
    entry.file.state = .current
    entry.file.collections = Set(same.map { manifest.collections[$0.collection].name }).sorted()
    entry.file.places = []
    desired[entry.identity] = Draft(
      entry: entry, askers: same.map { ($0.collection, $0.place) }, former: former)
  }

  private mutating func noteRename(_ entry: Entry, _ model: Model) {
    guard entry.model.name != model.name else { return }
    let note = ResolutionNote.renamed(model.id, from: entry.model.name, to: model.name)
    if !resolution.notes.contains(note) { resolution.notes.append(note) }
  }

  /// A new entry as the catalogue describes it, or its block.
  private mutating func fetchable(_ same: [Selected]) -> Entry? {
    guard let first = same.first else { return nil }
    let names = Set(same.map { manifest.collections[$0.collection].name }).sorted()
    if let reason = Admission.blocks(
      first, scan: same.map { manifest.collections[$0.collection].scan }, context)
    {
      resolution.blocked.append(
        BlockedEntry(
          model: first.model.id, version: first.version.id, file: first.file.id,
          title: "\(first.model.name) · \(first.version.name)", reason: reason, collections: names))
      return nil
    }
    let entry = Admission.entry(first)
    if let gate = first.version.gate, let entry, !context.isStored(entry.digest) {
      resolution.notes.append(
        .gateTried(first.model.id, title: entry.title, until: gate.endsAt))
    }
    return entry
  }

  // MARK: What was there before

  /// A recorded entry that nothing selects today: it leaves only if the manifest was edited so
  /// that it is no longer meant, or if its successor is placed and shall replace it.
  private mutating func judge(_ entry: Entry) {
    guard !gone.contains(entry.identity) else { return }
    let meant = manifest.collections.indices.filter { index in
      let collection = manifest.collections[index]
      return Judgement.selects(collection, entry)
        || !context.isEdited && entry.file.collections.contains(collection.name)
    }
    guard !meant.isEmpty else {
      resolution.deselected.append(entry)
      return
    }
    var kept = entry
    let successor = successor(of: entry, in: meant)
    if let successor {
      kept.file.state = .superseded
      if meant.allSatisfy({ manifest.collections[$0].superseded == .replace }) {
        resolution.succeeded.append(Succession(old: entry, successor: successor))
        return
      }
    } else if isPassedOver(entry, in: meant) {
      kept.file.state = .superseded
    } else if !isUncertain(entry, in: meant) {
      kept.file.state = .withdrawn
    }
    kept.file.collections = meant.map { manifest.collections[$0].name }.sorted()
    kept.file.places = []
    desired[kept.identity] = Draft(
      entry: kept, askers: meant.map { ($0, place(of: entry, in: $0)) }, former: entry.file.places)
  }

  /// The entry that took over in the selection: newer, or another file of the same version, where
  /// the policy takes only so many.
  private func successor(of entry: Entry, in meant: [Int]) -> EntryIdentity? {
    let age = VersionChoice.age(entry.version)
    return (selectedByModel[entry.model.id] ?? []).filter { draft in
      draft.entry.file.type == entry.file.type
        && VersionChoice.age(draft.entry.version) >= age
        && draft.askers.contains { asker in
          meant.contains(asker.collection)
            && mayReplace(entry, draft.entry, asker.collection)
        }
    }.map(\.entry.identity).max()
  }

  /// Whether the collection takes only so many versions of the model that one takes the other's
  /// place.
  private func mayReplace(_ entry: Entry, _ newer: Entry, _ index: Int) -> Bool {
    let collection = manifest.collections[index]
    let selectors = collection.models.filter { $0.id == entry.model.id }
    if selectors.contains(where: { $0.version != nil }) { return false }
    switch selectors.compactMap(\.versions).first ?? collection.versions {
    case .latest, .newest: return true
    case .latestPerBaseModel: return sameWord(entry.version.baseModel, newer.version.baseModel)
    case .all, .since: return false
    }
  }

  private func place(of entry: Entry, in index: Int) -> PathTemplate? {
    let collection = manifest.collections[index]
    return collection.models.first {
      $0.id == entry.model.id && ($0.version == nil || $0.version == entry.version.id)
    }?.place ?? collection.place
  }

  /// Whether upstream shows it as it was and the filters let it pass: then it is the manifest's own
  /// policy that takes others now.
  private func isPassedOver(_ entry: Entry, in meant: [Int]) -> Bool {
    guard let model = today[entry.model.id],
      let version = model.versions.first(where: { $0.id == entry.version.id }),
      version.files.contains(where: { $0.id == entry.file.id && $0.digest == entry.digest })
    else { return false }
    return meant.contains { index in
      let collection = manifest.collections[index]
      return Judgement.rejects(collection, ModelFacts(model), excluding: false) == nil
        && Judgement.rejects(collection, VersionFacts(version)) == nil
    }
  }

  private func isUncertain(_ entry: Entry, in meant: [Int]) -> Bool {
    if selection.uncertainModels.contains(entry.model.id) { return true }
    guard let creator = entry.model.creator?.lowercased() else { return false }
    return selection.uncertainUsers.contains(creator)
      && meant.contains { index in
        manifest.collections[index].users.contains { sameWord($0.value, creator) }
      }
  }

  // MARK: Names

  private mutating func block(_ entry: Entry, at place: Place) {
    resolution.blocked.append(
      BlockedEntry(
        model: entry.model.id, version: entry.version.id, file: entry.file.id, title: entry.title,
        reason: .pathUnsafe(place, why: "another file of the manifest stands where its folder is"),
        collections: entry.file.collections))
  }

  private mutating func name() {
    var naming = Naming(trees: manifest.trees)
    var open: [(Draft, [Place])] = []
    var named: [Entry] = []
    let drafts = desired.values.sorted {
      ($0.entry.file.id, $0.entry.identity) < ($1.entry.file.id, $1.entry.identity)
    }
    for var draft in drafts {
      var wanted: [Place] = []
      for asker in draft.askers {
        let template = asker.place ?? manifest.collections[asker.collection].place
        for place in naming.wanted(draft.entry, place: template) where !wanted.contains(place) {
          wanted.append(place)
        }
      }
      let rest = naming.keep(&draft.entry, wanted: wanted, former: draft.former)
      if rest.isEmpty { named.append(draft.entry) } else { open.append((draft, rest)) }
    }
    for (draft, places) in open {
      var entry = draft.entry
      for place in naming.assign(&entry, places) { block(entry, at: place) }
      if !entry.file.places.isEmpty { named.append(entry) }
    }
    for index in named.indices { named[index].file.places.sort() }
    resolution.entries = named.sorted { $0.identity < $1.identity }
    resolution.notes += naming.notes
  }
}

extension CatalogueAnswers {
  /// Every model of every listing and answer.
  fileprivate var shownModels: [ModelID: Model] {
    var shown: [ModelID: Model] = [:]
    for listing in users.values {
      switch listing {
      case .complete(let models, _), .partial(let models, _, _):
        for model in models { shown[model.id] = model }
      case .notFound, .refused, .unavailable: break
      }
    }
    for case .found(let model, _) in models.values { shown[model.id] = model }
    return shown
  }
}
