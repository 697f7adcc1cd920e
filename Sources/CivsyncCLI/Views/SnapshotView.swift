package import Core

/// A file that two snapshots do not share.
package struct SnapshotChange: Sendable, Hashable {
  package enum Kind: String, Sendable, CaseIterable {
    case added, moved, changed, removed
  }

  package var kind: Kind
  package var place: Place
  /// Where it stood before, if it moved.
  package var from: Place?
  package var title: String
  /// What stands there now; of a removed file, what stood there.
  package var digest: Digest
  /// What stood there before, if it changed.
  package var former: Digest?
  package var bytes: ByteCount

  package init(
    kind: Kind, place: Place, from: Place? = nil, title: String, digest: Digest,
    former: Digest? = nil, bytes: ByteCount
  ) {
    self.kind = kind
    self.place = place
    self.from = from
    self.title = title
    self.digest = digest
    self.former = former
    self.bytes = bytes
  }
}

/// A snapshot, and what it changed.
package struct SnapshotReport: Sendable {
  package var item: LogItem
  /// Further lines of its message.
  package var body: String
  package var manifests: [String]
  /// How many files it has in all, and their bytes, each content once.
  package var files: Int
  package var bytes: ByteCount
  /// The name of the snapshot that it is compared with; `nil` for the first.
  package var comparedTo: String?
  package var changes: [SnapshotChange]

  package init(
    item: LogItem, body: String = "", manifests: [String] = [], files: Int, bytes: ByteCount,
    comparedTo: String? = nil, changes: [SnapshotChange] = []
  ) {
    self.item = item
    self.body = body
    self.manifests = manifests
    self.files = files
    self.bytes = bytes
    self.comparedTo = comparedTo
    self.changes = changes
  }
}

package enum SnapshotView {
  /// Facts, then the changes: removals last. Every line is ended.
  package static func human(
    _ report: SnapshotReport, _ options: ViewOptions = ViewOptions()
  ) -> String {
    var page = Page(options)
    let item = report.item
    page.paragraph("Snapshot \(item.shortID)", meaning: .strong)
    page.paragraph(item.title, indent: 2)
    for line in report.body.split(separator: "\n") { page.paragraph(String(line), indent: 2) }
    fact("time", item.time, &page)
    if !item.refs.isEmpty { fact("refs", item.refs.joined(separator: ", "), &page) }
    if !report.manifests.isEmpty {
      fact("manifests", report.manifests.joined(separator: ", "), &page)
    }
    fact("files", "\(report.files), \(report.bytes)", &page)
    page.gap()
    let since = report.comparedTo.map { " since \($0)" } ?? ""
    guard !report.changes.isEmpty else {
      page.paragraph("No file changed\(since).")
      return page.text
    }
    page.paragraph("Changed\(since): \(counts(report.changes))", meaning: .strong)
    write(report.changes, &page)
    return page.text
  }

  /// By kind, removals last.
  static func write(_ changes: [SnapshotChange], _ page: inout Page) {
    for kind in SnapshotChange.Kind.allCases {
      for change in changes where change.kind == kind { write(change, &page) }
    }
  }

  private static func fact(_ name: String, _ value: String, _ page: inout Page) {
    page.paragraph(
      DisplayText.padded(name, to: 9) + " " + DisplayText.harmless(value), indent: 2, hanging: 10)
  }

  static func counts(_ changes: [SnapshotChange]) -> String {
    SnapshotChange.Kind.allCases.compactMap { kind in
      let count = changes.count { $0.kind == kind }
      return count > 0 ? "\(count) \(kind.rawValue)" : nil
    }.joined(separator: ", ")
  }

  private static func write(_ change: SnapshotChange, _ page: inout Page) {
    let (symbol, meaning): (String, TextMeaning) =
      switch change.kind {
      case .added: ("+", .added)
      case .moved: (">", .changed)
      case .changed: ("~", .changed)
      case .removed: ("-", .removed)
      }
    page.pathItem(symbol, change.place.description, meaning: meaning)
    if let from = change.from {
      page.pathItem("from", from.description, indent: 4, meaning: .faint)
    }
    let digests = (change.former.map { "\($0.short) → " } ?? "") + change.digest.short
    page.paragraph(
      "\(DisplayText.title(change.title)); \(Measures.size(change.bytes)); \(digests)", indent: 4,
      meaning: .faint)
  }

  package static func json(_ report: SnapshotReport) -> JSONNode {
    .object([
      ("version", .int(1)),
      ("snapshot", LogView.node(report.item)),
      ("body", .string(report.body)),
      ("manifests", .array(report.manifests.map(JSONNode.string))),
      ("files", .int(report.files)),
      ("bytes", .int(report.bytes.bytes)),
      ("comparedTo", .optional(report.comparedTo, JSONNode.string)),
      ("changes", .array(report.changes.map(node))),
    ])
  }

  static func node(_ change: SnapshotChange) -> JSONNode {
    .object([
      ("kind", .string(change.kind.rawValue)),
      ("place", PlanJSON.place(change.place)),
      ("from", .optional(change.from, PlanJSON.place)),
      ("title", .string(change.title)),
      ("sha256", .string(change.digest.hex)),
      ("formerSha256", .optional(change.former) { .string($0.hex) }),
      ("bytes", .int(change.bytes.bytes)),
    ])
  }
}
