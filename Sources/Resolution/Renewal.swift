import CatalogueModel
import Core
import ManifestModel

/// Tags and level of a known model, as the site tells them today.
///
/// An entry may be wanted for facts that its model did not have when it was recorded: the manifest
/// was edited, or it is a new version. With the old facts in the record it would go as soon as the
/// site no longer showed it, and nothing may go because of that. So the record takes the facts that
/// the entry is now wanted for; of those, only such as no path is made of.
struct Renewal {
  private var tags: [String]
  private var nsfwLevel: Int

  /// - Parameters:
  ///   - entries: all of the model, known and new, with the facts that the model was recorded with.
  ///   - selected: those that are selected today.
  /// - Returns: `nil` where the recorded facts serve, and where an entry is meant by them and not by
  ///   the new ones.
  init?(
    of entries: [Entry], selected: Set<EntryIdentity>, today: Model,
    for collections: [CollectionSpec]
  ) {
    tags = today.tags
    nsfwLevel = today.nsfwLevel
    func isMeant(_ entry: Entry) -> Bool {
      collections.contains { Judgement.selects($0, entry) }
    }
    var isNeeded = false
    for entry in entries {
      let (before, now) = (isMeant(entry), isMeant(apply(to: entry)))
      if before, !now { return nil }
      if !before, now, selected.contains(entry.identity) { isNeeded = true }
    }
    guard isNeeded else { return nil }
  }

  func apply(to entry: Entry) -> Entry {
    var entry = entry
    entry.model.tags = tags
    entry.model.nsfwLevel = nsfwLevel
    return entry
  }
}

extension Renewal {
  /// Of the known models those whose recorded facts are not what they are wanted for today.
  static func needed(
    _ selection: Selection, former: ByModel<Entry>, desired: (ModelID) -> [Entry],
    _ collections: [CollectionSpec]
  ) -> [ModelID: Renewal] {
    var renewals: [ModelID: Renewal] = [:]
    var seen: Set<ModelID> = []
    // What a fallback says of a model adds nothing to it.
    for selected in selection.selected where !selected.fromFallback {
      let today = selected.model
      let known = former[today.id]
      guard let recorded = known.first?.model,
        recorded.tags != today.tags || recorded.nsfwLevel != today.nsfwLevel,
        seen.insert(today.id).inserted
      else { continue }
      // One model has one set of facts in the record.
      let wanted = desired(today.id).map { entry in
        var entry = entry
        entry.model = recorded
        return entry
      }
      renewals[today.id] = Renewal(
        of: Array(known) + wanted, selected: Set(wanted.map(\.identity)), today: today,
        for: collections)
    }
    return renewals
  }
}
