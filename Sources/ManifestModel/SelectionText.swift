internal import Core

extension Manifest {
  /// Everything that decides which files are wanted and where below the roots, as a text that is
  /// the same for manifests that mean the same: a lock remembers its digest, so that a manifest that
  /// moved on is noticed. Comments, order of collections, roots, store and links are not in it.
  package var selectionText: String {
    var text = SelectionText()
    for tree in trees.sorted(by: { $0.name < $1.name }) {
      // A tree that a collection's own root makes is named by that path, which is this machine's.
      text.line("tree", tree.name.name.hasPrefix("/") ? "-" : tree.name.name, tree.layout.text)
    }
    text.line("policy", policy)
    for collection in collections.sorted(by: { $0.name < $1.name }) { text.collection(collection) }
    return text.lines.joined(separator: "\n")
  }
}

private struct SelectionText {
  private(set) var lines: [String] = []

  /// Values between quotes, so that no value can look like two.
  mutating func line(_ key: String, _ values: String...) { line(key, values) }

  private mutating func line(_ key: String, _ values: [String]) {
    lines.append(
      ([key] + values.map { "\"\($0.replacing("\"", with: "\\\""))\"" }).joined(separator: " "))
  }

  /// Nothing for `nil` or an empty list.
  private mutating func list(_ key: String, _ values: [String]?) {
    if let values, !values.isEmpty { line(key, values) }
  }

  mutating func line(_ key: String, _ policy: PolicySpec) {
    list("\(key).formats", policy.formats?.value.sorted())
    list("\(key).scan", policy.scan.map { [$0.value.rawValue] })
    list("\(key).commercialUse", policy.commercialUse?.value.sorted())
    list("\(key).baseModels", policy.baseModels?.value.map(\.text).sorted())
    list("\(key).maxFile", policy.maxFile.map { ["\($0.value.bytes)"] })
    list("\(key).maxTotal", policy.maxTotal.map { ["\($0.value.bytes)"] })
  }

  mutating func collection(_ spec: CollectionSpec) {
    line("collection", spec.name)
    list("users", spec.users.map { $0.value.lowercased() }.sorted())
    for text in spec.models.map(\.selectionText).sorted() { line("model", text) }
    list("versions", spec.versionIDs.map { "\($0.value)" }.sorted())
    for object in spec.objects.sorted(by: { ($0.digest, $0.place) < ($1.digest, $1.place) }) {
      line("object", object.digest.hex, object.place.string)
    }
    if spec.favorites != nil { line("favorites") }
    filters(spec)
    rules(spec)
  }

  private mutating func filters(_ spec: CollectionSpec) {
    list("types", spec.types?.map(\.text).sorted())
    list("baseModels", spec.baseModels?.map(\.text).sorted())
    list("tags.any", spec.tags?.any?.map(\.text).sorted())
    list("tags.all", spec.tags?.all.map(\.text).sorted())
    list("tags.none", spec.tags?.none.map(\.text).sorted())
    list("names", spec.names?.map(\.text).sorted())
    list("nsfw", spec.nsfw.map { [$0.rawValue] })
    list("since", spec.since.map { [$0] })
    list("until", spec.until.map { [$0] })
    list("minDownloads", spec.minDownloads.map { ["\($0)"] })
    list("minThumbs", spec.minThumbs.map { ["\($0)"] })
    let exclude = spec.exclude
    list("exclude.models", exclude.models.map(\.description).sorted())
    list("exclude.versions", exclude.versions.map(\.description).sorted())
    list("exclude.users", exclude.users.map { $0.lowercased() }.sorted())
    list("exclude.types", exclude.types.map(\.text).sorted())
    list("exclude.baseModels", exclude.baseModels.map(\.text).sorted())
    list("exclude.tags", exclude.tags.map(\.text).sorted())
    list("exclude.names", exclude.names.map(\.text).sorted())
  }

  private mutating func rules(_ spec: CollectionSpec) {
    list("limit", spec.limit.map { ["\($0.models)", $0.order.rawValue] })
    list("budget.total", spec.budget?.total.map { ["\($0.value.bytes)"] })
    list("budget.perUser", spec.budget?.perUser.map { ["\($0.value.bytes)"] })
    line("rule", spec.versions.text, spec.scan.rawValue, spec.superseded.rawValue)
    line("replaced", spec.replaced.rawValue)
    list("files", spec.files.selectionTexts)
    list("place", spec.place.map { [$0.text] })
    list("layout", spec.layout.map { [$0.text] })
    list("trees", spec.trees.map { $0.name.hasPrefix("/") ? "-" : $0.name }.sorted())
  }
}

extension ModelSelector {
  fileprivate var selectionText: String {
    var parts = ["\(id)", version.map { "@\($0)" } ?? "", file.map { "+\($0)" } ?? ""]
    if let versions { parts.append(" versions \(versions.text)") }
    if let place { parts.append(" place \(place.text)") }
    parts += files.selectionTexts.map { " \($0)" }
    return parts.joined()
  }
}

extension FilePolicy {
  fileprivate var selectionTexts: [String] {
    var texts: [String] = []
    func add(_ key: String, _ values: [String]?) {
      if let values, !values.isEmpty { texts.append("\(key)=\(values.joined(separator: ","))") }
    }
    add("types", types?.sorted())
    add("formats", formats?.sorted())
    // In the order of preference.
    add("precision", precision)
    add("size", size.map { [$0.rawValue] })
    add("quantType", quantType)
    add("only.precision", only.precision)
    add("only.size", only.size.map { [$0.rawValue] })
    add("only.quantType", only.quantType)
    add("all", all ? ["true"] : nil)
    add("primary", primary ? ["true"] : nil)
    add("maxSize", maxSize.map { ["\($0.bytes)"] })
    return texts
  }
}

extension VersionPolicy {
  fileprivate var text: String {
    switch self {
    case .latest: "latest"
    case .latestPerBaseModel: "latest-per-base-model"
    case .all: "all"
    case .newest(let count): "newest \(count)"
    case .since(let day): "since \(day)"
    }
  }
}

extension Layout {
  fileprivate var text: String {
    switch self {
    case .preset(let preset): preset.rawValue
    case .template(let template): template.text
    }
  }
}
