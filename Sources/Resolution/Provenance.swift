package import CatalogueModel
package import Core
package import Diagnostics
package import ManifestModel

/// A line of the manifest that selects an entry.
package struct SelectedBy: Sendable, Hashable {
  package var collection: String
  /// The selecting key: `users`, `models`, `versions`, `objects` or `favorites`; `nil` when the
  /// collection took it by facts that have changed since.
  package var key: String?
  package var span: Span
  /// Why this file of the version.
  package var file: String
}

/// Where the manifest's layout wants an entry, and how that stands to where it is.
package enum PathOrigin: Sendable, Hashable {
  /// `place:` of a selector or collection, or of an object.
  case place(String)
  case layout(String)
  /// As the layout says, with the file's id: the plain name belongs to another file.
  case suffixed(String)
  /// From its first placement; what the layout or `place:` says today.
  case kept(today: String)
  /// Nothing in the manifest says anything about it.
  case unknown
}

/// Why an entry is what it is, by the manifest and the recorded facts alone. Pure.
package enum Provenance {
  /// The lines that select an entry, in the order of the collections.
  package static func selecting(_ entry: Entry, in manifest: Manifest) -> [SelectedBy] {
    manifest.collections.flatMap { collection -> [SelectedBy] in
      let isRecorded = entry.file.collections.contains(collection.name)
      guard isRecorded || Judgement.selects(collection, entry) else { return [] }
      let lines = lines(of: collection, entry)
      if !lines.isEmpty || !isRecorded { return lines }
      return [
        SelectedBy(
          collection: collection.name, key: collection.favorites == nil ? nil : "favorites",
          span: collection.favorites ?? collection.span,
          file: fileReason(entry.file, collection.files))
      ]
    }
  }

  private static func lines(of collection: CollectionSpec, _ entry: Entry) -> [SelectedBy] {
    func line(_ key: String, _ span: Span, _ file: String) -> SelectedBy {
      SelectedBy(collection: collection.name, key: key, span: span, file: file)
    }
    if entry.isObject {
      return collection.objects.filter { $0.digest == entry.digest }.map {
        line("objects", $0.span, "named by its digest")
      }
    }
    var found: [SelectedBy] = []
    if let creator = entry.model.creator {
      for user in collection.users where sameWord(user.value, creator) {
        found.append(line("users", user.span, fileReason(entry.file, collection.files)))
      }
    }
    for selector in collection.models where takes(selector, entry) {
      let reason =
        selector.file == nil ? fileReason(entry.file, selector.files) : "named by its id"
      found.append(line("models", selector.span, reason))
    }
    for version in collection.versionIDs where version.value == entry.version.id {
      found.append(line("versions", version.span, fileReason(entry.file, collection.files)))
    }
    return found
  }

  private static func takes(_ selector: ModelSelector, _ entry: Entry) -> Bool {
    selector.id == entry.model.id && (selector.version.map { $0 == entry.version.id } ?? true)
      && (selector.file.map { $0 == entry.file.id } ?? true)
  }

  /// Lines that name this very model or version, whether or not anything of it is known.
  package static func naming(
    model: ModelID?, version: VersionID?, in manifest: Manifest
  ) -> [SelectedBy] {
    manifest.collections.flatMap { collection -> [SelectedBy] in
      let models = collection.models.filter {
        $0.id == model && (version == nil || $0.version == nil || $0.version == version)
      }.map { SelectedBy(collection: collection.name, key: "models", span: $0.span, file: "") }
      let versions = collection.versionIDs.filter { $0.value == version }.map {
        SelectedBy(collection: collection.name, key: "versions", span: $0.span, file: "")
      }
      return models + versions
    }
  }

  /// Which wishes of `files:` the file meets, with their rank.
  static func fileReason(_ file: RecordedFile, _ policy: FilePolicy) -> String {
    if policy.isDefault { return "the version's own primary file (no `files:`)" }
    if policy.all { return "`files:` takes all that pass" }
    if policy.primary { return "the version's primary file, as `files:` says" }
    var wishes: [String] = []
    func wish(_ name: String, _ value: String?, _ order: [String]) {
      guard !order.isEmpty else { return }
      let rank = value.flatMap { value in order.firstIndex { sameWord($0, value) } }
      let list = order.joined(separator: ", ")
      wishes.append(
        rank.map { "\(name) \(order[$0]), choice \($0 + 1) of [\(list)]" }
          ?? "\(name) \(value ?? "not told"), for want of [\(list)]")
    }
    if let types = policy.types { wish("type", file.type, types) }
    if let formats = policy.formats { wish("format", file.format, formats) }
    wish("precision", file.precision, policy.only.precision ?? policy.precision)
    wish("size", file.size, (policy.only.size ?? policy.size).map { [$0.rawValue] } ?? [])
    wish("quantType", file.quantType, policy.only.quantType ?? policy.quantType)
    return wishes.isEmpty ? "passes `files:`" : "best match: " + wishes.joined(separator: "; ")
  }

  /// How a place of the entry came about.
  package static func origin(
    of place: Place, _ entry: Entry, in manifest: Manifest
  ) -> PathOrigin {
    var today: [(place: Place, origin: PathOrigin)] = []
    for collection in manifest.collections
    where entry.file.collections.contains(collection.name)
      || Judgement.selects(collection, entry)
    {
      if let object = collection.objects.first(where: { $0.digest == entry.digest }),
        entry.isObject
      {
        for tree in collection.trees {
          let wanted = Place(tree: tree, path: object.place)
          today.append((wanted, .place(object.place.string)))
        }
        continue
      }
      let selector = collection.models.first { takes($0, entry) }
      let template = selector?.place ?? collection.place
      for wanted in wanted(entry, template, collection, manifest) {
        let layout = collection.layout ?? manifest.trees.first { $0.name == wanted.tree }?.layout
        today.append(
          (wanted, template.map { .place($0.text) } ?? .layout(layout?.name ?? "of the tree")))
      }
    }
    if let same = today.first(where: { $0.place == place }) { return same.origin }
    let here = today.filter { $0.place.tree == place.tree }
    if let plain = here.first(where: { isSuffixed(place, of: $0.place, entry.file.id) }) {
      return .suffixed(plain.place.description)
    }
    return here.first.map { .kept(today: $0.place.description) } ?? .unknown
  }

  private static func wanted(
    _ entry: Entry, _ template: PathTemplate?, _ collection: CollectionSpec, _ manifest: Manifest
  ) -> [Place] {
    var naming = Naming(trees: manifest.trees)
    return naming.wanted(entry, place: template, for: collection)
  }

  /// Whether it is the plain place with the file's id in its name.
  private static func isSuffixed(_ place: Place, of plain: Place, _ file: FileID) -> Bool {
    let name = SafeName.suffixed(plain.path.name, with: String(file.rawValue.magnitude))
    return place.path.name == name && place.path.parent == plain.path.parent
  }
}

extension Layout {
  fileprivate var name: String {
    switch self {
    case .preset(let preset): preset.rawValue
    case .template(let template): template.text
    }
  }
}
