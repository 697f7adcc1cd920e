import Engine

/// What a rollback does to the manifests.
enum ManifestsView {
  /// Before the plan of the files; empty when nothing is done. Every line is ended, and a blank one
  /// follows.
  static func plan(_ manifests: [ManifestReturn], _ options: ViewOptions) -> String {
    guard !manifests.isEmpty else { return "" }
    var page = Page(options)
    page.heading("Put back \(Measures.count(manifests.count, "manifest"))", .changed)
    for manifest in manifests { write(manifest, &page) }
    page.gap()
    return page.text
  }

  static func write(_ manifest: ManifestReturn, _ page: inout Page) {
    switch manifest.change {
    case .write: page.pathItem("~", manifest.name, meaning: .changed)
    case .aside:
      page.pathItem("-", manifest.name, meaning: .removed)
      page.paragraph("the snapshot had none; it goes to .civsync/aside/", indent: 4)
    }
  }

  static func node(_ manifest: ManifestReturn) -> JSONNode {
    .object([("name", .string(manifest.name)), ("change", .string(manifest.change.rawValue))])
  }
}
