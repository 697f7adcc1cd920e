import CatalogueModel
import Core
import Diagnostics
import Engine

/// Models that a search found, as a table with the ids to add.
enum SearchView {
  static func human(_ result: SearchResult, _ options: ViewOptions) -> String {
    var page = Page(options)
    guard !result.models.isEmpty else {
      page.paragraph("Nothing was found.")
      page.paragraph(
        "Fewer words or options find more; `--nsfw` shows what is not for everybody.",
        meaning: .faint)
      return page.text
    }
    let ids = result.models.map { String($0.id.rawValue) }
    let width = ids.map(\.count).max() ?? 0
    let room = options.width.map { max(12, $0 - width - 2) }
    for (model, id) in zip(result.models, ids) {
      let newest = model.versions.max { $0.age < $1.age }
      var facts = [model.type]
      if let newest { facts.append(newest.baseModel) }
      if let creator = model.creator { facts.append("by \(DisplayText.title(creator))") }
      if let downloads = model.downloads { facts.append("\(short(downloads)) downloads") }
      if let newest {
        facts.append(
          DisplayText.title(newest.name) + (newest.publishedAt.map { " of \($0.day)" } ?? ""))
        if newest.gate != nil { facts.append("early access") }
      }
      let name = DisplayText.title(model.name)
      page.line(
        page.style.paint(DisplayText.aligned(id, to: width), .added) + "  "
          + page.style.paint(room.map { DisplayText.cutEnd(name, to: $0) } ?? name, .strong))
      let detail = DisplayText.harmless(facts.joined(separator: " · "))
      page.line(
        DisplayText.spaces(width + 2)
          + page.style.paint(room.map { DisplayText.cutEnd(detail, to: $0) } ?? detail, .faint))
    }
    page.gap()
    if result.hasMore { page.paragraph("There is more: `--limit` shows it.") }
    page.paragraph("Add one with `civsync add \(ids[0])`.")
    return page.text
  }

  /// `950`, `12k`, `1.2M`.
  static func short(_ number: Int64) -> String {
    switch number {
    case ..<1_000: "\(number)"
    case ..<1_000_000: "\(number / 1_000)k"
    default: "\(number / 1_000_000).\(number / 100_000 % 10)M"
    }
  }

  static func json(_ result: SearchResult) -> JSONNode {
    .object([
      ("version", .int(1)), ("exit", .int(0)), ("more", .bool(result.hasMore)),
      ("models", .array(result.models.map { .object(fields($0)) })),
    ])
  }

  static func fields(_ model: Model) -> [(String, JSONNode)] {
    [
      ("model", .int(model.id.rawValue)), ("modelName", .string(model.name)),
      ("modelType", .string(model.type)),
      ("creator", .optional(model.creator, JSONNode.string)),
      ("nsfwLevel", .int(model.nsfwLevel)), ("mode", .string(model.mode.rawValue)),
      ("downloads", .optional(model.downloads) { .int($0) }),
      ("commercialUse", .optional(model.commercialUse) { .array($0.map(JSONNode.string)) }),
      ("versions", .array(model.versions.sorted { $0.age > $1.age }.map(node))),
    ]
  }

  private static func node(_ version: CatalogueModel.Version) -> JSONNode {
    .object([
      ("modelVersion", .int(version.id.rawValue)), ("versionName", .string(version.name)),
      ("baseModel", .string(version.baseModel)),
      ("publishedAt", .optional(version.publishedAt) { .string($0.description) }),
      ("gated", .bool(version.gate != nil)),
      ("files", .array(version.files.map(node))),
    ])
  }

  private static func node(_ file: File) -> JSONNode {
    .object([
      ("file", .int(file.id.rawValue)), ("fileName", .string(file.name)),
      ("type", .string(file.type)), ("format", .optional(file.format, JSONNode.string)),
      ("precision", .optional(file.precision, JSONNode.string)),
      ("size", .optional(file.size, JSONNode.string)),
      ("bytes", .optional(file.approximateBytes) { .int($0.bytes) }),
      ("sha256", .optional(file.digest) { .string($0.hex) }),
      ("primary", .bool(file.isPrimary)),
    ])
  }
}
