internal import CatalogueModel
internal import Core

/// What stands behind a folder that is none any more. A look does not take it out of the records: the
/// folder may come back with everything in it.
extension Planner {
  func reason(_ folder: UnusableFolder, _ place: Place) -> BlockedReason {
    .folderUnusable(
      place, folder: Place(tree: place.tree, path: folder.folder), why: folder.why)
  }

  func isBehind(_ place: Place) -> Bool {
    if case .behind = world.places[place] { true } else { false }
  }

  /// The tree that has what stood at the place.
  func otherTree(of place: Place) -> TreeName? {
    if case .behind(let folder)? = world.places[place] { folder.other } else { nil }
  }

  /// The place goes on to be what it is recorded as, whatever is wanted there.
  mutating func keepBehind(
    _ folder: UnusableFolder, _ place: Place, _ entry: Entry, _ recorded: [Entry]
  ) {
    report(entry, reason(folder, place))
    if !recorded.contains(where: { $0.identity == entry.identity }) { refused.insert(place) }
    for known in recorded { retained[known.identity, default: []].insert(place) }
  }

  /// What is to leave a place that cannot be reached leaves when it can. What is in another tree by now
  /// is none of this place's any more.
  /// - Returns: whether it stays.
  mutating func staysBehind(_ place: Place, _ recorded: [Entry]) -> Bool {
    guard case .behind(let folder)? = world.places[place], folder.other == nil else {
      return false
    }
    for entry in recorded where entry.file.origin != .adopted {
      report(entry, reason(folder, place))
      retained[entry.identity, default: []].insert(place)
    }
    return recorded.contains { $0.file.origin != .adopted }
  }
}

extension Entry {
  /// With the length of the user's own file that has the content: the catalogue only guesses it, and
  /// knows none of an object's.
  func measured(in world: ObservedWorld) -> Entry {
    var entry = self
    for place in file.places {
      if case .foreignFile(let bytes, digest) = world.places[place] { entry.file.bytes = bytes }
    }
    return entry
  }
}
