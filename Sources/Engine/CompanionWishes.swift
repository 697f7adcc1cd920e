import CatalogueModel
import Core
import ManifestModel
import Planning
import Sidecars

/// What a manifest wants beside which entry, and what the catalogue has for it. Pure.
struct CompanionWishes {
  private let collections: [String: CollectionSpec]
  private let models: [ModelID: Model]
  private let endpoints: [SafeURL]
  private let isInsecure: Bool
  private let isEdited: Bool
  private let isTried: (SafeURL) -> Bool

  private(set) var wishes: [EntryIdentity: CompanionWish] = [:]
  private(set) var subjects: [EntryIdentity: SidecarSubject] = [:]

  /// - Parameter isTried: whether a picture at that URL is to be asked for now.
  init(
    _ manifest: Manifest, _ answers: CatalogueAnswers, isEdited: Bool,
    isTried: @escaping (SafeURL) -> Bool
  ) {
    collections = Dictionary(
      manifest.collections.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    models = answers.detailedModels()
    endpoints = manifest.endpoints
    isInsecure = manifest.transfer.isInsecure
    self.isEdited = isEdited
    self.isTried = isTried
  }

  mutating func add(_ entries: [Entry]) {
    for entry in entries { add(entry) }
  }

  private mutating func add(_ entry: Entry) {
    let asking = entry.file.collections.compactMap { collections[$0] }
    // An entry that no collection asks for any more keeps what it has.
    guard !asking.isEmpty else { return }
    var wish = CompanionWish(mayRemove: isEdited)
    wish.sidecars = Set(asking.flatMap(\.sidecars))
    wish.previews = asking.map(\.previews).max() ?? 0
    if !wish.sidecars.isEmpty || wish.previews > 0, let model = models[entry.model.id],
      let version = model.versions.first(where: { $0.id == entry.version.id }),
      let details = version.details
    {
      // Where several ask, the strictest of them decides what is shown.
      let showing = asking.filter { $0.previews > 0 }
      let ceiling = (showing.isEmpty ? asking : showing).compactMap(\.nsfw).min {
        $0.bits < $1.bits
      }
      let pictures = details.images.filter { isShown($0, ceiling) }
      wish.canGenerate = true
      wish.pictures = pictures.prefix(wish.previews).map { isTried($0.url) ? $0.url : nil }
      var shown = model
      shown.versions = []
      subjects[entry.identity] = SidecarSubject(
        model: shown, version: version, file: entry.file, picture: pictures.first)
    }
    wishes[entry.identity] = wish
  }

  /// No films, nothing beyond the ceiling, and no address of this machine but from a catalogue on
  /// this machine.
  private func isShown(_ image: ModelImage, _ ceiling: NsfwCeiling?) -> Bool {
    guard !image.isVideo, ceiling.map({ $0.admits(image: image.nsfwLevel) }) ?? true else {
      return false
    }
    return (image.url.scheme == "https" || isInsecure) && !image.url.isLoopback
      || image.url.isLoopback && endpoints.contains(where: \.isLoopback)
  }
}

extension NsfwCeiling {
  /// The levels up to and with this one.
  fileprivate var bits: Int {
    switch self {
    case .pg: 1
    case .pg13: 3
    case .r: 7
    case .x: 15
    case .xxx: 31
    }
  }

  /// A picture whose level is not known may be anything.
  fileprivate func admits(image level: Int) -> Bool { level > 0 && level & ~bits == 0 }
}

extension CatalogueAnswers {
  /// Every model that any of the answers shows with its details, the first endpoint's word before a
  /// fallback's.
  func detailedModels() -> [ModelID: Model] {
    var found: [ModelID: Model] = [:]
    func add(_ models: [Model]) {
      for model in models where model.versions.contains(where: { $0.details != nil }) {
        found[model.id] = model
      }
    }
    for wantsFallback in [true, false] {
      for listing in Array(users.values) + [favorites].compactMap({ $0 }) {
        switch listing {
        case .complete(let models, wantsFallback): add(models)
        case .partial(let models, _, wantsFallback): add(models)
        default: break
        }
      }
      for case .found(let model, wantsFallback) in models.values { add([model]) }
    }
    return found
  }
}
