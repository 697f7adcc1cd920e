import CatalogueModel
import Core
import ManifestModel

/// What the manifest declares by digest, and what fits into its budgets.
extension Resolver {
  /// Every object that a collection declares: the same digest is one entry with all its places.
  mutating func settleObjects() {
    var declared: [Digest: [(collection: Int, spec: ObjectSpec)]] = [:]
    for (index, collection) in manifest.collections.enumerated() {
      for spec in collection.objects { declared[spec.digest, default: []].append((index, spec)) }
    }
    for (_, specs) in declared.sorted(by: { $0.key < $1.key }) { settle(specs) }
  }

  private mutating func settle(_ specs: [(collection: Int, spec: ObjectSpec)]) {
    guard let first = specs.first?.spec else { return }
    let url = specs.lazy.compactMap(\.spec.url).first
    let told = specs.lazy.compactMap(\.spec.bytes).first ?? .zero
    var entry = Entry(object: first.digest, name: first.place.name, url: url, bytes: told)
    let known = known(entry)
    if let known {
      // What it is called and where it comes from is the manifest's word; the rest is known.
      entry.file.origin = known.file.origin
      entry.file.isProtected = known.file.isProtected
      entry.file.companions = known.file.companions
      if known.file.bytes > .zero { entry.file.bytes = known.file.bytes }
    } else if let reason = rules.refusal(of: entry.file.bytes) {
      block(entry, reason, Set(specs.map(\.collection)))
      return
    }
    let askers = specs.map { Asker(collection: $0.collection, exact: $0.spec.place) }
    want(entry, askers, former: known?.file.places ?? [], isNew: known == nil)
  }

  mutating func block(_ entry: Entry, _ reason: BlockedReason, _ collections: Set<Int>) {
    resolution.blocked.append(
      BlockedEntry(
        model: entry.model.id, version: entry.version.id, file: entry.file.id, title: entry.title,
        reason: reason, collections: collections.map { manifest.collections[$0].name }.sorted()))
  }

  // MARK: Budgets

  /// Takes back what no collection that asks for it can take.
  mutating func keepWithinBudgets() {
    let hasLimits =
      manifest.policy.maxTotal != nil
      || manifest.collections.contains { $0.budget != nil }
    guard hasLimits else { return }
    let budgets = Budgets(manifest, known: known())
    noteUnknownLengths()
    for (identity, refusals) in budgets.refusals(candidates()) {
      // Its bytes are here as soon as one collection takes it: then all that ask have it.
      guard let draft = desired[identity],
        draft.askers.allSatisfy({ refusals[$0.collection] != nil }),
        let reason = refusals.min(by: { $0.key < $1.key })?.value
      else { continue }
      desired[identity] = nil
      block(draft.entry, reason, Set(refusals.keys))
    }
    for (identity, reason) in budgets.overTotal(candidates()) {
      guard let draft = desired.removeValue(forKey: identity) else { continue }
      block(draft.entry, reason, Set(draft.askers.map(\.collection)))
    }
  }

  private func candidates() -> [Candidate] {
    desired.values.filter(\.isNew).map { draft in
      let model = today[draft.entry.model.id]
      return Candidate(
        entry: draft.entry, collections: Set(draft.askers.map(\.collection)).sorted(),
        downloads: model?.downloads, thumbsUp: model?.thumbsUp,
        isStored: context.isStored(draft.entry.digest))
    }
  }

  /// All that stays or stands for what stays, with the collections that it counts for.
  private func known() -> [(entry: Entry, collections: [Int])] {
    let taken = desired.values.filter { !$0.isNew }.map {
      (entry: $0.entry, collections: $0.askers.map(\.collection))
    }
    let left = context.former.filter { desired[$0.identity] == nil && !gone.contains($0.identity) }
    return taken
      + left.compactMap { entry in
        let meant = manifest.collections.indices.filter { isMeant(entry, by: $0) }
        return meant.isEmpty && !entry.file.isProtected ? nil : (entry: entry, collections: meant)
      }
  }

  private mutating func noteUnknownLengths() {
    for (index, collection) in manifest.collections.enumerated() where collection.budget != nil {
      let unknown = desired.values.count { draft in
        draft.isNew && draft.entry.file.bytes == .zero
          && draft.askers.contains { $0.collection == index }
      }
      if unknown > 0 {
        resolution.notes.append(.lengthUnknown(collection: collection.name, files: unknown))
      }
    }
  }
}
