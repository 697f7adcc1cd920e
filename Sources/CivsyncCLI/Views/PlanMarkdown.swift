import CatalogueModel
import Core
package import Planning
import Resolution

/// A plan as a comment on a change of the manifest: the risk first and never cut, long lists of
/// harmless things folded away.
///
/// What comes from the site or from file names is in code spans, see ``MarkdownText``.
package enum PlanMarkdown {
  /// Ends with a line break.
  package static func text(_ plan: Plan, _ options: PlanViewOptions = PlanViewOptions()) -> String {
    var page = MarkdownPage()
    page.block("### civsync plan")
    let summary = PlanSummary(plan, goal: options.goal, estimate: options.estimate)
    page.block("**\(MarkdownText.prose(summary.text))**")
    if let warning = summary.spaceWarning { page.block("⚠️ \(MarkdownText.prose(warning))") }
    unanswered(plan, &page)
    actions(.remove, plan, &page) { "Remove \($0)" }
    actions(.replace, plan, &page) { "Replace \($0)" }
    actions(.release, plan, &page) { "Release \($0): yours again, and left in place" }
    replaced(plan, &page)
    blocked(plan, options.previouslyBlocked, &page)
    actions(.repair, plan, &page) { "Repair \($0)" }
    folded(.move, plan, &page) { "Move \($0)" }
    folded(.adopt, plan, &page) { "Adopt \($0) of yours with the wanted content" }
    folded(.create, plan, &page) { "Create \($0)" }
    companions(plan, &page)
    marks(plan, &page)
    notes(plan, &page)
    return page.text
  }

  private static func unanswered(_ plan: Plan, _ page: inout MarkdownPage) {
    guard !plan.unanswered.isEmpty else { return }
    page.heading("⚠️ The site could not answer for everything")
    page.list(
      plan.unanswered.map {
        "\(MarkdownText.prose($0.selector)): \(MarkdownText.prose($0.reason))"
      })
    page.block("What is known of these stays as it is.")
  }

  /// Each by name, however many there are.
  private static func actions(
    _ kind: ActionKind, _ plan: Plan, _ page: inout MarkdownPage, title: (String) -> String
  ) {
    let actions = plan.actions(kind)
    guard !actions.isEmpty else { return }
    page.heading(title(Measures.count(actions.count, "file")))
    page.list(actions.map(item))
  }

  private static func folded(
    _ kind: ActionKind, _ plan: Plan, _ page: inout MarkdownPage, title: (String) -> String
  ) {
    let actions = plan.actions(kind)
    guard !actions.isEmpty else { return }
    var name = title(Measures.count(actions.count, "file"))
    let total = actions.reduce(.zero) { $0 + size($1) }
    if kind == .create, total > .zero { name += ", \(total)" }
    page.foldedList(name, actions.map(item))
  }

  private static func size(_ action: Action) -> ByteCount { action.entry?.file.bytes ?? .zero }

  /// `path`, what it is, how large, and why.
  private static func item(_ action: Action) -> String {
    var parts = [MarkdownText.code(action.place.description)]
    if let from = action.from {
      parts[0] +=
        action.kind == .move
        ? " ← \(MarkdownText.code(from.description))"
        : " instead of \(MarkdownText.code(from.description))"
    }
    if let entry = action.entry ?? action.former {
      parts.append(MarkdownText.code(DisplayText.title(entry.title)))
    }
    if let reason = action.reason { parts.append(MarkdownText.prose(reason)) }
    if let size = sizes(action) { parts.append(size) }
    if action.movesAside { parts.append("**your changed file goes to** `.civsync/aside/`") }
    return parts.joined(separator: " · ")
  }

  private static func sizes(_ action: Action) -> String? {
    switch action.kind {
    case .create:
      Measures.size(size(action)) + (action.source == .store ? ", already in the store" : "")
    case .adopt: Measures.size(size(action))
    case .replace:
      (action.former.map { "\(Measures.size($0.file.bytes)) → " } ?? "")
        + Measures.size(size(action))
    default: nil
    }
  }

  private static func replaced(_ plan: Plan, _ page: inout MarkdownPage) {
    guard !plan.replaced.isEmpty else { return }
    let count = Measures.count(plan.replaced.count, "file")
    page.heading("Needs your word: \(count) replaced by the creator inside a version")
    page.list(
      plan.replaced.map { file in
        "\(MarkdownText.code(DisplayText.title(file.title))) (`\(file.key)`): kept "
          + "`\(file.kept.short)`, offered `\(file.offered.short)`"
      })
    page.block("The kept one stays. `replaced: take` in the manifest takes what is offered.")
  }

  /// What goes along with the files; one that the user changed is told apart and never folded.
  private static func companions(_ plan: Plan, _ page: inout MarkdownPage) {
    let aside = plan.companions.filter(\.movesAside)
    let others = plan.companions.filter { !$0.movesAside }
    if !aside.isEmpty {
      page.heading(
        "Companions that you changed go to `.civsync/aside/`: "
          + Measures.count(aside.count, "file"))
      page.list(aside.map(item))
    }
    guard !others.isEmpty else { return }
    page.foldedList(
      "Beside the files: \(Measures.count(others.count, "companion"))", others.map(item))
  }

  private static func item(_ action: CompanionAction) -> String {
    let from = action.from.map { " ← \(MarkdownText.code($0.description))" } ?? ""
    return "\(action.kind.rawValue) \(MarkdownText.code(action.place.description))\(from) · "
      + MarkdownText.code(DisplayText.title(action.title))
  }

  private static func marks(_ plan: Plan, _ page: inout MarkdownPage) {
    guard !plan.marks.isEmpty else { return }
    page.foldedList(
      "Marked, with their files untouched: \(Measures.count(plan.marks.count, "entry", "entries"))",
      plan.marks.map { mark in
        "\(MarkdownText.code(DisplayText.title(mark.entry.title))): "
          + "\(mark.was.rawValue) → \(mark.entry.file.state.rawValue)"
      })
  }

  private static func notes(_ plan: Plan, _ page: inout MarkdownPage) {
    guard !plan.notes.isEmpty else { return }
    page.foldedList(
      Measures.count(plan.notes.count, "note"), plan.notes.map { MarkdownText.prose($0.text) })
  }
}

// MARK: - What cannot be had

extension PlanMarkdown {
  /// By whose hand it could change; what an earlier plan told is counted and folded away.
  private static func blocked(
    _ plan: Plan, _ known: Set<BlockedKey>, _ page: inout MarkdownPage
  ) {
    let isKnown = { (entry: BlockedEntry) in
      entry.reason.folder == nil && known.contains(BlockedKey(entry))
    }
    let new = plan.blocked.filter { !isKnown($0) }
    let old = plan.blocked.filter(isKnown)
    list("Blocked, and you can change it", new.filter(\.reason.isByUs), &page)
    list("Blocked upstream", new.filter { !$0.reason.isByUs }, &page)
    guard !old.isEmpty else { return }
    page.foldedList(
      "Still blocked: \(Measures.count(old.count, "entry", "entries"))", old.map(item))
  }

  private static func list(
    _ title: String, _ entries: [BlockedEntry], _ page: inout MarkdownPage
  ) {
    guard !entries.isEmpty else { return }
    page.heading("\(title): \(Measures.count(entries.count, "entry", "entries"))")
    page.list(
      entries.filter { $0.reason.folder == nil }.map(item)
        + folders(entries.filter { $0.reason.folder != nil }))
  }

  /// One line for all that is behind a folder.
  private static func folders(_ entries: [BlockedEntry]) -> [String] {
    Dictionary(grouping: entries, by: \.reason.text).sorted { $0.key < $1.key }.map {
      let titles = $1.prefix(3).map { MarkdownText.code(DisplayText.title($0.title)) }
      return MarkdownText.prose($0) + " · \(Measures.count($1.count, "file")) behind it: "
        + titles.joined(separator: ", ") + ($1.count > 3 ? " and \($1.count - 3) more" : "")
    }
  }

  private static func item(_ entry: BlockedEntry) -> String {
    var ids = ""
    if let model = entry.model {
      ids = " (`\(model)" + (entry.version.map { "@\($0)" } ?? "") + "`)"
    }
    return MarkdownText.code(DisplayText.title(entry.title)) + ids + ": "
      + MarkdownText.prose(entry.reason.text)
  }
}

/// Blocks of markdown with empty lines between them. What is handed in is markdown already.
private struct MarkdownPage {
  private var blocks: [String] = []

  /// Items of a folded list that are shown: a comment has an end.
  private static let foldedLimit = 200

  var text: String { blocks.joined(separator: "\n\n") + "\n" }

  mutating func block(_ text: String) { blocks.append(text) }

  mutating func heading(_ text: String) { block("#### \(text)") }

  mutating func list(_ items: [String]) {
    block(items.map { "- \($0)" }.joined(separator: "\n"))
  }

  /// - Parameter title: has no text of others in it: it stands inside HTML.
  mutating func foldedList(_ title: String, _ items: [String]) {
    block("<details><summary>\(title)</summary>")
    let shown = items.prefix(Self.foldedLimit)
    list(Array(shown))
    if items.count > shown.count {
      block("… and \(items.count - shown.count) more (`--format json` lists all)")
    }
    block("</details>")
  }
}
