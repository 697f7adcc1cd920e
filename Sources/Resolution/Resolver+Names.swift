import CatalogueModel
import Core
import ManifestModel

/// Every entry gets its places: known ones first, then objects, whose places are exact, then new
/// ones by file id.
extension Resolver {
  mutating func name() {
    var naming = Naming(trees: manifest.trees)
    var exact: [Unplaced] = []
    var open: [Unplaced] = []
    var named: [Entry] = []
    let drafts = desired.values.sorted {
      ($0.entry.file.id, $0.entry.identity) < ($1.entry.file.id, $1.entry.identity)
    }
    desired = [:]
    for draft in drafts {
      var entry = asked(draft)
      if draft.askers.isEmpty {
        naming.settle(&entry, at: draft.former)
        named.append(settled(entry))
        continue
      }
      let wanted = wanted(draft, &naming)
      if entry.isObject {
        let known = wanted.filter(draft.former.contains)
        naming.settle(&entry, at: known)
        exact.append(Unplaced(entry, wanted.filter { !known.contains($0) }, former: draft.former))
      } else {
        let rest = naming.keep(&entry, wanted: wanted, former: draft.former)
        if rest.isEmpty {
          named.append(settled(entry))
        } else {
          open.append(Unplaced(entry, rest, former: draft.former))
        }
      }
    }
    // What cannot get any of its new places keeps its old ones, before others may want those.
    for index in exact.indices where !exact[index].entry.hasPlace {
      if naming.areTaken(exact[index].open, for: exact[index].entry.digest) {
        _ = naming.take(&exact[index].entry, exact[index].former)
      }
    }
    for var item in exact {
      for place in naming.take(&item.entry, item.open) {
        block(item.entry, at: place, "another file of the manifest stands there")
      }
      if !item.entry.hasPlace { _ = naming.take(&item.entry, item.former) }
      if item.entry.hasPlace { named.append(settled(item.entry)) }
    }
    for var item in open {
      for place in naming.assign(&item.entry, item.open) {
        block(item.entry, at: place, "another file of the manifest stands where its folder is")
      }
      if !item.entry.hasPlace { _ = naming.take(&item.entry, item.former) }
      if item.entry.hasPlace { named.append(settled(item.entry)) }
    }
    resolution.entries = named.sorted { $0.identity < $1.identity }
    resolution.notes += naming.notes
  }

  /// An entry as those want it who ask for it, without places yet. Once protected it stays so, whoever
  /// asks; what nobody asks for stays as it is.
  func asked(_ draft: Draft) -> Entry {
    let isEditable = manifest.isEditable(type: draft.entry.model.type)
    guard !draft.askers.isEmpty else { return draft.entry.editable(isEditable) }
    let collections = draft.askers.map { manifest.collections[$0.collection] }
    var file = draft.entry.file
    file.state = draft.state
    file.places = []
    file.collections = Set(collections.map(\.name)).sorted()
    file.isProtected = file.isProtected || collections.contains(where: \.protect)
    file.isEditable = isEditable
    var entry = draft.entry
    entry.file = file
    return entry
  }

  /// With its places in order. Where nothing of it has changed this is the recorded entry itself, so
  /// that both are kept once: at once, or for a while all would be there twice.
  private func settled(_ entry: Entry) -> Entry {
    var entry = entry
    if entry.file.places.count > 1 { entry.file.places.sort() }
    guard let known = known(entry), known == entry else { return entry }
    return known
  }

  /// An entry with places that it has not got yet.
  private struct Unplaced {
    var entry: Entry
    var open: [Place]
    var former: [Place]

    init(_ entry: Entry, _ open: [Place], former: [Place]) {
      self.entry = entry
      self.open = open
      self.former = former
    }
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

extension Entry {
  fileprivate var hasPlace: Bool { !file.places.isEmpty }
}
