import CatalogueModel
import Core
import ManifestModel

/// What was there before, and is not selected today.
extension Resolver {
  /// A recorded entry that nothing selects today: it leaves only if the manifest was edited so
  /// that it is no longer meant, or if its successor is placed and shall replace it.
  mutating func judge(_ entry: Entry) {
    guard !gone.contains(entry.identity) else { return }
    let meant = manifest.collections.indices.filter { isMeant(entry, by: $0) }
    guard !meant.isEmpty else {
      leaveOrProtect(entry)
      return
    }
    var state = entry.file.state
    let successor = successor(of: entry, in: meant)
    if let successor {
      state = .superseded
      if !entry.file.isProtected,
        meant.allSatisfy({ manifest.collections[$0].superseded == .replace })
      {
        resolution.succeeded.append(Succession(old: entry, successor: successor))
        return
      }
    } else if !isUncertain(entry, in: meant) {
      state = isPassedOver(entry, in: meant) ? .superseded : .withdrawn
    }
    desired[entry.identity] = Draft(
      entry: entry, state: state, askers: askers(of: entry, among: meant),
      former: entry.file.places)
  }

  /// Those that have asked for it and still mean it. Others that would mean it by its facts come in
  /// only when none of these is left, because its collection was renamed or taken out: what is not
  /// shown to them today they have never taken.
  private func askers(of entry: Entry, among meant: [Int]) -> [Asker] {
    let before = meant.filter { entry.file.collections.contains(manifest.collections[$0].name) }
    return (before.isEmpty ? meant : before).map {
      Asker(collection: $0, place: place(of: entry, in: $0))
    }
  }

  /// Whether a collection still means a recorded entry: as long as the manifest is the one that it
  /// was recorded with, whatever the facts.
  func isMeant(_ entry: Entry, by index: Int) -> Bool {
    let collection = manifest.collections[index]
    return Judgement.selects(collection, entry)
      || !context.isEdited && !context.unplaced.contains(entry.identity)
        && entry.file.collections.contains(collection.name)
  }

  /// Nothing means it any more. What is protected stays as it stands, with its former collections.
  private mutating func leaveOrProtect(_ entry: Entry) {
    guard entry.file.isProtected else {
      resolution.deselected.append(entry)
      return
    }
    protectedAlone.append(entry)
    desired[entry.identity] = Draft(
      entry: entry, state: entry.file.state, askers: [], former: entry.file.places)
  }

  /// The entry that took over in the selection: newer, or another file of the same version, where
  /// the policy takes only so many.
  private func successor(of entry: Entry, in meant: [Int]) -> EntryIdentity? {
    let age = entry.version.age
    return selectedByModel[entry.model.id].filter { draft in
      draft.entry.file.type == entry.file.type
        && draft.entry.version.age >= age
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

  /// Where a collection wants an entry instead of where the layout says. One place for each entry
  /// and collection, whichever of its selectors shows it today: it must not move when one of them
  /// falls silent.
  func place(of entry: Entry, in index: Int) -> PathTemplate? {
    let collection = manifest.collections[index]
    return Judgement.selector(collection, entry)?.place ?? collection.place
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
    if selection.areFavoritesUncertain,
      meant.contains(where: { manifest.collections[$0].favorites != nil })
    {
      return true
    }
    guard let creator = entry.model.creator?.lowercased() else { return false }
    return selection.uncertainUsers.contains(creator)
      && meant.contains { index in
        manifest.collections[index].users.contains { sameWord($0.value, creator) }
      }
  }
}
