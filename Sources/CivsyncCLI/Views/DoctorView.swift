import CatalogueModel
import Core
import Diagnostics
import Engine

/// What has changed at the site.
enum DoctorView {
  static func human(_ report: SiteReport, _ options: ViewOptions) -> String {
    var page = Page(options)
    section("Fields that are new", report, .field, &page) { "\($0.place).\($0.name)" }
    section("Fields with another kind of value", report, .type, &page) {
      "\($0.place).\($0.name): \($0.value)"
    }
    section("Words that are new", report, .word, &page) { "\($0.place).\($0.name): \($0.value)" }
    if report.seen.isEmpty {
      page.paragraph("The answers of earlier runs here held nothing unknown.")
    }
    page.gap()
    if let reason = report.unanswered {
      page.paragraph(
        "The site could not be asked for its own lists: \(reason)", meaning: .attention)
    }
    for words in report.words {
      if words.new.isEmpty, words.lost.isEmpty {
        page.paragraph("\(words.name): the site and this civsync have the same words.")
      }
      if !words.new.isEmpty {
        page.paragraph(
          "\(words.name), new at the site: \(words.new.joined(separator: ", "))", hanging: 2,
          meaning: .attention)
      }
      if !words.lost.isEmpty {
        page.paragraph(
          "\(words.name), no longer at the site: \(words.lost.joined(separator: ", "))",
          hanging: 2, meaning: .attention)
      }
    }
    if !report.seen.isEmpty || report.words.contains(where: { !$0.new.isEmpty }) {
      page.paragraph(
        "Nothing of it stops a run: unknown fields are left out, and unknown words are taken as "
          + "they are. A newer civsync may know them.", meaning: .faint)
    }
    return page.text
  }

  private static func section(
    _ heading: String, _ report: SiteReport, _ kind: SiteNews.Kind, _ page: inout Page,
    _ name: (SiteNews) -> String
  ) {
    let seen = report.seen.filter { $0.news.kind == kind }
    guard !seen.isEmpty else { return }
    page.heading("\(heading): \(seen.count)")
    let shown = Elided(seen)
    for change in shown.head + shown.tail {
      page.item(
        "·",
        "\(name(change.news))  since \(change.first.day), \(change.count) times, first at "
          + change.example, meaning: .changed)
    }
    if shown.hidden > 0 { page.paragraph(shown.notice, indent: 2, meaning: .faint) }
  }

  static func json(_ report: SiteReport, exit: Int32) -> JSONNode {
    .object([
      ("version", .int(1)), ("exit", .int(Int(exit))),
      ("seen", .array(report.seen.map(node))),
      (
        "words",
        .array(
          report.words.map { words in
            .object([
              ("list", .string(words.name)), ("new", .array(words.new.map(JSONNode.string))),
              ("lost", .array(words.lost.map(JSONNode.string))),
            ])
          })
      ),
      ("endpoint", .optional(report.endpoint) { .string("\($0.origin)") }),
      ("unanswered", .optional(report.unanswered, JSONNode.string)),
    ])
  }

  private static func node(_ change: SiteChange) -> JSONNode {
    .object([
      ("kind", .string(change.news.kind.rawValue)), ("place", .string(change.news.place)),
      ("name", .string(change.news.name)), ("value", .string(change.news.value)),
      ("count", .int(change.count)), ("first", .string(change.first.description)),
      ("last", .string(change.last.description)), ("example", .string(change.example)),
    ])
  }
}
