import CatalogueModel
import Core
import ManifestModel

/// Gives every entry its paths.
///
/// A path is decided at first placement: known entries come first and keep theirs as long as the
/// layout still leads there; then new ones by file id, the lowest keeping the plain name.
struct Naming {
  private let trees: [TreeSpec]
  /// Who stands where, by the form in which no file system tells two names apart: String compares
  /// by canonical equivalence, which covers NFC and NFD, and case is folded.
  private var taken: [Place: Digest] = [:]
  /// The folders above those places, in the same form.
  private var folders: Set<Place> = []
  private(set) var notes: [ResolutionNote] = []

  init(trees: [TreeSpec]) { self.trees = trees }

  /// Where a layout or a `place:` wants an entry for a collection, in each of its trees, before
  /// collisions.
  mutating func wanted(
    _ entry: Entry, place: PathTemplate?, for collection: CollectionSpec
  ) -> [Place] {
    // The one that asks is meant by `{collection}`, whichever others ask too.
    let asked = Asked(entry: entry, collection: collection.name)
    return trees(of: collection).compactMap { tree in
      let layout = collection.layout ?? tree.layout
      let path: TreePath?
      if let place {
        path = render(place, asked, folder: folder(layout, entry), exact: !place.hasPlaceholders)
      } else {
        path = render(layout, asked)
      }
      return path.map { Place(tree: tree.name, path: $0) }
    }
  }

  /// A declared path in each of a collection's trees.
  func places(_ path: TreePath, in collection: CollectionSpec) -> [Place] {
    trees(of: collection).map { Place(tree: $0.name, path: path) }
  }

  private func trees(of collection: CollectionSpec) -> [TreeSpec] {
    trees.filter { collection.trees.contains($0.name) }
  }

  /// Keeps a known entry where it is, when that is where it is wanted; the wanted places that are
  /// still open come back.
  mutating func keep(_ entry: inout Entry, wanted: [Place], former: [Place]) -> [Place] {
    var open: [Place] = []
    for place in wanted {
      let suffixed = Self.suffixed(place, entry.file.id)
      if let known = former.first(where: { $0 == place || $0 == suffixed }) {
        settle(&entry, known)
      } else {
        open.append(place)
      }
    }
    return open
  }

  /// Finds a free path for each: the wanted one, or the wanted one with the file's id.
  /// - Returns: the places where there is none, because another file stands where a folder would
  ///   have to be.
  mutating func assign(_ entry: inout Entry, _ open: [Place]) -> [Place] {
    var refused: [Place] = []
    for place in open {
      let candidates = [
        place, Self.suffixed(place, entry.file.id),
        Self.suffixed(place, "\(entry.file.id.rawValue.magnitude)_\(entry.digest.short)"),
      ]
      if let free = candidates.first(where: { isFree($0, for: entry.digest) }) {
        settle(&entry, free)
      } else {
        refused.append(place)
      }
    }
    return refused
  }

  /// Gives an entry these very places, which are its own.
  mutating func settle(_ entry: inout Entry, at places: [Place]) {
    for place in places { settle(&entry, place) }
  }

  /// Whether none of these places can be had.
  func areTaken(_ places: [Place], for digest: Digest) -> Bool {
    !places.contains { isFree($0, for: digest) }
  }

  /// Gives an entry these very places or none.
  /// - Returns: those that are taken.
  mutating func take(_ entry: inout Entry, _ places: [Place]) -> [Place] {
    var refused: [Place] = []
    for place in places {
      if isFree(place, for: entry.digest) {
        settle(&entry, place)
      } else {
        refused.append(place)
      }
    }
    return refused
  }

  private mutating func settle(_ entry: inout Entry, _ place: Place) {
    taken[Self.folded(place)] = entry.digest
    for folder in Self.folders(of: place) { folders.insert(Self.folded(folder)) }
    if !entry.file.places.contains(place) { entry.file.places.append(place) }
  }

  /// No other content stands there, no folder of another place, and no file where a folder of this
  /// one would be.
  private func isFree(_ place: Place, for digest: Digest) -> Bool {
    let folded = Self.folded(place)
    guard taken[folded].map({ $0 == digest }) ?? true, !folders.contains(folded) else {
      return false
    }
    return Self.folders(of: folded).allSatisfy { taken[$0] == nil }
  }

  private static func folders(of place: Place) -> [Place] {
    var folders: [Place] = []
    var next = place.path.parent
    while let path = next {
      folders.append(Place(tree: place.tree, path: path))
      next = path.parent
    }
    return folders
  }

  private static func folded(_ place: Place) -> Place {
    TreePath(place.path.string.lowercased()).map { Place(tree: place.tree, path: $0) } ?? place
  }

  private static func suffixed(_ place: Place, _ file: FileID) -> Place {
    suffixed(place, String(file.rawValue.magnitude))
  }

  private static func suffixed(_ place: Place, _ suffix: String) -> Place {
    let name = SafeName.suffixed(place.path.name, with: suffix)
    let path = place.path.parent.map { "\($0)/\(name)" } ?? name
    return TreePath(path).map { Place(tree: place.tree, path: $0) } ?? place
  }

  // MARK: Templates

  /// An entry, and the collection that a path is made for.
  private struct Asked {
    var entry: Entry
    var collection: String
  }

  private mutating func render(_ layout: Layout, _ asked: Asked) -> TreePath? {
    let folder = folder(layout, asked.entry)
    switch layout {
    case .preset: return TreePath("\(folder)/\(fileName(asked.entry))")
    case .template(let template): return render(template, asked, folder: folder, exact: false)
    }
  }

  private mutating func folder(_ layout: Layout, _ entry: Entry) -> String {
    let type = SafeName.component(entry.model.type, fallback: "unknown")
    let preset: LayoutPreset
    switch layout {
    case .preset(.flat): return type
    case .preset(let named): preset = named
    case .template: preset = .comfyui
    }
    if let known = LayoutTables.folder(preset, type: entry.model.type, fileType: entry.file.type) {
      return known
    }
    let folder = "other/\(type)"
    let note = ResolutionNote.unknownFolder(type: entry.model.type, folder: folder)
    if case .preset = layout, !notes.contains(note) { notes.append(note) }
    return folder
  }

  private func render(
    _ template: PathTemplate, _ asked: Asked, folder: String, exact: Bool
  ) -> TreePath? {
    var text = ""
    var namesEnding = false
    for piece in template.pieces {
      switch piece {
      case .literal(let literal): text += literal
      case .placeholder(let substitution):
        let (value, source) = value(substitution, asked, folder: folder)
        if source == .file || source == .ext { namesEnding = true }
        text += value
      }
    }
    if exact { return TreePath(text) }
    if !namesEnding { text += SafeName.split(fileName(asked.entry)).ending }
    let parts = text.split(separator: "/").map { SafeName.component(String($0), fallback: "_") }
    return TreePath(parts.joined(separator: "/"))
  }

  private func fileName(_ entry: Entry) -> String {
    SafeName.component(
      entry.file.name, fallback: "file-\(entry.file.id.rawValue.magnitude)")
  }

  /// The first of the alternatives that the entry has, within the limit; and which one it was, `nil`
  /// for the last resort.
  private func value(
    _ substitution: PathTemplate.Substitution, _ asked: Asked, folder: String
  ) -> (text: String, source: PathTemplate.Placeholder?) {
    for placeholder in substitution.alternatives {
      guard let value = value(placeholder, asked, folder: folder) else { continue }
      return (
        limited(value, substitution.byteLimit, keepsEnding: placeholder == .file), placeholder
      )
    }
    // A name without an ending has none; everything else has a value, which is not known.
    let last = substitution.fallback ?? (substitution.alternatives == [.ext] ? "" : "unknown")
    return (limited(last, substitution.byteLimit, keepsEnding: false), nil)
  }

  private func limited(_ text: String, _ limit: Int?, keepsEnding: Bool) -> String {
    guard let limit else { return text }
    let (stem, ending) = keepsEnding ? SafeName.split(text) : (text, "")
    let cut = SafeName.limited(stem: stem, ending: ending, to: limit)
    // Not even the first character fits: a component must not vanish.
    return cut == ending && !stem.isEmpty ? "_" + ending : cut
  }

  /// What a placeholder stands for, as a part of one name; `nil` when the entry has no such thing.
  private func value(
    _ placeholder: PathTemplate.Placeholder, _ asked: Asked, folder: String
  ) -> String? {
    let entry = asked.entry
    func safe(_ text: String?) -> String? {
      let safe = SafeName.component(text ?? "", fallback: "")
      return safe.isEmpty ? nil : safe
    }
    let (stem, ending) = SafeName.split(fileName(entry))
    switch placeholder {
    case .type: return safe(entry.model.type)
    case .folder: return folder
    case .baseModel: return safe(entry.version.baseModel)
    case .creator: return safe(entry.model.creator)
    case .model: return safe(entry.model.name)
    case .modelId: return entry.model.id.description
    case .version: return safe(entry.version.name)
    case .versionId: return entry.version.id.description
    case .fileId: return String(entry.file.id.rawValue.magnitude)
    case .file: return stem + ending
    case .stem: return stem
    case .ext: return ending.isEmpty ? nil : String(ending.dropFirst())
    case .precision: return safe(entry.file.precision)
    case .collection: return safe(asked.collection)
    }
  }
}
