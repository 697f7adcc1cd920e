import CatalogueModel
import Core
import ManifestModel

/// The facts of a model that a collection's filters look at.
struct ModelFacts {
  var id: ModelID
  var name: String
  var type: String
  var creator: String?
  var tags: [String]
  var nsfwLevel: Int

  init(_ model: Model) {
    id = model.id
    name = model.name
    type = model.type
    creator = model.creator
    tags = model.tags
    nsfwLevel = model.nsfwLevel
  }

  init(_ model: RecordedModel) {
    id = model.id
    name = model.name
    type = model.type
    creator = model.creator
    tags = model.tags
    nsfwLevel = model.nsfwLevel
  }
}

/// The facts of a version that a collection's filters look at.
struct VersionFacts {
  var id: VersionID
  var baseModel: String
  var publishedAt: Timestamp?

  init(_ version: Version) {
    id = version.id
    baseModel = version.baseModel
    publishedAt = version.publishedAt
  }

  init(_ version: RecordedVersion) {
    id = version.id
    baseModel = version.baseModel
    publishedAt = version.publishedAt
  }
}

/// Holds facts, of today or as recorded, against the manifest.
enum Judgement {
  /// The key of the filter that leaves a model out; `nil` when it passes.
  /// - Parameter excluding: whether `exclude:` counts too.
  static func rejects(
    _ collection: CollectionSpec, _ facts: ModelFacts, excluding: Bool = true
  ) -> String? {
    if excludes(collection.exclude, facts, creators: excluding) { return "exclude" }
    if let types = collection.types, !types.contains(where: { $0.matches(facts.type) }) {
      return "types"
    }
    if let tags = collection.tags, !tags.admits(facts.tags) { return "tags" }
    if let names = collection.names, !names.contains(where: { $0.matches(facts.name) }) {
      return "names"
    }
    if let ceiling = collection.nsfw, !ceiling.admits(facts.nsfwLevel) { return "nsfw" }
    return nil
  }

  private static func excludes(
    _ exclude: ExcludeSpec, _ facts: ModelFacts, creators: Bool
  ) -> Bool {
    if exclude.models.contains(facts.id) { return true }
    if creators, let creator = facts.creator,
      exclude.users.contains(where: { sameWord($0, creator) })
    {
      return true
    }
    return exclude.types.contains { $0.matches(facts.type) }
      || exclude.tags.contains { tag in facts.tags.contains { tag.matches($0) } }
      || exclude.names.contains { $0.matches(facts.name) }
  }

  /// The key of the counter that is too low for a model to be taken; one that is not told is.
  /// Never asked of what is recorded: counters move all the time, and nothing goes because of that.
  static func isTooLittleUsed(_ collection: CollectionSpec, _ model: Model) -> String? {
    if let least = collection.minDownloads, model.downloads ?? -1 < least { return "minDownloads" }
    if let least = collection.minThumbs, model.thumbsUp ?? -1 < least { return "minThumbs" }
    return nil
  }

  /// The key of the filter that leaves a version out; `nil` when it passes.
  static func rejects(_ collection: CollectionSpec, _ facts: VersionFacts) -> String? {
    let exclude = collection.exclude
    if exclude.versions.contains(facts.id) { return "exclude" }
    if exclude.baseModels.contains(where: { $0.matches(facts.baseModel) }) { return "exclude" }
    if let allowed = collection.baseModels,
      !allowed.contains(where: { $0.matches(facts.baseModel) })
    {
      return "baseModels"
    }
    // Without a day nobody can say that it is inside.
    if let since = collection.since, !(facts.publishedAt.map { $0.day >= since } ?? false) {
      return "since"
    }
    if let until = collection.until, !(facts.publishedAt.map { $0.day <= until } ?? false) {
      return "until"
    }
    return nil
  }

  /// Whether the manifest, as it is now, still selects an entry by the facts it was recorded with:
  /// only when it does not may the entry be removed.
  static func selects(_ collection: CollectionSpec, _ entry: Entry) -> Bool {
    if entry.isObject { return collection.objects.contains { $0.digest == entry.digest } }
    guard
      rejects(collection, VersionFacts(entry.version)) == nil
    else { return false }
    if named(collection, entry) {
      return rejects(collection, ModelFacts(entry.model), excluding: false) == nil
    }
    guard rejects(collection, ModelFacts(entry.model)) == nil,
      isListed(collection, entry)
    else { return false }
    return collection.files.isDefault || FileChoice.passes(entry.file, collection.files)
  }

  /// Whether a list of the collection has shown it: the creator's, by the recorded name, or the
  /// account's favorites, of which only that it was recorded with them is known.
  private static func isListed(_ collection: CollectionSpec, _ entry: Entry) -> Bool {
    if collection.favorites != nil, entry.file.collections.contains(collection.name) {
      return true
    }
    guard let creator = entry.model.creator else { return false }
    return collection.users.contains { sameWord($0.value, creator) }
  }

  /// Whether a selector by id takes it.
  private static func named(_ collection: CollectionSpec, _ entry: Entry) -> Bool {
    if collection.versionIDs.contains(where: { $0.value == entry.version.id }) {
      return collection.files.isDefault || FileChoice.passes(entry.file, collection.files)
    }
    return selector(collection, entry) != nil
  }

  /// The first selector by a model's id that takes an entry.
  static func selector(_ collection: CollectionSpec, _ entry: Entry) -> ModelSelector? {
    collection.models.first { selector in
      guard selector.id == entry.model.id,
        selector.version.map({ $0 == entry.version.id }) ?? true,
        selector.file.map({ $0 == entry.file.id }) ?? true
      else { return false }
      return selector.file != nil || selector.files.isDefault
        || FileChoice.passes(entry.file, selector.files)
    }
  }
}

extension NsfwCeiling {
  /// Whether a model passes: it has a level, and none above the ceiling.
  ///
  /// One without any level was not rated yet. It is left out until it is: what was placed once
  /// would stay whatever the rating then says. The site's `blocked` (32) is above every ceiling.
  func admits(_ mask: Int) -> Bool {
    let highest =
      switch self {
      case .pg: 1
      case .pg13: 2
      case .r: 4
      case .x: 8
      case .xxx: 16
      }
    return mask > 0 && mask < highest * 2
  }
}
