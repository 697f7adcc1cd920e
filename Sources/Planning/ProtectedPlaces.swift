internal import CatalogueModel
internal import Core

/// What a rollback must leave alone.
struct ProtectedPlaces {
  private let protected: Set<EntryIdentity>
  /// Who stands where, of what the target lacks.
  private var owners: [Place: Entry] = [:]

  /// - Parameter kept: protected entries that stay although the target does not have them.
  init(former: [Entry], kept: [Entry]) {
    protected = Set(former.lazy.filter(\.file.isProtected).map(\.identity))
    for entry in kept {
      for place in entry.file.places { owners[Self.folded(place)] = entry }
    }
  }

  /// The target's entries without the places that are taken, which are blocked. What is protected
  /// now stays so.
  func leaveFree(_ target: [Entry]) -> ([Entry], [BlockedEntry]) {
    var blocked: [BlockedEntry] = []
    let entries = target.map { entry in
      var free = entry
      if protected.contains(entry.identity) { free.file.isProtected = true }
      free.file.places.removeAll { place in
        guard let owner = owners[Self.folded(place)], owner.digest != entry.digest else {
          return false
        }
        blocked.append(
          BlockedEntry(
            model: entry.model.id, version: entry.version.id, file: entry.file.id,
            title: entry.title,
            reason: .pathUnsafe(place, why: "the protected `\(owner.title)` stands there"),
            collections: entry.file.collections))
        return true
      }
      return free
    }
    return (entries, blocked)
  }

  private static func folded(_ place: Place) -> Place {
    TreePath(place.path.string.lowercased()).map { Place(tree: place.tree, path: $0) } ?? place
  }
}
