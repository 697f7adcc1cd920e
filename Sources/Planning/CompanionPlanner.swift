package import CatalogueModel
package import Core

/// Adds to a plan what is to become of companions. Pure, and total: what cannot be made is not in
/// it, what the user has changed or put there is left alone.
package struct CompanionPlanner {
  private let wanted: CompanionPlaces
  private let recorded: CompanionPlaces
  private let wishes: [EntryIdentity: CompanionWish]
  private let seen: [Place: CompanionSeen]
  private let isStored: (Digest) -> Bool
  /// Old places of what moves, by the new place of the file.
  private var moved: [Place: Place] = [:]

  private var actions: [CompanionAction] = []
  private var left: Set<Place> = []
  /// The recorded companions that stand, or will stand, somewhere.
  private var standing: [CompanionSlot: RecordedCompanion] = [:]

  /// Every place that ``plan(_:former:wishes:seen:isStored:)`` wants to know about, with the
  /// digest of what should stand there where that is known.
  ///
  /// - Parameter wishes: `nil` to want exactly what the plan's entries have recorded.
  package static func places(
    _ plan: Plan, former: [Entry], wishes: [EntryIdentity: CompanionWish]?
  ) -> [Place: Digest?] {
    let (wanted, recorded) = maps(plan, former, wishes)
    var places: [Place: Digest?] = [:]
    for (place, owner) in wanted.owners { places[place] = .some(owner.known?.digest) }
    for (place, owner) in recorded.owners { places[place] = .some(owner.known?.digest) }
    return places
  }

  /// - Parameters:
  ///   - plan: the files' own plan; its result gets the companions that stay.
  ///   - former: the records before.
  ///   - wishes: what is wanted beside which entry; `nil` to want what the plan's entries have
  ///     recorded, of which nothing is made anew.
  ///   - seen: what stands at each of ``places(_:former:wishes:)``.
  ///   - isStored: whether the store has an object.
  package static func plan(
    _ plan: Plan, former: [Entry], wishes: [EntryIdentity: CompanionWish]?,
    seen: [Place: CompanionSeen], isStored: @escaping (Digest) -> Bool
  ) -> Plan {
    let (wanted, recorded) = maps(plan, former, wishes)
    var planner = CompanionPlanner(
      wanted: wanted, recorded: recorded, wishes: wishes ?? [:], seen: seen, isStored: isStored)
    for action in plan.actions where action.kind == .move {
      planner.moved[action.place] = action.from
    }
    planner.run()
    var plan = plan
    plan.companions = planner.actions.sorted { $0.sortKey < $1.sortKey }
    var standing: [EntryIdentity: [RecordedCompanion]] = [:]
    for (slot, companion) in planner.standing.sorted(by: { $0.key < $1.key }) {
      standing[slot.entry, default: []].append(companion)
    }
    for index in plan.result.indices
    where !standing.isEmpty || !plan.result[index].file.companions.isEmpty {
      let companions = standing[plan.result[index].identity] ?? []
      if plan.result[index].file.companions != companions {
        plan.result[index].file.companions = companions
      }
    }
    return plan
  }

  private init(
    wanted: CompanionPlaces, recorded: CompanionPlaces,
    wishes: [EntryIdentity: CompanionWish], seen: [Place: CompanionSeen],
    isStored: @escaping (Digest) -> Bool
  ) {
    self.wanted = wanted
    self.recorded = recorded
    self.wishes = wishes
    self.seen = seen
    self.isStored = isStored
  }

  private static func maps(
    _ plan: Plan, _ former: [Entry], _ wishes: [EntryIdentity: CompanionWish]?
  ) -> (wanted: CompanionPlaces, recorded: CompanionPlaces) {
    let recorded = CompanionPlaces(recordedIn: former)
    guard let wishes else { return (CompanionPlaces(recordedIn: plan.result), recorded) }
    let known = Dictionary(
      former.map { ($0.identity, $0.file.companions) }, uniquingKeysWith: { first, _ in first })
    let wanted = CompanionPlaces(plan.result) { entry in
      slots(entry.identity, wishes[entry.identity], known[entry.identity] ?? [])
    }
    return (wanted, recorded)
  }

  /// The companions of one entry that shall be there, in order.
  private static func slots(
    _ entry: EntryIdentity, _ wish: CompanionWish?, _ known: [RecordedCompanion]
  ) -> [(CompanionSlot, RecordedCompanion?)] {
    var slots: [CompanionSlot: RecordedCompanion?] = [:]
    if let wish {
      for kind in wish.sidecars { slots[CompanionSlot(entry: entry, kind: kind)] = .some(nil) }
      for number in 0..<max(0, wish.previews) {
        slots[CompanionSlot(entry: entry, kind: .preview, number: number + 1)] = .some(nil)
      }
    }
    for companion in known {
      let slot = CompanionSlot(entry: entry, kind: companion.kind, number: companion.number)
      // Without a word on it, or an edit, what is recorded stays.
      if slots[slot] != nil || !(wish?.mayRemove ?? false) { slots[slot] = .some(companion) }
    }
    return slots.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  // MARK: Decisions

  private mutating func run() {
    for (place, owner) in wanted.owners.sorted(by: { $0.key < $1.key }) { decide(place, owner) }
    for (place, owner) in recorded.owners.sorted(by: { $0.key < $1.key })
    where wanted.owners[place] == nil && !left.contains(place) {
      leave(place, owner)
    }
  }

  private mutating func decide(_ place: Place, _ owner: CompanionPlaces.Owner) {
    let state = seen[place] ?? .absent
    guard state != .unsafe else {
      // Out of reach, it goes on to be recorded.
      if let before = recorded.owners[place], before.slot == owner.slot { stand(before) }
      return
    }
    guard let before = recorded.owners[place] else { return decideNew(place, owner, state) }
    if before.known?.digest == owner.known?.digest, owner.known != nil {
      guard state == .absent else { return stand(owner) }
      add(.repair, place, owner, source: source(of: owner))
    } else {
      // Another file's companion stands there, or stood.
      add(
        .replace, place, owner, previous: before.known?.digest, source: source(of: owner),
        aside: state == .other)
    }
  }

  private mutating func decideNew(
    _ place: Place, _ owner: CompanionPlaces.Owner, _ state: CompanionSeen
  ) {
    switch state {
    case .intact: stand(owner)
    case .other, .unsafe: return
    case .absent:
      let origin = moved[owner.beside]?.companion(owner.slot.kind, owner.slot.number)
      if let origin, let before = recorded.owners[origin], before.slot == owner.slot,
        wanted.owners[origin] == nil, [.intact, .other].contains(seen[origin] ?? .absent)
      {
        left.insert(origin)
        add(.move, place, owner, from: origin, source: CompanionSource.none)
      } else {
        add(.create, place, owner, source: source(of: owner))
      }
    }
  }

  /// Takes away what belonged to a file that leaves, or is no longer wanted.
  private mutating func leave(_ place: Place, _ owner: CompanionPlaces.Owner) {
    let state = seen[place] ?? .absent
    guard state == .intact || state == .other else { return }
    // Beside several places it may be the user's own that was there before: it stays.
    if state == .other, owner.entry.file.places.count > 1 { return }
    actions.append(
      CompanionAction(
        .remove, owner.slot, title: owner.entry.title, at: place, beside: owner.beside,
        previous: owner.known?.digest, movesAside: state == .other))
  }

  private mutating func stand(_ owner: CompanionPlaces.Owner) {
    if let known = owner.known { standing[owner.slot] = known }
  }

  /// - Parameter source: `nil` where there is nothing to make it from: then it is left out.
  private mutating func add(
    _ kind: CompanionAction.Kind, _ place: Place, _ owner: CompanionPlaces.Owner,
    from: Place? = nil, previous: Digest? = nil, source: CompanionSource?, aside: Bool = false
  ) {
    guard let source else {
      guard kind == .replace, let before = recorded.owners[place] else { return }
      return leave(place, before)
    }
    actions.append(
      CompanionAction(
        kind, owner.slot, title: owner.entry.title, at: place, from: from, beside: owner.beside,
        digest: owner.known?.digest, previous: previous, source: source, movesAside: aside))
    if source == .store || source == .none { stand(owner) }
  }

  private func source(of owner: CompanionPlaces.Owner) -> CompanionSource? {
    if let digest = owner.known?.digest, isStored(digest) { return .store }
    guard let wish = wishes[owner.slot.entry] else { return nil }
    guard owner.slot.kind == .preview else { return wish.canGenerate ? .generated : nil }
    let index = owner.slot.number - 1
    guard wish.pictures.indices.contains(index) else { return nil }
    return wish.pictures[index].map { .network($0) }
  }
}

extension Plan {
  /// Every companion that must be made or fetched, each once.
  package var companionsToMake: [CompanionAction] {
    var seen = Set<CompanionSlot>()
    return companions.filter { $0.isMade && seen.insert($0.slot).inserted }
  }
}
