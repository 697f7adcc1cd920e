internal import CatalogueModel
internal import Core

/// What a rollback must leave alone.
struct ProtectedPlaces {
  /// Protected now, with the places they have now.
  private let protected: [EntryIdentity: Entry]
  /// Who stands where and stays.
  private var owners: [Place: Entry] = [:]

  /// - Parameter kept: protected entries that stay although the target does not have them.
  init(former: [Entry], kept: [Entry]) {
    protected = Dictionary(
      former.lazy.filter(\.file.isProtected).map { ($0.identity, $0) },
      uniquingKeysWith: { first, _ in first })
    for entry in kept { stay(entry) }
  }

  private mutating func stay(_ entry: Entry) {
    for place in entry.file.places { owners[Self.folded(place)] = entry }
  }

  private func owner(of place: Place, insteadOf entry: Entry) -> Entry? {
    owners[Self.folded(place)].flatMap { $0.digest == entry.digest ? nil : $0 }
  }

  /// The target's entries without the places that are taken, which are blocked. What is protected
  /// now stays so, and where it is when another protected file has the place that it would go to.
  mutating func leaveFree(_ target: [Entry]) -> ([Entry], [BlockedEntry]) {
    if protected.isEmpty, owners.isEmpty { return (target, []) }
    let staying = stayers(target)
    var blocked: [BlockedEntry] = []
    let entries = target.map { entry in
      var free = entry
      if let now = protected[entry.identity] {
        free.file.isProtected = true
        if staying.contains(entry.identity) { free.file.places = now.file.places }
      }
      let taken = entry.file.places.filter { owner(of: $0, insteadOf: entry) != nil }
      free.file.places.removeAll(where: taken.contains)
      for place in taken {
        let title = owner(of: place, insteadOf: entry)?.title ?? ""
        blocked.append(
          BlockedEntry(
            model: entry.model.id, version: entry.version.id, file: entry.file.id,
            title: entry.title,
            reason: .pathUnsafe(place, why: "the protected `\(title)` stands there"),
            collections: entry.file.collections))
      }
      return free
    }
    return (entries, blocked)
  }

  /// Protected entries of the target that stay where they are. One that stays may be in the way of
  /// another, so that this is looked for until there is none more.
  private mutating func stayers(_ target: [Entry]) -> Set<EntryIdentity> {
    var staying: Set<EntryIdentity> = []
    var isSettled = false
    while !isSettled {
      isSettled = true
      for entry in target where !staying.contains(entry.identity) {
        guard let now = protected[entry.identity],
          entry.file.places.contains(where: { owner(of: $0, insteadOf: entry) != nil })
        else { continue }
        staying.insert(entry.identity)
        stay(now)
        isSettled = false
      }
    }
    return staying
  }

  private static func folded(_ place: Place) -> Place {
    TreePath(place.path.string.lowercased()).map { Place(tree: place.tree, path: $0) } ?? place
  }
}
