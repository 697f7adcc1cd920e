package import CatalogueModel
package import Core
package import ManifestModel

/// What known entries are called once the user follows what upstream calls them now. Pure.
///
/// Names in the record are what paths are made of and what filters were judged on. A name that would
/// take an entry out of the collections that mean it is not followed: a rename removes nothing.
package struct Renaming: Sendable {
  /// The known entries with their new names.
  package private(set) var entries: [Entry]
  /// Those that are called otherwise now.
  package private(set) var renamed: Set<FileKey> = []
  /// Models that keep their names, because a filter of the manifest asks for these.
  package private(set) var held: Set<ModelID> = []

  /// - Parameters:
  ///   - known: what is recorded.
  ///   - isMeant: whether the user names the entry; its whole model is renamed then, for a model has
  ///     one name.
  package init(
    _ known: [Entry], _ answers: CatalogueAnswers, for collections: [CollectionSpec],
    isMeant: (Entry) -> Bool
  ) {
    entries = known
    let shown = answers.shownModels
    let models = Set(known.filter(isMeant).map(\.model.id))
    for id in models.sorted() {
      guard let today = shown[id] else { continue }
      let indices = known.indices.filter { known[$0].model.id == id }
      let now = indices.map { Self.renamed(known[$0], today) }
      if zip(indices, now).contains(where: { index, entry in
        Self.isLost(entry, from: known[index], collections)
      }) {
        held.insert(id)
        continue
      }
      for (index, entry) in zip(indices, now) where entry != known[index] {
        entries[index] = entry
        renamed.insert(entry.key)
      }
    }
  }

  private static func renamed(_ entry: Entry, _ today: Model) -> Entry {
    var entry = entry
    entry.model.name = today.name
    if let creator = today.creator { entry.model.creator = creator }
    guard let version = today.versions.first(where: { $0.id == entry.version.id }) else {
      return entry
    }
    entry.version.name = version.name
    if let file = version.files.first(where: {
      $0.id == entry.file.id && $0.digest == entry.digest
    }) {
      entry.file.name = file.name
    }
    return entry
  }

  private static func isLost(
    _ now: Entry, from before: Entry, _ collections: [CollectionSpec]
  ) -> Bool {
    collections.contains { Judgement.selects($0, before) && !Judgement.selects($0, now) }
  }
}
