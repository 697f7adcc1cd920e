package import CatalogueModel
import Core
package import ManifestModel

/// Manifest × catalogue × what was there before → entries with paths. Pure.
package struct Resolver {
  let manifest: Manifest
  let answers: CatalogueAnswers
  let context: ResolutionContext
  let formerByModel: ByModel<Entry>
  let rules: PolicyRules

  var resolution = Resolution()
  var desired: [EntryIdentity: Draft] = [:]
  /// New entries that only a fallback endpoint showed, by selector.
  private var held = 0
  let selection: Selection
  /// Every model that the catalogue showed.
  let today: [ModelID: Model]
  /// What is selected today, for finding an old entry's successor.
  var selectedByModel = ByModel<Draft>([]) { $0.entry.model.id }
  /// Former entries that leave by a decision already taken.
  var gone: Set<EntryIdentity> = []
  /// Protected entries that nothing asks for any more.
  var protectedAlone: [Entry] = []

  private init(manifest: Manifest, answers: CatalogueAnswers, context: ResolutionContext) {
    self.manifest = manifest
    self.answers = answers
    self.context = context
    // In order: of two contents in one slot it must not depend on the records' which one counts.
    formerByModel = ByModel(context.former.sorted { $0.identity < $1.identity }) { $0.model.id }
    today = answers.shownModels
    selection = Selection(manifest: manifest, answers: answers, former: formerByModel)
    rules = PolicyRules(manifest.policy)
  }

  package static func resolve(
    _ manifest: Manifest, _ answers: CatalogueAnswers, _ context: ResolutionContext
  ) -> Resolution {
    var resolver = Resolver(manifest: manifest, answers: answers, context: context)
    resolver.run()
    return resolver.resolution
  }

  /// An entry on its way to its places.
  struct Draft {
    /// As it is recorded, or as the catalogue describes it.
    var entry: Entry
    var state: RecordedState
    /// The collections that ask for it now. None asks for a protected entry that is kept as it
    /// stands.
    var askers: [Asker]
    /// Places that a former entry with this name had: they are kept.
    var former: [Place]
    /// Nobody has it yet.
    var isNew = false
  }

  /// A collection that asks for an entry, and where it wants it.
  struct Asker {
    var collection: Int
    /// The selector's own place or the collection's; `nil`: where the layout says.
    var place: PathTemplate?
    /// The declared place of an object.
    var exact: TreePath?
  }

  private mutating func run() {
    resolution.blocked = selection.blocked
    resolution.notes = selection.notes
    resolution.unanswered = selection.unanswered
    settleSelected()
    settleObjects()
    keepWithinBudgets()
    selectedByModel = ByModel(desired.values) { $0.entry.model.id }
    let renewals = Renewal.needed(
      selection, former: formerByModel, desired: { selectedByModel[$0].map(asked) },
      manifest.collections)
    for entry in context.former where desired[entry.identity] == nil {
      judge(renewals[entry.model.id]?.apply(to: entry) ?? entry)
    }
    if !renewals.isEmpty {
      desired = desired.mapValues { draft in
        var draft = draft
        draft.entry = renewals[draft.entry.model.id]?.apply(to: draft.entry) ?? draft.entry
        return draft
      }
    }
    if held > 0 {
      resolution.notes.append(.fallbackAnswered(selector: "part of the manifest", held: held))
    }
    name()
    noteWhatStays()
    resolution.blocked = Array(Set(resolution.blocked)).sorted { $0.order < $1.order }
  }

  /// What is placed although it would not be let in, or asked for, today.
  private mutating func noteWhatStays() {
    let unmet = rules.unmet(by: resolution.entries.filter { known($0) != nil }, today: today)
    if !unmet.isEmpty { resolution.notes.append(.policyUnmet(unmet)) }
    let alone = protectedAlone.sorted { $0.identity < $1.identity }
    if let first = alone.first {
      resolution.notes.append(.protectedStay(title: first.title, more: alone.count - 1))
    }
  }

  // MARK: What is selected today

  /// Every file, whichever of the collections take it.
  private mutating func settleSelected() {
    // Sorting is stable: of one file the first collection's word comes first.
    var rest = selection.selected.sorted { $0.key < $1.key }[...]
    while let key = rest.first?.key {
      let same = rest.prefix { $0.key == key }
      settle(Array(same))
      rest = rest.dropFirst(same.count)
    }
  }

  private mutating func settle(_ same: [Selected]) {
    guard let first = same.first else { return }
    let known = formerByModel[first.model.id].filter { $0.key == first.key }
    if let digest = first.file.digest, let entry = known.first(where: { $0.digest == digest }) {
      want(entry, same, former: entry.file.places)
      if isClosedAgain(first) { desired[entry.identity]?.state = .withdrawn }
      noteRename(entry, first.model)
    } else if let kept = known.last {
      settleReplaced(kept, same)
    } else if same.allSatisfy(\.fromFallback) {
      held += 1
    } else if let entry = fetchable(same) {
      want(entry, same, former: [], isNew: true)
      // Only the store still had it.
      if isClosedAgain(first) { desired[entry.identity]?.state = .withdrawn }
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
    let takes =
      context.accepts(kept)
      || same.contains { manifest.collections[$0.collection].replaced == .take }
    guard takes, !kept.file.isProtected, !same.allSatisfy(\.fromFallback),
      var successor = fetchable(same)
    else {
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

  private mutating func want(
    _ entry: Entry, _ same: [Selected], former: [Place], isNew: Bool = false
  ) {
    var indices = Set(same.map(\.collection))
    // What a collection has asked for and still means stays in its places, though its list no
    // longer shows it and another one's does.
    for (index, collection) in manifest.collections.enumerated()
    where entry.file.collections.contains(collection.name) && isMeant(entry, by: index) {
      indices.insert(index)
    }
    want(
      entry, indices.sorted().map { Asker(collection: $0, place: place(of: entry, in: $0)) },
      former: former, isNew: isNew)
  }

  mutating func want(_ entry: Entry, _ askers: [Asker], former: [Place], isNew: Bool = false) {
    desired[entry.identity] = Draft(
      entry: entry, state: .current, askers: askers, former: former, isNew: isNew)
  }

  /// The entry as it was recorded; `nil` for a new one.
  func known(_ entry: Entry) -> Entry? {
    formerByModel[entry.model.id].first { $0.identity == entry.identity }
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
      first, scan: same.map { manifest.collections[$0.collection].scan }, rules, context)
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
}

extension CatalogueAnswers {
  /// Every model of every listing and answer.
  var shownModels: [ModelID: Model] {
    var shown: [ModelID: Model] = [:]
    for listing in Array(users.values) + [favorites].compactMap(\.self) {
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

extension BlockedEntry {
  fileprivate var order: (String, Int64, Int64, Int64, String) {
    (
      title, model?.rawValue ?? 0, version?.rawValue ?? 0, file?.rawValue ?? 0,
      "\(reason.code) \(reason.text) \(collections)"
    )
  }
}
