import CatalogueModel
import Core
import Diagnostics
import Engine

/// How what is placed stands to the site.
enum OutdatedView {
  static func human(_ report: OutdatedReport, _ options: ViewOptions) -> String {
    var page = Page(options)
    section("Newer versions", report, &page) { if case .newer = $0 { true } else { false } }
    section("Replaced by their creators inside a version", report, &page) {
      if case .replaced = $0 { true } else { false }
    }
    section("No longer to be had from the site", report, &page) {
      switch $0 {
      case .gone, .archived, .takenDown: true
      case .newer, .replaced: false
      }
    }
    page.gap()
    if !report.unanswered.isEmpty {
      page.paragraph(
        "\(Measures.count(report.unanswered.count, "model")) could not be asked about: "
          + report.unanswered[0].reason, meaning: .attention)
    }
    let all = report.current + report.models.count + report.unanswered.count
    if all == 0 {
      page.paragraph("Nothing is placed yet: `civsync apply` does that.")
    } else if report.unanswered.count == all {
      page.paragraph("\(Measures.count(all, "placed model")), and nothing is known of them now.")
    } else if report.models.isEmpty {
      page.paragraph("\(Measures.count(report.current, "model")) placed, all as the site has them.")
    } else {
      page.paragraph(
        "\(report.models.count) of \(Measures.count(all, "placed model")) not as the site has "
          + "them. `civsync plan` shows what the manifest makes of it.")
    }
    page.keptAnswers(report.kept)
    return page.text
  }

  private static func section(
    _ heading: String, _ report: OutdatedReport, _ page: inout Page,
    _ belongs: (OutdatedModel.Change) -> Bool
  ) {
    let models = report.models.filter { belongs($0.change) }
    guard !models.isEmpty else { return }
    page.heading("\(heading): \(Measures.count(models.count, "model"))")
    for model in models {
      let title = "\(DisplayText.title(model.name)) (\(model.model))"
      let here = DisplayText.title(model.versionName)
      switch model.change {
      case .newer(let newer):
        page.item(
          "^",
          "\(title): \(here) → \(DisplayText.title(newer.name))"
            + ScanView.note(newer, instead: model.baseModel), meaning: .added)
      case .replaced:
        page.item(
          "?", "\(title): \(here); `civsync accept \(model.model)` takes what is offered",
          meaning: .attention)
      case .gone: page.item("!", "\(title): \(here) is gone", meaning: .attention)
      case .archived: page.item("!", "\(title): archived by its creator", meaning: .attention)
      case .takenDown: page.item("!", "\(title): taken down", meaning: .attention)
      }
    }
  }

  static func json(_ report: OutdatedReport, exit: Int32) -> JSONNode {
    .object(
      [
        ("version", .int(1)), ("exit", .int(Int(exit))),
        ("outdated", .array(report.models.map(node))), ("current", .int(report.current)),
        (
          "unanswered",
          .array(
            report.unanswered.map {
              .object([("model", .int($0.model.rawValue)), ("reason", .string($0.reason))])
            })
        ),
        ("calls", .int(report.calls)),
      ] + report.kept.fields)
  }

  private static func node(_ model: OutdatedModel) -> JSONNode {
    var change = "newer"
    var newer: NewerVersion?
    switch model.change {
    case .newer(let version): newer = version
    case .replaced: change = "replaced"
    case .gone: change = "gone"
    case .archived: change = "archived"
    case .takenDown: change = "taken-down"
    }
    return .object([
      ("model", .int(model.model.rawValue)), ("modelName", .string(model.name)),
      ("modelVersion", .int(model.version.rawValue)),
      ("versionName", .string(model.versionName)), ("baseModel", .string(model.baseModel)),
      ("places", .array(model.places.map(PlanJSON.place))), ("change", .string(change)),
      ("newer", .optional(newer, ScanView.newerNode)),
    ])
  }
}
