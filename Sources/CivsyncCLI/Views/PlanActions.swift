import CatalogueModel
import Core
import Planning

/// The sections of a plan that name its actions.
extension PlanView {
  static func creates(_ plan: Plan, _ page: inout Page) {
    let creates = plan.actions(.create)
    guard !creates.isEmpty else { return }
    let count = Measures.count(creates.count, "file")
    page.heading("Create \(count)" + (total(creates).map { ", \($0)" } ?? ""))
    let shown = Elided(creates)
    var table = FileTable(symbol: ActionKind.create.symbol, meaning: .added)
    var folder: String?
    func add(_ actions: ArraySlice<Action>) {
      for action in actions {
        let here = folderName(action.place)
        if here != folder { table.lines.append(.folder(here)) }
        folder = here
        table.lines.append(.row(row(action, name: action.place.path.name)))
      }
    }
    add(shown.head)
    if shown.hidden > 0 { table.lines.append(.notice(shown.notice)) }
    add(shown.tail)
    table.write(to: &page, indent: 4)
  }

  private static func whence(_ source: ByteSource) -> String {
    switch source {
    case .store: "(in store) "
    case .missing: "(not in the store) "
    case .network, .place, .none: ""
    }
  }

  static func adoptions(_ plan: Plan, _ page: inout Page) {
    let adoptions = plan.actions(.adopt)
    guard !adoptions.isEmpty else { return }
    let count = Measures.count(adoptions.count, "file")
    page.heading("Adopt \(count) of yours with the wanted content")
    let shown = Elided(adoptions)
    var table = FileTable(symbol: ActionKind.adopt.symbol, meaning: .added)
    table.lines = shown.head.map { .row(row($0, name: $0.place.description)) }
    if shown.hidden > 0 { table.lines.append(.notice(shown.notice)) }
    table.lines += shown.tail.map { .row(row($0, name: $0.place.description)) }
    table.write(to: &page, indent: 2)
  }

  static func moves(_ plan: Plan, _ page: inout Page) {
    let moves = plan.actions(.move)
    guard !moves.isEmpty else { return }
    page.heading("Move \(Measures.count(moves.count, "file"))")
    let shown = Elided(moves)
    for action in shown.head { move(action, &page) }
    if shown.hidden > 0 { page.paragraph(shown.notice, indent: 2, meaning: .faint) }
    for action in shown.tail { move(action, &page) }
  }

  private static func move(_ action: Action, _ page: inout Page) {
    let from = action.from.map(\.description) ?? "?"
    let line = DisplayText.harmless("\(from) → \(action.place)")
    if let width = page.options.width, DisplayText.width(line) + 4 > width {
      page.pathItem(action.kind.symbol, from, meaning: .changed)
      page.pathItem("→", action.place.description, indent: 4, meaning: .faint)
    } else {
      page.pathItem(action.kind.symbol, line, meaning: .changed)
    }
  }

  /// Repairs that touch a file of the user are all named; of the others the middle may be left
  /// out.
  static func repairs(_ plan: Plan, _ page: inout Page) {
    let repairs = plan.actions(.repair)
    guard !repairs.isEmpty else { return }
    page.heading("Repair \(Measures.count(repairs.count, "file"))")
    let shown = Elided(repairs.filter { !$0.movesAside })
    let symbol = ActionKind.repair.symbol
    var table = FileTable(symbol: symbol, meaning: .changed)
    func row(_ action: Action) -> FileTable.Line {
      .row(.init(name: action.place.description, detail: action.reason ?? ""))
    }
    table.lines = shown.head.map(row)
    if shown.hidden > 0 { table.lines.append(.notice(shown.notice)) }
    table.lines += shown.tail.map(row)
    table.write(to: &page, indent: 2)
    for action in repairs where action.movesAside { inFull(action, .changed, &page) }
  }

  static func releases(_ plan: Plan, _ page: inout Page) {
    let releases = plan.actions(.release)
    guard !releases.isEmpty else { return }
    let count = Measures.count(releases.count, "file")
    page.heading("Release \(count): yours again, and left in place")
    for action in releases { inFull(action, .changed, &page) }
  }

  static func replacements(_ plan: Plan, _ page: inout Page) {
    let replacements = plan.actions(.replace)
    guard !replacements.isEmpty else { return }
    page.heading("Replace \(Measures.count(replacements.count, "file"))", .changed)
    for action in replacements { inFull(action, .changed, &page) }
  }

  static func removals(_ plan: Plan, _ page: inout Page) {
    let removals = plan.actions(.remove)
    guard !removals.isEmpty else { return }
    page.heading("Remove \(Measures.count(removals.count, "file"))", .removed)
    for action in removals { inFull(action, .removed, &page) }
  }

  /// The whole path, and below it what the action comes to.
  private static func inFull(_ action: Action, _ meaning: TextMeaning, _ page: inout Page) {
    page.pathItem(action.kind.symbol, action.place.description, meaning: meaning)
    if let from = action.from {
      page.pathItem("instead of", from.description, indent: 4, meaning: .faint)
    }
    var facts = [
      (action.entry ?? action.former).map { DisplayText.title($0.title) }, action.reason,
    ].compactMap(\.self)
    if action.kind == .replace, let size = sizes(action) { facts.append(size) }
    page.paragraph(facts.joined(separator: "; "), indent: 4)
    if action.movesAside {
      page.paragraph("your changed file goes to .civsync/aside/", indent: 4, meaning: .attention)
    }
  }

  /// `151 MB → 160 MB`.
  private static func sizes(_ action: Action) -> String? {
    guard let entry = action.entry else { return nil }
    let now = Measures.size(entry.file.bytes)
    guard let former = action.former else { return now }
    return "\(Measures.size(former.file.bytes)) → \(now)"
  }

  private static func row(_ action: Action, name: String) -> FileTable.Row {
    let title = DisplayText.title(action.entry?.title ?? "")
    return FileTable.Row(
      name: name, size: action.entry.map { Measures.size($0.file.bytes) } ?? "",
      detail: Self.whence(action.source) + title)
  }

  private static func folderName(_ place: Place) -> String {
    let folder = "\(place.path.parent.map(\.string) ?? ".")/"
    return place.tree == .main ? folder : "\(place.tree):\(folder)"
  }

  /// What the lengths that are told come to; `nil` when none is.
  private static func total(_ actions: [Action]) -> String? {
    let lengths = actions.map { $0.entry?.file.bytes ?? .zero }
    let sum = lengths.reduce(.zero, +)
    guard sum > .zero else { return nil }
    let unknown = lengths.count { $0 == .zero }
    return unknown == 0 ? "\(sum)" : "\(sum) and \(unknown) of unknown length"
  }
}
