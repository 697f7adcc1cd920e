import CatalogueModel
import Core
import ManifestModel

/// A model as a list shows it.
struct Shown {
  var model: Model
  /// A later endpoint answered.
  var fromFallback: Bool
}

/// Of the models that a collection's lists show, those that it takes: each once, what its filters
/// let pass, and of these as many as its `limit` says.
///
/// What is named by id does not count, whether lists show it or not, and neither does what has
/// nothing to take.
struct Candidates {
  private let collection: CollectionSpec
  private let former: ByModel<Entry>

  init(_ collection: CollectionSpec, former: ByModel<Entry>) {
    self.collection = collection
    self.former = former
  }

  func choose(_ shown: [Shown]) -> [Shown] {
    let once = self.once(shown)
    guard let limit = collection.limit else { return once }
    let named = Set(collection.models.map(\.id))
    let ranked = once.compactMap { shown -> (Shown, TakeRank)? in
      guard !named.contains(shown.model.id), passes(shown.model) else { return nil }
      return rank(shown.model, limit.order).map { (shown, $0) }
    }
    return ranked.sorted { limit.order.precedes($0.1, $1.1) }.prefix(limit.models).map(\.0)
  }

  /// Each model once; the first endpoint's word counts before a fallback's.
  private func once(_ shown: [Shown]) -> [Shown] {
    var index: [ModelID: Int] = [:]
    var once: [Shown] = []
    for shown in shown {
      if let known = index[shown.model.id] {
        if once[known].fromFallback { once[known] = shown }
      } else {
        index[shown.model.id] = once.count
        once.append(shown)
      }
    }
    return once
  }

  private func passes(_ model: Model) -> Bool {
    let isKnown = former[model.id].contains {
      $0.file.collections.contains(collection.name)
    }
    return Judgement.rejects(collection, ModelFacts(model)) == nil
      && (isKnown || Judgement.isTooLittleUsed(collection, model) == nil)
  }

  /// - Returns: `nil` where there is nothing to take.
  private func rank(_ model: Model, _ order: TakeOrder) -> TakeRank? {
    let versions = model.versions.filter {
      !$0.files.isEmpty && Judgement.rejects(collection, VersionFacts($0)) == nil
    }
    guard !versions.isEmpty else { return nil }
    let days = versions.compactMap(\.publishedAt)
    var rank = TakeRank(ids: [model.id.rawValue])
    rank.published = order == .oldest ? days.min() : days.max()
    rank.downloads = model.downloads
    rank.thumbsUp = model.thumbsUp
    if order == .smallest {
      let files = VersionChoice.choose(versions, by: collection.versions).flatMap {
        FileChoice.choose($0.files, by: collection.files)
      }
      let told = files.compactMap(\.approximateBytes)
      if told.count == files.count { rank.bytes = told.reduce(.zero, +) }
    }
    return rank
  }
}
