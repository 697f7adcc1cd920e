import CatalogueModel
import Core
import ManifestModel

/// Every entry gets its places: known ones first, then objects, whose places are exact, then new
/// ones by file id.
extension Resolver {
  mutating func name() {
    var naming = Naming(trees: manifest.trees)
    var exact: [(entry: Entry, open: [Place])] = []
    var open: [(entry: Entry, open: [Place])] = []
    var named: [Entry] = []
    let drafts = desired.values.sorted {
      ($0.entry.file.id, $0.entry.identity) < ($1.entry.file.id, $1.entry.identity)
    }
    for var draft in drafts {
      if draft.askers.isEmpty {
        naming.settle(&draft.entry, at: draft.former)
        named.append(draft.entry)
        continue
      }
      let wanted = wanted(draft, &naming)
      if draft.entry.isObject {
        let known = wanted.filter(draft.former.contains)
        naming.settle(&draft.entry, at: known)
        exact.append((draft.entry, wanted.filter { !known.contains($0) }))
      } else {
        let rest = naming.keep(&draft.entry, wanted: wanted, former: draft.former)
        if rest.isEmpty { named.append(draft.entry) } else { open.append((draft.entry, rest)) }
      }
    }
    for (entry, places) in exact {
      var entry = entry
      for place in naming.take(&entry, places) {
        block(entry, at: place, "another file of the manifest stands there")
      }
      if !entry.file.places.isEmpty { named.append(entry) }
    }
    for (entry, places) in open {
      var entry = entry
      for place in naming.assign(&entry, places) {
        block(entry, at: place, "another file of the manifest stands where its folder is")
      }
      if !entry.file.places.isEmpty { named.append(entry) }
    }
    for index in named.indices { named[index].file.places.sort() }
    resolution.entries = named.sorted { $0.identity < $1.identity }
    resolution.notes += naming.notes
  }

  /// The places that its collections want it at, each once.
  private func wanted(_ draft: Draft, _ naming: inout Naming) -> [Place] {
    var wanted: [Place] = []
    for asker in draft.askers {
      let collection = manifest.collections[asker.collection]
      let places =
        asker.exact.map { naming.places($0, in: collection) }
        ?? naming.wanted(draft.entry, place: asker.place, for: collection)
      for place in places where !wanted.contains(place) { wanted.append(place) }
    }
    return wanted
  }

  private mutating func block(_ entry: Entry, at place: Place, _ why: String) {
    resolution.blocked.append(
      BlockedEntry(
        model: entry.model.id, version: entry.version.id, file: entry.file.id, title: entry.title,
        reason: .pathUnsafe(place, why: why), collections: entry.file.collections))
  }
}
