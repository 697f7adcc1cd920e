import CatalogueModel
import Core
import Diagnostics
package import Engine
import GitStore
import Resolution

/// Why things are there, or are not.
package enum WhyView {
  /// Entries that are told in full.
  private static let limit = 10

  /// Every line is ended.
  package static func human(_ report: WhyReport, _ options: ViewOptions = ViewOptions()) -> String {
    var page = Page(options)
    for entry in report.entries.prefix(limit) { write(entry, &page) }
    if report.entries.count > limit {
      page.gap()
      page.paragraph("… and \(report.entries.count - limit) more (`--json` tells all)")
    }
    for item in report.kept { write(item, &page) }
    for item in report.removed { write(item, &page) }
    if let problem = report.manifestProblem {
      page.gap()
      page.paragraph("The manifest cannot be asked: \(problem).", meaning: .attention)
    }
    if let pending = report.pending {
      page.gap()
      page.paragraph("Warning: \(pending)", hanging: 2, meaning: .attention)
    }
    return page.text
  }

  private static func write(_ known: WhyReport.KnownEntry, _ page: inout Page) {
    let entry = known.entry
    page.heading(DisplayText.title(entry.title))
    fact("file", "\(DisplayText.title(entry.file.name)) (\(entry.key))", &page)
    lines(known.selectedBy, &page)
    if known.selectedBy.isEmpty {
      fact("asked for", "by no line of the manifest as it is now", &page)
    }
    if let choice = known.selectedBy.first?.file { fact("chosen", choice, &page) }
    for standing in known.standing { write(standing, &page) }
    if !known.isPlaced { fact("placed", "not here: only the lock has it", &page) }
    fact("state", meaning(entry.file.state), &page)
    fact("sha256", entry.digest.hex, &page)
    fact("size", Measures.size(entry.file.bytes), &page)
    fact("in store", known.isStored ? "yes" : "no", &page)
    if let address = known.page { fact("page", address, &page) }
    if let download = known.download { fact("download", download, &page) }
    fact("origin", meaning(entry.file.origin), &page)
    if entry.file.isProtected {
      fact("protected", "it stays until `civsync unprotect` gives it free", &page)
    }
    if !entry.file.companions.isEmpty {
      fact("beside it", entry.file.companions.map(name).joined(separator: ", "), &page)
    }
  }

  private static func lines(_ selected: [SelectedBy], _ page: inout Page) {
    for line in selected {
      let key = line.key.map { ", `\($0)`" } ?? ""
      fact("asked for", "\(line.span): collection `\(line.collection)`\(key)", &page)
      let room = page.options.width.map { max(8, $0 - 14) } ?? 100
      let text = DisplayText.cutEnd(text(line.span), to: min(100, room))
      page.line("            " + page.style.paint("| \(text)", .faint))
    }
  }

  /// The line of the manifest.
  private static func text(_ span: Span) -> String {
    let range = span.file.lineRange(span.start.line)
    return DisplayText.harmless(String(decoding: span.file.bytes[range], as: UTF8.self))
  }

  private static func write(_ standing: WhyReport.Standing, _ page: inout Page) {
    page.paragraph(
      label("placed") + DisplayText.harmless(standing.place.description), indent: 2, hanging: 10)
    page.paragraph("path: \(origin(standing.origin))", indent: 12, meaning: .faint)
    if let since = standing.since {
      page.paragraph(
        "since snapshot \(since.id.short): \(DisplayText.title(since.title))", indent: 12,
        meaning: .faint)
    }
  }

  private static func origin(_ origin: PathOrigin) -> String {
    switch origin {
    case .place(let text): "as `place: \(text)` says"
    case .layout(let name): "as the layout `\(name)` says"
    case .suffixed(let plain): "with the file's id, because `\(plain)` belongs to another file"
    case .kept(let today): "kept from its first placement; today it would be `\(today)`"
    case .unknown: "kept; the manifest says nothing of it"
    }
  }

  private static func meaning(_ state: RecordedState) -> String {
    switch state {
    case .current: "current: the manifest selects it"
    case .superseded:
      "superseded: a newer one took its place in the selection; it stays until "
        + "`superseded: replace` says otherwise"
    case .withdrawn: "withdrawn: upstream no longer shows it to its selector; it stays"
    }
  }

  private static func meaning(_ origin: RecordedOrigin) -> String {
    switch origin {
    case .fetched: "fetched by civsync"
    case .adopted: "adopted: it was yours, and is never removed"
    }
  }

  private static func name(_ companion: RecordedCompanion) -> String {
    companion.kind == .preview ? "preview \(companion.number)" : companion.kind.rawValue
  }

  private static func write(_ item: WhyReport.KeptOut, _ page: inout Page) {
    page.heading("Not placed: \(DisplayText.title(item.title))", .attention)
    lines(item.selectedBy, &page)
    if item.selectedBy.isEmpty, !item.collections.isEmpty {
      fact(
        "asked for", "by " + item.collections.map { "`\($0)`" }.joined(separator: ", "), &page)
    }
    fact("why", item.text, &page)
  }

  private static func write(_ item: WhyReport.RemovedFile, _ page: inout Page) {
    let entry = item.entry
    page.heading("No longer placed: \(DisplayText.title(entry.title))", .attention)
    fact("file", "\(DisplayText.title(entry.file.name)) (\(entry.key))", &page)
    for place in entry.file.places { fact("was at", place.description, &page) }
    fact("removed", "by snapshot \(item.by.id.short): \(DisplayText.title(item.by.title))", &page)
    fact("sha256", entry.digest.hex, &page)
    fact("in store", item.isStored ? "yes" : "no", &page)
    fact(
      "back",
      "`civsync rollback \(item.last.short)`"
        + (entry.model.id.rawValue > 0
          ? ", or `\(entry.model.id)@\(entry.version.id)` under `models:`" : ""),
      &page)
  }

  private static func label(_ name: String) -> String { DisplayText.padded(name, to: 9) + " " }

  private static func fact(_ name: String, _ value: String, _ page: inout Page) {
    page.paragraph(label(name) + DisplayText.harmless(value), indent: 2, hanging: 10)
  }
}
