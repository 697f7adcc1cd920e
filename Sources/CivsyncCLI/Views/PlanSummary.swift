import CatalogueModel
import Core
package import Planning

/// The line that a plan ends with.
package struct PlanSummary: Sendable {
  private let plan: Plan
  private let goal: PlanGoal
  private let estimate: Double?

  /// - Parameter estimate: how long fetching should take, in seconds, where that was measured.
  package init(_ plan: Plan, goal: PlanGoal = .manifest, estimate: Double? = nil) {
    self.plan = plan
    self.goal = goal
    self.estimate = estimate
  }

  /// One line, such as
  /// `Plan: 12 create, 240 keep · fetch 18.2 GB (9.1 GB already in the store) · needs 21 GB of 88 GB free`.
  package var text: String { parts.joined(separator: " · ") }

  /// That it will not fit, and what to do; `nil` when it does.
  package var spaceWarning: String? {
    guard !plan.space.fits, let free = plan.space.free else { return nil }
    return "Warning: this will not fit: it needs \(plan.space.needed) and \(free) are free"
      + "\(plan.space.reserveClause); "
      + "take what fits with `--fit`, make room, or put the store on a larger disk with `store:`"
  }

  /// Parts that belong on one line each where the whole is too long for one.
  private var parts: [String] {
    guard plan.hasChanges else { return [nothingToDo] }
    var parts = ["Plan: " + counts.joined(separator: ", ")]
    let space = plan.space
    if space.fetch > .zero || space.inStore > .zero {
      let fetch = space.fetch > .zero ? "fetch \(space.fetch)" : "nothing to fetch"
      parts.append(
        fetch + (space.inStore > .zero ? " (\(space.inStore) already in the store)" : ""))
    }
    let missing = plan.missing.count
    if missing > 0 { parts.append("\(missing) not in the store") }
    if space.needed > .zero {
      parts.append("needs \(space.needed)" + (space.free.map { " of \($0) free" } ?? ""))
    }
    if plan.count(.remove) > 0 { parts.append("removing frees no disk") }
    if let estimate, space.fetch > .zero { parts.append("about \(Measures.roughly(estimate))") }
    return parts
  }

  /// The first part with each number held to its word.
  private var held: String {
    guard plan.hasChanges else { return nothingToDo }
    let counts = counts.map { String($0.map { $0 == " " ? "\u{A0}" : $0 }) }
    return "Plan: " + counts.joined(separator: ", ")
  }

  private var counts: [String] {
    var counts = ActionKind.allCases.map { (plan.count($0), $0.rawValue) }
    counts.append((plan.kept, "keep"))
    counts.append((plan.blocked.count, "blocked"))
    counts.append((plan.replaced.count, plan.replaced.count == 1 ? "needs" : "need"))
    if !plan.companions.isEmpty {
      counts.append(
        (plan.companions.count, plan.companions.count == 1 ? "companion" : "companions"))
    }
    return counts.filter { $0.0 > 0 }.map { count, word in
      word.hasPrefix("need") ? "\(count) \(word) your word" : "\(count) \(word)"
    }
  }

  private var nothingToDo: String {
    var text = "Nothing to do: "
    switch (goal, plan.kept) {
    case (.acceptance, _): text += "no creator replaced anything that is meant."
    case (.renaming, _): text += "nothing that is meant is called otherwise upstream."
    case (.pruning, _): text += "nothing that is meant is only kept."
    case (.manifest, 0) where !plan.unanswered.isEmpty:
      text = "Not known: the catalogue did not answer, and no file is placed."
    case (.manifest, let kept) where !plan.unanswered.isEmpty:
      text =
        "Not known: the catalogue did not answer everything; "
        + (kept == 1 ? "1 placed file stays as it is." : "\(kept) placed files stay as they are.")
    case (.manifest, 0) where isOutOfReach, (.snapshot, 0) where isOutOfReach:
      text += "no file is within reach."
    case (.manifest, 0) where plan.blocked.isEmpty:
      text += "no file is placed, and none is asked for."
    case (.manifest, 0): text += "no file is placed, and none can be."
    case (.snapshot(let name), 0): text += "no file is placed, as `\(name)` has it."
    case (.manifest, 1): text += "1 file is as the manifest wants it."
    case (.manifest, let kept): text += "\(kept) files are as the manifest wants them."
    case (.snapshot(let name), 1): text += "1 file is as `\(name)` has it."
    case (.snapshot(let name), let kept): text += "\(kept) files are as `\(name)` has them."
    }
    var rest: [String] = []
    let blocked = plan.blocked.count
    if blocked > 0 { rest.append("\(blocked) \(blocked == 1 ? "is" : "are") blocked") }
    let asks = plan.replaced.count
    if asks > 0 { rest.append("\(asks) \(asks == 1 ? "needs" : "need") your word") }
    return rest.isEmpty ? text : "\(text) \(rest.joined(separator: ", "))."
  }

  private var isOutOfReach: Bool { plan.blocked.contains { $0.reason.folder != nil } }

  /// The line, and the warning below it; on a narrow terminal each part begins a line where the
  /// whole does not fit.
  func write(to page: inout Page) {
    let whole = DisplayText.harmless(text)
    if let width = page.options.width, DisplayText.width(whole) > width {
      for (index, part) in parts.enumerated() {
        page.paragraph(
          index == 0 ? held : part, indent: index == 0 ? 0 : 2, hanging: index == 0 ? 2 : 0,
          meaning: .strong)
      }
    } else {
      page.line(page.style.paint(whole, .strong))
    }
    if let spaceWarning { page.paragraph(spaceWarning, hanging: 2, meaning: .attention) }
  }
}
