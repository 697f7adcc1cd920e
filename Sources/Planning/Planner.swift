package import CatalogueModel
import Core
package import Resolution

/// Makes plans. Pure: the same input gives the same plan, in the same order.
package struct Planner {
  private let desired: [Entry]
  private let settled: SettledEntries
  private let leaving: [EntryIdentity: Leaving]
  let world: ObservedWorld

  private var actions: [Action] = []
  private var blocked: [BlockedEntry] = []
  private var reported: Set<BlockedEntry> = []
  private var kept: Int
  /// Of what is kept, files that the user's tools made something else of.
  private var edited: [Entry] = []
  /// Places that cannot be taken: they leave the result.
  var refused: Set<Place> = []
  /// Places of the records that stay although they were to be left.
  var retained: [EntryIdentity: Set<Place>] = [:]
  /// Contents that stand at one of their places and go from there into the store.
  private var atHand: Set<Digest> = []
  /// Contents that another entry, which says where they are, brings in.
  private let toBeFetched: Set<Digest>
  /// Going back asks nobody: what is missing ends the run, whatever could be known of it.
  private let isRollback: Bool

  private init(
    desired: [Entry], former: [Entry], leaving: [EntryIdentity: Leaving], world: ObservedWorld,
    isRollback: Bool = false
  ) {
    self.desired = desired.map { $0.measured(in: world) }
    settled = SettledEntries(
      desired: self.desired, former: former.sorted { $0.identity < $1.identity },
      leaving: leaving, world: world)
    kept = settled.count
    self.leaving = leaving
    self.world = world
    self.isRollback = isRollback
    let needsOthers = desired.contains { !$0.hasSource }
    toBeFetched = needsOthers ? Set(desired.lazy.filter(\.hasSource).map(\.digest)) : []
  }

  /// The plan from what is recorded to what a manifest resolved to.
  package static func plan(
    _ resolution: Resolution, former: [Entry], world: ObservedWorld
  ) -> Plan {
    var leaving: [EntryIdentity: Leaving] = [:]
    for entry in resolution.deselected { leaving[entry.identity] = .deselected }
    for entry in resolution.pruned { leaving[entry.identity] = .pruned }
    for succession in resolution.succeeded {
      leaving[succession.old.identity] = .succeeded(by: succession.successor)
    }
    for entry in former where entry.file.isProtected { leaving[entry.identity] = nil }
    var planner = Planner(
      desired: withUnaccounted(resolution.entries, former, leaving), former: former,
      leaving: leaving, world: world)
    var plan = planner.run()
    plan.blocked = BlockedEntry.inOrder(resolution.blocked + plan.blocked)
    plan.replaced = resolution.replaced
    plan.notes = resolution.notes + plan.notes
    plan.unanswered = resolution.unanswered
    return plan
  }

  /// The plan back to a snapshot's entries: everything else that is recorded leaves, but what is
  /// protected.
  /// - Parameter target: in order.
  package static func rollback(
    to target: [Entry], from former: [Entry], world: ObservedWorld
  ) -> Plan {
    var leaving: [EntryIdentity: Leaving] = [:]
    var kept: [Entry] = []
    for entry in former where target.inOrder(at: entry.identity) == nil {
      if entry.file.isProtected {
        kept.append(entry)
      } else {
        leaving[entry.identity] = .rolledBack
      }
    }
    var places = ProtectedPlaces(former: former, kept: kept)
    let (target, blocked) = places.leaveFree(target)
    var planner = Planner(
      desired: target + kept, former: former, leaving: leaving, world: world, isRollback: true)
    var plan = planner.run()
    plan.blocked = BlockedEntry.inOrder(blocked + plan.blocked)
    kept.sort { $0.identity < $1.identity }
    if let first = kept.first {
      plan.notes.append(.protectedKept(title: first.title, more: kept.count - 1))
    }
    return plan
  }

  /// A recorded entry that nobody said should leave stays, whatever the resolution forgot, but for
  /// places that another content is to have.
  private static func withUnaccounted(
    _ entries: [Entry], _ former: [Entry], _ leaving: [EntryIdentity: Leaving]
  ) -> [Entry] {
    let known = entries.sorted { $0.identity < $1.identity }
    let forgotten = former.filter {
      known.inOrder(at: $0.identity) == nil && leaving[$0.identity] == nil
    }
    guard !forgotten.isEmpty else { return entries }
    var wanted: [Place: Digest] = [:]
    for entry in entries { for place in entry.file.places { wanted[place] = entry.digest } }
    return entries
      + forgotten.map { entry in
        var kept = entry
        kept.file.places = entry.file.places.filter {
          wanted[$0].map { $0 == entry.digest } ?? true
        }
        return kept
      }
  }

  private mutating func run() -> Plan {
    let wanted = PlaceOwners(of: settled.desired)
    let recorded = PlaceOwners(of: settled.former)
    var left = departures(wanted: wanted, recorded: recorded)
    atHand = contentsAtHand(wanted: wanted, recorded: recorded)
    for (place, owner) in wanted.named {
      decide(place, owner, recorded: recorded[place], left: &left)
    }
    for (place, _) in recorded.named {
      guard let entry = left.byPlace[place] else { continue }
      if staysBehind(place, recorded[place]) { continue }
      leave(place, entry)
    }
    return finished()
  }

  /// What stands at a place where it shall stand, and is not in the store: an action takes it in.
  private func contentsAtHand(wanted: PlaceOwners, recorded: PlaceOwners) -> Set<Digest> {
    var found: Set<Digest> = []
    for (place, entry) in wanted.named {
      let digest = entry.digest
      guard !world.stored.contains(digest) else { continue }
      switch world.places[place] ?? .absent {
      case .intact:
        let known = recorded[place]
        if known.isEmpty || known.contains(where: { $0.digest == digest }) { found.insert(digest) }
      case .foreignFile(_, digest) where recorded[place].isEmpty: found.insert(digest)
      default: break
      }
    }
    return found
  }

  private func departures(wanted: PlaceOwners, recorded: PlaceOwners) -> Departures {
    var left = Departures()
    for (place, entry) in recorded.named where wanted[place].isEmpty {
      var successor: EntryIdentity?
      if case .succeeded(let by) = leaving[entry.identity] { successor = by }
      left.insert(place, entry, successor: successor)
    }
    return left
  }

  private mutating func decide(
    _ place: Place, _ entry: Entry, recorded: [Entry], left: inout Departures
  ) {
    let seen = world.places[place] ?? .absent
    guard let known = recorded.first else {
      return decideNew(place, entry, seen, left: &left)
    }
    let same = recorded.contains { $0.digest == entry.digest }
    switch seen {
    case .unsafe(let why):
      block(place, entry, .pathUnsafe(place, why: why))
    case .behind(let folder):
      keepBehind(folder, place, entry, recorded)
    case .modified where same && entry.file.isEditable && world.edited.contains(place):
      kept += 1
      edited.append(entry)
    case _ where !isObtainable(entry) && !(same && seen == .intact):
      blockMissing(place, entry, known: same ? nil : known)
    case .intact where same && !world.stored.contains(entry.digest):
      // The placed file is the last copy: it goes back into the store.
      add(.repair, place, entry, former: known, source: .place, reason: "gone from the store")
    case .intact where same && entry.file.isEditable && world.shared.contains(place):
      add(.repair, place, entry, former: known, reason: "`editable`: becomes a file of its own")
    case .intact where same:
      kept += 1
    case .absent where same:
      add(.repair, place, entry, former: known, reason: "missing")
    case .intact, .absent:
      add(.replace, place, entry, former: known, reason: replaceReason(known, entry))
    case .modified(let how):
      add(
        same ? .repair : .replace, place, entry, former: known, aside: true,
        reason: same ? how : "\(replaceReason(known, entry)); \(how)")
    case .foreignFile, .foreignOther:
      add(
        same ? .repair : .replace, place, entry, former: known, aside: true,
        reason: "something else stands there now")
    }
  }

  private mutating func decideNew(
    _ place: Place, _ entry: Entry, _ seen: Observed, left: inout Departures
  ) {
    switch seen {
    case .unsafe(let why):
      block(place, entry, .pathUnsafe(place, why: why))
      retainOldPlace(of: entry, left: &left)
    case .behind(let folder):
      block(place, entry, reason(folder, place))
      retainOldPlace(of: entry, left: &left)
    case .foreignFile(_, entry.digest), .intact:
      add(.adopt, place, entry, source: .place)
    case .foreignFile, .foreignOther, .modified:
      block(place, entry, .fileInTheWay(place))
      retainOldPlace(of: entry, left: &left)
    case .absent:
      if let origin = moveOrigin(of: entry, left: left, to: place) {
        let known = left.remove(origin)
        actions.append(
          Action(
            kind: .move, place: place, from: origin, entry: entry, former: known, source: .none))
      } else if !isObtainable(entry) {
        block(place, entry, .objectMissing)
        retainOldPlace(of: entry, left: &left)
      } else if let origin = left.places(succeededBy: entry.identity).first(where: {
        $0.tree == place.tree && !isBehind($0)
      }), let old = left.remove(origin) {
        let aside = isModified(origin)
        actions.append(
          Action(
            kind: .replace, place: place, from: origin, entry: entry, former: old,
            source: source(of: entry), movesAside: aside, reason: replaceReason(old, entry)))
      } else {
        add(.create, place, entry)
      }
    }
  }

  /// A place that the same content leaves and that stands as it was placed: a rename will do.
  private func moveOrigin(of entry: Entry, left: Departures, to place: Place) -> Place? {
    left.places(of: entry.identity).first {
      world.places[$0] == .intact && $0.tree == place.tree
    }
  }

  /// Whether the bytes can be had: of an object that names no source, only from here.
  private func isObtainable(_ entry: Entry) -> Bool {
    isRollback || entry.hasSource || source(of: entry) == .store
      || toBeFetched.contains(entry.digest)
  }

  /// - Parameter known: what the records have at the place, when it is something else: it keeps it.
  private mutating func blockMissing(_ place: Place, _ entry: Entry, known: Entry?) {
    if let known {
      block(place, entry, .objectMissing)
      retained[known.identity, default: []].insert(place)
      kept += 1
    } else {
      report(entry, .objectMissing)
    }
  }

  /// What cannot take its new place keeps the one it has.
  private mutating func retainOldPlace(of entry: Entry, left: inout Departures) {
    for place in left.places(of: entry.identity) {
      left.remove(place)
      retained[entry.identity, default: []].insert(place)
      kept += 1
    }
  }

  private mutating func leave(_ place: Place, _ entry: Entry) {
    if entry.file.origin == .adopted || isBehind(place) {
      let other = otherTree(of: place).map { "; it is in tree `\($0)`" }
      let reason = leavingReason(entry) + (other ?? "")
      actions.append(Action(kind: .release, place: place, former: entry, reason: reason))
      return
    }
    let seen = world.places[place] ?? .absent
    var requires: EntryIdentity?
    if case .succeeded(let successor) = leaving[entry.identity] { requires = successor }
    var reason = leavingReason(entry)
    if seen == .absent { reason += "; already gone" }
    if case .unsafe(let why) = seen { reason += "; left where it is: \(why)" }
    let isLastCopy = seen == .intact && !world.stored.contains(entry.digest)
    actions.append(
      Action(
        kind: .remove, place: place, former: entry, source: isLastCopy ? .place : .none,
        movesAside: isModified(place), requires: requires, reason: reason))
  }

  private func isModified(_ place: Place) -> Bool {
    switch world.places[place] ?? .absent {
    case .modified, .foreignFile, .foreignOther: true
    case .absent, .intact, .unsafe, .behind: false
    }
  }

  private func leavingReason(_ entry: Entry) -> String {
    switch leaving[entry.identity] {
    case .deselected: "no longer selected by the manifest"
    case .pruned: "\(entry.file.state.rawValue), and pruned by you"
    case .succeeded(let by): "superseded by version \(by.key.version)"
    case .rolledBack: "not in that snapshot"
    case nil: "no longer wanted at this place"
    }
  }

  private func replaceReason(_ old: Entry, _ new: Entry) -> String {
    if old.key == new.key { return "replaced inside its version" }
    return old.model.id == new.model.id
      ? "version \(old.version.name) → \(new.version.name)" : "another file takes this place"
  }

  private func source(of entry: Entry) -> ByteSource {
    if world.stored.contains(entry.digest) || atHand.contains(entry.digest) { return .store }
    return isRollback ? .missing : .network
  }

  private mutating func add(
    _ kind: ActionKind, _ place: Place, _ entry: Entry, former: Entry? = nil,
    source: ByteSource? = nil, aside: Bool = false, reason: String? = nil
  ) {
    actions.append(
      Action(
        kind: kind, place: place, entry: entry, former: former,
        source: source ?? self.source(of: entry), movesAside: aside, reason: reason))
  }

  private mutating func block(_ place: Place, _ entry: Entry, _ reason: BlockedReason) {
    refused.insert(place)
    report(entry, reason)
  }

  mutating func report(_ entry: Entry, _ reason: BlockedReason) {
    let entry = BlockedEntry(entry, reason)
    if reported.insert(entry).inserted { blocked.append(entry) }
  }

  private func finished() -> Plan {
    let adopted = Set(actions.lazy.filter { $0.kind == .adopt }.map(\.place))
    var result: [Entry] = []
    var decided: [Entry] = []
    for (entry, isSettled) in zip(desired, settled.isSettled) {
      guard let after = isSettled ? entry : recordedAfter(entry, adopted: adopted) else { continue }
      result.append(after)
      if !isSettled { decided.append(after) }
    }
    let known = retained.isEmpty ? [] : Set(settled.desired.map(\.identity))
    for var entry in settled.former where !known.contains(entry.identity) {
      guard let places = retained[entry.identity] else { continue }
      entry.file.places = places.sorted()
      result.append(entry)
      decided.append(entry)
    }
    let tally = SpaceTally(actions, world)
    var notes = tally.notes
    if let first = edited.first {
      notes.append(.editedStay(title: first.title, more: edited.count - 1))
    }
    return Plan(
      actions: actions.sorted { $0.sortKey < $1.sortKey }, blocked: blocked,
      marks: marks(decided), notes: notes, kept: kept, result: result, space: tally.need)
  }

  /// The entry as it stands after the plan: without the places it could not take, adopted where
  /// the user's own file serves; `nil` when no place is left.
  private func recordedAfter(_ entry: Entry, adopted: Set<Place>) -> Entry? {
    if retained.isEmpty, refused.isEmpty, adopted.isEmpty, entry.file.places.count == 1 {
      return entry
    }
    let kept = retained[entry.identity] ?? []
    var file = entry.file
    file.places = Set(entry.file.places.filter { !refused.contains($0) } + kept).sorted()
    guard !file.places.isEmpty else { return nil }
    if file.places.contains(where: adopted.contains) { file.origin = .adopted }
    // What stays as it is is not kept twice.
    guard file != entry.file else { return entry }
    var entry = entry
    entry.file = file
    return entry
  }

  private func marks(_ decided: [Entry]) -> [Mark] {
    decided.compactMap { entry in
      guard let index = settled.former.inOrder(at: entry.identity) else { return nil }
      let was = settled.former[index].file.state
      return was == entry.file.state ? nil : Mark(entry: entry, was: was)
    }
  }
}
