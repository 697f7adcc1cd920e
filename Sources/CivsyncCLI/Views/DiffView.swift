import CatalogueModel
import Core
package import Engine

/// What differs between two states of a project.
package struct DiffReport: Sendable {
  /// What they are called.
  package var old: String
  package var new: String
  package var changes: [SnapshotChange]
  package var facts: [SnapshotComparison.FactChange]
  package var manifests: [SnapshotComparison.ManifestChange]

  package init(
    old: String, new: String, changes: [SnapshotChange] = [],
    facts: [SnapshotComparison.FactChange] = [],
    manifests: [SnapshotComparison.ManifestChange] = []
  ) {
    self.old = old
    self.new = new
    self.changes = changes
    self.facts = facts
    self.manifests = manifests
  }

  package var isEmpty: Bool { changes.isEmpty && facts.isEmpty && manifests.isEmpty }
}

package enum DiffView {
  /// The manifests first, then facts, then files with removals last. Every line is ended.
  package static func human(
    _ report: DiffReport, _ options: ViewOptions = ViewOptions()
  ) -> String {
    var page = Page(options)
    guard !report.isEmpty else {
      page.paragraph("No difference between \(report.old) and \(report.new).")
      return page.text
    }
    for manifest in report.manifests { write(manifest, &page) }
    write(report.facts, &page)
    if !report.changes.isEmpty {
      page.heading("Files: \(SnapshotView.counts(report.changes))")
      SnapshotView.write(report.changes, &page)
    }
    page.gap()
    page.paragraph("From \(report.old) to \(report.new): \(summary(report)).", meaning: .strong)
    return page.text
  }

  private static func summary(_ report: DiffReport) -> String {
    var parts: [String] = []
    if !report.changes.isEmpty { parts.append(SnapshotView.counts(report.changes)) }
    if !report.facts.isEmpty {
      parts.append("\(Measures.count(report.facts.count, "file")) with other facts")
    }
    if !report.manifests.isEmpty {
      let count = Measures.count(report.manifests.count, "manifest")
      parts.append("\(count) \(report.manifests.count == 1 ? "differs" : "differ")")
    }
    return parts.joined(separator: "; ")
  }

  private static func write(
    _ manifest: SnapshotComparison.ManifestChange, _ page: inout Page
  ) {
    let name = DisplayText.harmless(manifest.name)
    page.heading("Manifest \(name): \(manifest.kind.rawValue)")
    guard let lines = manifest.lines else {
      page.paragraph("too different to be shown line by line", indent: 2, meaning: .faint)
      return
    }
    for hunk in lines.hunks {
      page.line("  " + page.style.paint(hunk.header, .faint))
      for line in hunk.lines { page.line("  " + text(line, page.style)) }
    }
  }

  static func text(_ line: LineDifference.Line, _ style: TextStyle) -> String {
    switch line {
    case .same(let text): " " + DisplayText.harmless(text)
    case .removed(let text): style.paint("-" + DisplayText.harmless(text), .removed)
    case .added(let text): style.paint("+" + DisplayText.harmless(text), .added)
    }
  }

  private static func write(
    _ facts: [SnapshotComparison.FactChange], _ page: inout Page
  ) {
    guard !facts.isEmpty else { return }
    page.heading("Facts: \(Measures.count(facts.count, "file"))")
    for change in facts {
      let place = change.entry.file.places.first.map(\.description) ?? "\(change.entry.key)"
      page.pathItem("*", place, meaning: .changed)
      for fact in change.changes {
        page.paragraph(
          "\(fact.name): \(shown(fact.old)) → \(shown(fact.new))", indent: 4, hanging: 2,
          meaning: .faint)
      }
    }
  }

  private static func shown(_ value: String) -> String {
    value.isEmpty ? "none" : DisplayText.title(value)
  }

  package static func json(_ report: DiffReport) -> JSONNode {
    .object([
      ("version", .int(1)),
      ("from", .string(report.old)),
      ("to", .string(report.new)),
      ("same", .bool(report.isEmpty)),
      ("changes", .array(report.changes.map(SnapshotView.node))),
      ("facts", .array(report.facts.map(node))),
      ("manifests", .array(report.manifests.map(node))),
    ])
  }

  private static func node(_ change: SnapshotComparison.FactChange) -> JSONNode {
    .object([
      ("entry", PlanJSON.entry(change.entry)),
      (
        "changes",
        .array(
          change.changes.map {
            .object([
              ("name", .string($0.name)), ("old", .string($0.old)), ("new", .string($0.new)),
            ])
          })
      ),
    ])
  }

  private static func node(_ change: SnapshotComparison.ManifestChange) -> JSONNode {
    .object([
      ("name", .string(change.name)),
      ("kind", .string(change.kind.rawValue)),
      (
        "hunks",
        .optional(change.lines) { lines in
          .array(
            lines.hunks.map { hunk in
              .object([
                ("header", .string(hunk.header)),
                ("lines", .array(hunk.lines.map { .string(text($0, .plain)) })),
              ])
            })
        }
      ),
    ])
  }
}
