import CatalogueModel
import Core
import Diagnostics
import Engine
import ManifestModel

/// What is to be added, and what it does to the manifest.
enum AddView {
  static func found(_ plan: AdditionPlan, _ options: ViewOptions) -> String {
    var page = Page(options)
    for found in plan.found {
      switch found.subject {
      case .model(let model, let version): show(model, version, &page)
      case .user(let name, let models, let isWhole): show(name, models, isWhole, &page)
      }
      if let name = found.presentIn {
        page.paragraph("It is in `\(name)` already.", indent: 2, meaning: .faint)
      }
    }
    page.gap()
    return page.text
  }

  private static func show(_ model: Model, _ version: VersionID?, _ page: inout Page) {
    page.heading(DisplayText.title(model.name))
    var facts = [model.type]
    if let creator = model.creator { facts.append("by \(DisplayText.title(creator))") }
    facts.append(maturity(model.nsfwLevel))
    switch model.mode {
    case .normal: break
    case .archived: facts.append("archived: it cannot be downloaded")
    case .takenDown: facts.append("taken down")
    }
    page.paragraph(facts.joined(separator: " · "), indent: 2)
    page.paragraph(licence(model.commercialUse), indent: 2)
    let versions = model.versions.filter { version == nil || $0.id == version }
      .sorted { $0.age > $1.age }
    for (index, version) in versions.prefix(3).enumerated() {
      var text = "\(DisplayText.title(version.name)) (\(version.id)), \(version.baseModel)"
      if let day = version.publishedAt?.day { text += ", \(day)" }
      if let gate = version.gate { text += ", \(BlockedReason.gated(until: gate.endsAt).text)" }
      if index == 0, versions.count > 1 { text += ", the newest" }
      page.item("·", text, meaning: .strong)
      for file in version.files.prefix(8) { page.paragraph(describe(file), indent: 6, hanging: 2) }
      if version.files.count > 8 {
        page.paragraph("… and \(version.files.count - 8) more files", indent: 6, meaning: .faint)
      }
    }
    if versions.count > 3 {
      page.paragraph(
        "… and \(Measures.count(versions.count - 3, "earlier version"))", indent: 2, meaning: .faint
      )
    }
  }

  private static func describe(_ file: File) -> String {
    var facts = [file.type]
    facts += [file.format, file.precision, file.size, file.quantType].compactMap(\.self)
    if file.digest == nil { facts.append("no SHA256: it cannot be verified") }
    if file.scan != .success { facts.append("scan: \(file.scan.rawValue)") }
    let size = file.approximateBytes.map { $0.description } ?? "size not told"
    return "\(DisplayText.title(file.name))  \(size)  \(facts.joined(separator: " "))"
  }

  private static func show(
    _ name: String, _ models: [Model], _ isWhole: Bool, _ page: inout Page
  ) {
    page.heading("@\(DisplayText.title(name))")
    var counts: [String: Int] = [:]
    for model in models { counts[model.type, default: 0] += 1 }
    let types = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { "\($0.value) \($0.key)" }
    page.paragraph(
      Measures.count(models.count, "model") + (isWhole ? "" : " or more")
        + (types.isEmpty ? "" : ": " + types.joined(separator: ", ")), indent: 2)
    page.paragraph("All that the creator publishes is followed.", indent: 2, meaning: .faint)
  }

  private static func maturity(_ level: Int) -> String {
    let names = [(32, "blocked"), (16, "XXX"), (8, "X"), (4, "R"), (2, "PG13"), (1, "PG")]
    return names.first { level & $0.0 != 0 }?.1 ?? "maturity not told"
  }

  /// What the creator lets people sell, in words for the site's own.
  private static func licence(_ uses: [String]?) -> String {
    guard let uses else { return "Licence: not told by this answer; see the model's page." }
    if uses.isEmpty { return "Licence: no commercial use." }
    let words = uses.map { use in
      switch use.lowercased() {
      case "image": "selling images"
      case "rent": "paid generation services"
      case "rentcivit": "generation on the site"
      case "sell": "selling the model or merges of it"
      default: DisplayText.title(use)
      }
    }
    return "Licence: commercial use for " + words.joined(separator: ", ") + "."
  }

  static func result(_ plan: AdditionPlan, dryRun: Bool, _ options: ViewOptions) -> String {
    var page = Page(options)
    guard plan.changes else {
      page.paragraph("Nothing to add: the manifest has it all.")
      return page.text
    }
    let name = "`\(plan.manifest.name)`"
    if dryRun, let difference = LineDifference(from: plan.before, to: plan.after) {
      page.line(page.style.paint("--- \(plan.manifest.name)", .strong))
      page.line(page.style.paint("+++ \(plan.manifest.name)", .strong))
      for hunk in difference.hunks {
        page.line(hunk.header)
        for line in hunk.lines { page.line(DiffView.text(line, page.style)) }
      }
      page.gap()
      page.paragraph("Nothing was written; run it without `--dry-run` to edit \(name).")
      return page.text
    }
    let added = plan.found.filter { $0.presentIn == nil }.map { "`\($0.addition.text)`" }
    page.paragraph(
      "Added \(added.joined(separator: ", ")) to `\(DisplayText.harmless(plan.collection))` in "
        + "\(name).")
    page.paragraph("Next: `civsync plan` shows what would be fetched.")
    return page.text
  }

  static func json(
    _ plan: AdditionPlan, _ mentions: [MentionFound], dryRun: Bool
  ) -> JSONNode {
    .object([
      ("version", .int(1)), ("exit", .int(0)), ("manifest", .string(plan.manifest.string)),
      ("collection", .string(plan.collection)),
      ("written", .bool(plan.changes && !dryRun)),
      ("additions", .array(plan.found.map(node))), ("calls", .int(plan.calls)),
      ("mentions", .array(mentions.map(MentionView.node))),
    ])
  }

  private static func node(_ found: AdditionFound) -> JSONNode {
    var fields: [(String, JSONNode)] = [
      ("asked", .string(found.asked)), ("kind", .string(found.addition.kind.rawValue)),
      ("text", .string(found.addition.text)),
      ("presentIn", .optional(found.presentIn, JSONNode.string)),
    ]
    switch found.subject {
    case .model(let model, let version):
      fields += SearchView.fields(model)
      fields.append(("modelVersion", .optional(version) { .int($0.rawValue) }))
    case .user(_, let models, let isWhole):
      fields += [("models", .int(models.count)), ("whole", .bool(isWhole))]
    }
    return .object(fields)
  }
}
