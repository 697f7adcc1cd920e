import CatalogueModel
import Core
package import Engine
import GitStore

/// What `protect` and `unprotect` came to.
package enum ProtectView {
  /// The files, and what became of them. Every line is ended.
  package static func human(
    _ outcome: ProtectOutcome, isOn: Bool, _ options: ViewOptions = ViewOptions()
  ) -> String {
    var page = Page(options)
    let count = outcome.changed.count
    if count == 0 {
      let what = Measures.count(outcome.already, "file")
      page.paragraph(
        "Nothing to do: \(what) \(outcome.already == 1 ? "is" : "are") "
          + "\(isOn ? "protected already" : "not protected").")
      return page.text
    }
    page.paragraph(
      "\(isOn ? "Protected" : "Given free"): \(Measures.count(count, "file"))", meaning: .strong)
    let shown = Elided(outcome.changed)
    for entry in shown.head { write(entry, &page) }
    if shown.hidden > 0 { page.paragraph(shown.notice, indent: 2, meaning: .faint) }
    for entry in shown.tail { write(entry, &page) }
    page.gap()
    page.paragraph(
      isOn
        ? "They stay, whatever the manifest or a rollback says, until `civsync unprotect`."
        : "What the manifest does not ask for leaves with the next `civsync apply`.")
    if outcome.protectedAgain > 0 {
      let again = outcome.protectedAgain
      page.paragraph(
        "\(Measures.count(again, "file")) of these \(again == 1 ? "is" : "are") in a collection "
          + "with `protect: true`: the next `civsync apply` protects "
          + "\(again == 1 ? "it" : "them") again.", meaning: .attention)
    }
    if let id = outcome.snapshot { page.paragraph("Snapshot \(id.short).") }
    return page.text
  }

  private static func write(_ entry: Entry, _ page: inout Page) {
    for place in entry.file.places {
      page.pathItem("·", place.description, meaning: .faint)
    }
  }

  package static func json(_ outcome: ProtectOutcome, isOn: Bool) -> JSONNode {
    .object([
      ("version", .int(1)), ("exit", .int(0)),
      ("snapshot", .optional(outcome.snapshot) { .string($0.hex) }),
      ("protected", .bool(isOn)),
      ("changed", .array(outcome.changed.map(node))),
      ("already", .int(outcome.already)),
      ("protectedAgain", .int(outcome.protectedAgain)),
    ])
  }

  private static func node(_ entry: Entry) -> JSONNode {
    .object([
      ("entry", PlanJSON.entry(entry)),
      ("places", .array(entry.file.places.map(PlanJSON.place))),
    ])
  }
}
