import CatalogueModel
import Core
import ManifestModel

/// The facts of a model that a collection's filters look at.
struct ModelFacts {
  var id: ModelID
  var type: String
  var creator: String?

  init(_ model: Model) {
    id = model.id
    type = model.type
    creator = model.creator
  }

  init(_ model: RecordedModel) {
    id = model.id
    type = model.type
    creator = model.creator
  }
}

/// Holds facts, of today or as recorded, against the manifest.
enum Judgement {
  /// The key of the filter that leaves a model out; `nil` when it passes.
  /// - Parameter excluding: whether `exclude:` counts too.
  static func rejects(
    _ collection: CollectionSpec, _ facts: ModelFacts, excluding: Bool = true
  ) -> String? {
    let exclude = collection.exclude
    if exclude.models.contains(facts.id) { return "exclude" }
    if excluding, let creator = facts.creator,
      exclude.users.contains(where: { sameWord($0, creator) })
    {
      return "exclude"
    }
    if exclude.types.contains(where: { $0.matches(facts.type) }) { return "exclude" }
    if let types = collection.types, !types.contains(where: { $0.matches(facts.type) }) {
      return "types"
    }
    return nil
  }

  static func rejects(
    _ collection: CollectionSpec, version: VersionID, baseModel: String
  ) -> String? {
    let exclude = collection.exclude
    if exclude.versions.contains(version) { return "exclude" }
    if exclude.baseModels.contains(where: { $0.matches(baseModel) }) { return "exclude" }
    if let allowed = collection.baseModels, !allowed.contains(where: { $0.matches(baseModel) }) {
      return "baseModels"
    }
    return nil
  }

  /// Whether the manifest, as it is now, still selects an entry by the facts it was recorded with:
  /// only when it does not may the entry be removed.
  static func selects(_ collection: CollectionSpec, _ entry: Entry) -> Bool {
    guard
      rejects(collection, version: entry.version.id, baseModel: entry.version.baseModel) == nil
    else { return false }
    if named(collection, entry) {
      return rejects(collection, ModelFacts(entry.model), excluding: false) == nil
    }
    guard rejects(collection, ModelFacts(entry.model)) == nil,
      let creator = entry.model.creator,
      collection.users.contains(where: { sameWord($0.value, creator) })
    else { return false }
    return collection.files.isDefault || FileChoice.passes(entry.file, collection.files)
  }

  /// Whether a selector by id takes it.
  private static func named(_ collection: CollectionSpec, _ entry: Entry) -> Bool {
    if collection.versionIDs.contains(where: { $0.value == entry.version.id }) {
      return collection.files.isDefault || FileChoice.passes(entry.file, collection.files)
    }
    return collection.models.contains { selector in
      guard selector.id == entry.model.id,
        selector.version.map({ $0 == entry.version.id }) ?? true,
        selector.file.map({ $0 == entry.file.id }) ?? true
      else { return false }
      return selector.file != nil || selector.files.isDefault
        || FileChoice.passes(entry.file, selector.files)
    }
  }
}
