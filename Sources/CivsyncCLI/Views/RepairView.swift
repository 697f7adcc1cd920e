import Core
package import Engine
import GitStore

/// What a repair would do, and what it came to.
package enum RepairView {
  /// What can be restored and from where, and what cannot.
  package static func human(
    _ plan: RepairPlan, _ offsetMinutes: Int, _ options: ViewOptions = ViewOptions()
  ) -> String {
    var page = Page(options)
    let curable = plan.cures.filter { $0.source != nil }
    if !curable.isEmpty {
      page.heading("Restore \(Measures.count(curable.count, "object"))", .changed)
      for cure in curable { show(cure, &page) }
    }
    unrestored(plan.cures.filter { $0.source == nil }, &page)
    VerifyView.rest(plan.verification, offsetMinutes, &page)
    return page.text
  }

  private static func show(_ cure: Cure, _ page: inout Page) {
    VerifyView.show(cure.damage, &page)
    if let source = cure.source { page.paragraph(from(source), indent: 4) }
    if let place = cure.keptIn {
      page.paragraph("what it holds is kept in \(place)", indent: 4)
    }
  }

  private static func from(_ source: CureSource) -> String {
    switch source {
    case .place(let place): "restored from `\(place)`"
    case .kept(let path): "restored from `\(path)`"
    case .network: "restored by fetching it"
    }
  }

  private static func unrestored(_ cures: [Cure], _ page: inout Page) {
    guard !cures.isEmpty else { return }
    page.heading("Cannot be restored: \(Measures.count(cures.count, "object"))", .removed)
    for cure in cures {
      VerifyView.show(cure.damage, &page)
      if let obstacle = cure.obstacle { page.paragraph(obstacle, indent: 4) }
    }
  }

  /// What was kept and what failed first, the result last.
  package static func human(
    _ outcome: RepairOutcome, _ offsetMinutes: Int, _ options: ViewOptions = ViewOptions()
  ) -> String {
    guard outcome.plan.hasWork else { return nothingToDo(outcome, options) }
    var page = Page(options)
    if !outcome.aside.isEmpty {
      page.heading("Kept aside: \(Measures.count(outcome.aside.count, "file"))", .attention)
      for path in outcome.aside { page.pathItem(">", path, meaning: .changed) }
    }
    if !outcome.left.isEmpty {
      let count = Measures.count(outcome.left.count, "place")
      page.heading("Left as they are: \(count) that changed meanwhile", .attention)
      for place in outcome.left { page.item("x", place, meaning: .attention) }
    }
    // What nobody could restore from the beginning was told before the question.
    unrestored(outcome.failed.filter { $0.source != nil }, &page)
    page.gap()
    page.paragraph(summary(outcome), meaning: .strong)
    if !outcome.failed.isEmpty {
      page.paragraph(
        "What stays damaged is taken for sound by no command; run it again to try once more.")
    }
    return page.text
  }

  private static func nothingToDo(_ outcome: RepairOutcome, _ options: ViewOptions) -> String {
    guard !outcome.plan.verification.damaged.isEmpty else { return "" }
    var page = Page(options)
    page.paragraph("Nothing was changed.")
    return page.text
  }

  private static func summary(_ outcome: RepairOutcome) -> String {
    var parts = ["\(Measures.count(outcome.restored.count, "object")) restored"]
    if !outcome.relinked.isEmpty {
      parts.append("\(Measures.count(outcome.relinked.count, "place")) linked anew")
    }
    if outcome.setRight > 0 { parts.append("\(outcome.setRight) set right") }
    if !outcome.failed.isEmpty { parts.append("\(outcome.failed.count) still damaged") }
    var text = "Repair \(outcome.failed.isEmpty ? "complete" : "partial"): "
    text += parts.joined(separator: ", ")
    if outcome.fetchedBytes > .zero { text += " · fetched \(outcome.fetchedBytes)" }
    if let snapshot = outcome.snapshot { text += " · snapshot \(snapshot.short)" }
    return text + "."
  }

  package static func json(_ outcome: RepairOutcome) -> JSONNode {
    .object([
      ("version", .int(1)),
      ("exit", .int(Int64(outcome.exit.rawValue))),
      ("verification", VerifyView.json(outcome.plan.verification)),
      ("restored", .array(outcome.restored.map(node))),
      ("failed", .array(outcome.failed.map(node))),
      ("setRight", .int(outcome.setRight)),
      ("relinked", .array(outcome.relinked.map(PlanJSON.place))),
      ("aside", .array(outcome.aside.map(JSONNode.string))),
      ("left", .array(outcome.left.map(JSONNode.string))),
      ("fetchedBytes", .int(outcome.fetchedBytes.bytes)),
      ("snapshot", .optional(outcome.snapshot?.hex, JSONNode.string)),
    ])
  }

  private static func node(_ cure: Cure) -> JSONNode {
    .object([
      ("sha256", .string(cure.damage.digest.hex)),
      ("source", .optional(cure.source, node)),
      ("obstacle", .optional(cure.obstacle, JSONNode.string)),
    ])
  }

  private static func node(_ source: CureSource) -> JSONNode {
    switch source {
    case .place(let place):
      .object([("kind", .string("place")), ("place", PlanJSON.place(place))])
    case .kept(let path): .object([("kind", .string("kept")), ("path", .string(path))])
    case .network: .object([("kind", .string("network"))])
    }
  }
}
