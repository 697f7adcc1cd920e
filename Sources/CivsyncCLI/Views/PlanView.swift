package import CatalogueModel
package import Core
package import Planning
import Resolution

/// What tells one blocked entry from another between two plans: a moved end of early access is no
/// news, another reason is.
package struct BlockedKey: Hashable, Sendable {
  package var model: ModelID?
  package var version: VersionID?
  package var file: FileID?
  /// Only where no model is known.
  package var title: String?
  package var code: String

  package init(_ entry: BlockedEntry) {
    model = entry.model
    version = entry.version
    file = entry.file
    title = entry.model == nil ? entry.title : nil
    code = entry.reason.code
  }
}

/// Towards what a plan leads.
package enum PlanGoal: Sendable, Hashable {
  case manifest
  /// A snapshot by the name that the user knows it by.
  case snapshot(String)
  /// What the user's own word is about.
  case acceptance, renaming, pruning
}

package struct PlanViewOptions: Sendable {
  package var view: ViewOptions
  /// Entries that an earlier plan showed as blocked: they are counted, not listed.
  package var previouslyBlocked: Set<BlockedKey>
  package var goal: PlanGoal
  /// How long fetching should take, in seconds; `nil` where nothing was measured.
  package var estimate: Double?
  /// What the catalogue had told before and was not asked again.
  package var kept: KeptCount

  package init(
    _ view: ViewOptions = ViewOptions(), previouslyBlocked: Set<BlockedKey> = [],
    goal: PlanGoal = .manifest, estimate: Double? = nil, kept: KeptCount = KeptCount()
  ) {
    self.view = view
    self.previouslyBlocked = previouslyBlocked
    self.goal = goal
    self.estimate = estimate
    self.kept = kept
  }
}

/// A plan for people: the riskiest last, nearest to the question whether to go on.
package enum PlanView {
  /// The whole plan with its summary line. Every line is ended.
  ///
  /// Replacements and removals are named one by one and never cut; of long lists of harmless
  /// things the middle is left out.
  package static func human(_ plan: Plan, _ options: PlanViewOptions = PlanViewOptions()) -> String
  {
    var page = Page(options.view)
    notes(plan, &page)
    creates(plan, &page)
    adoptions(plan, &page)
    moves(plan, &page)
    repairs(plan, &page)
    companions(plan, &page)
    marks(plan, &page)
    unanswered(plan, &page)
    replacedUpstream(plan, &page)
    BlockedSection(plan.blocked, known: options.previouslyBlocked).write(to: &page)
    releases(plan, &page)
    replacements(plan, &page)
    removals(plan, &page)
    page.gap()
    PlanSummary(plan, goal: options.goal, estimate: options.estimate).write(to: &page)
    page.keptAnswers(options.kept)
    return page.text
  }

  private static func notes(_ plan: Plan, _ page: inout Page) {
    guard !plan.notes.isEmpty else { return }
    page.heading("Notes")
    let notes = Elided(plan.notes)
    for note in notes.head { page.item("·", note.text, meaning: .faint) }
    if notes.hidden > 0 { page.paragraph(notes.notice, indent: 2, meaning: .faint) }
    for note in notes.tail { page.item("·", note.text, meaning: .faint) }
  }

  private static func marks(_ plan: Plan, _ page: inout Page) {
    guard !plan.marks.isEmpty else { return }
    page.heading("Marked, with their files untouched")
    for state in RecordedState.allCases {
      let titles = plan.marks.filter { $0.entry.file.state == state }.map {
        DisplayText.title($0.entry.title)
      }
      guard !titles.isEmpty else { continue }
      let shown = titles.prefix(5).joined(separator: ", ")
      let more = titles.count > 5 ? " and \(titles.count - 5) more" : ""
      page.paragraph("\(titles.count) \(name(state)): \(shown)\(more)", indent: 2, hanging: 2)
    }
  }

  private static func name(_ state: RecordedState) -> String {
    switch state {
    case .current: "selected again"
    case .superseded: "superseded by a newer version"
    case .withdrawn: "withdrawn upstream"
    }
  }

  private static func unanswered(_ plan: Plan, _ page: inout Page) {
    guard !plan.unanswered.isEmpty else { return }
    page.heading("Warning: the site could not answer for everything", .attention)
    for selector in plan.unanswered {
      page.item("!", "\(selector.selector): \(selector.reason)", meaning: .attention)
    }
    page.paragraph("What is known of these stays as it is.", indent: 2)
  }

  private static func replacedUpstream(_ plan: Plan, _ page: inout Page) {
    guard !plan.replaced.isEmpty else { return }
    let count = Measures.count(plan.replaced.count, "file")
    page.heading("Needs your word: \(count) replaced by the creator inside a version", .attention)
    for file in plan.replaced {
      page.item("?", "\(DisplayText.title(file.title)) (\(file.key))", meaning: .attention)
      page.paragraph("kept    \(file.kept.short)", indent: 4)
      page.paragraph("offered \(file.offered.short)", indent: 4)
    }
    page.paragraph(
      "Kept until you `civsync accept` what is offered, or set `replaced: take`.", indent: 2)
  }
}
