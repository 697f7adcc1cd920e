import CatalogueModel
import ContentStore
package import Core
package import Engine

/// What the store holds. Every line is ended.
package enum StoreView {
  package static func human(
    _ report: StoreReport, offsetMinutes: Int, _ options: ViewOptions = ViewOptions()
  ) -> String {
    var page = Page(options)
    let totals = report.totals
    page.heading("Store \(report.root)")
    page.paragraph(
      "\(words(totals.objects, "object")), \(totals.linked.count) of them with a further name "
        + "(in a tree, or elsewhere)", indent: 2, hanging: 2)
    if let oldest = totals.oldest, let newest = totals.newest {
      page.paragraph(
        "written from \(Measures.local(oldest, offsetMinutes)) to "
          + Measures.local(newest, offsetMinutes), indent: 2, hanging: 2)
    }
    if totals.partial.count > 0 {
      page.paragraph(
        "\(words(totals.partial, "object")) on the way, not whole yet", indent: 2, hanging: 2)
    }
    if totals.unsealed.count > 0 {
      page.paragraph(
        "\(words(totals.unsealed, "object")) changed since, by size or time: "
          + "`civsync status --verify` reads what is placed of them", indent: 2, hanging: 2,
        meaning: .attention)
    }
    if totals.damaged.count > 0 {
      page.paragraph(
        "\(words(totals.damaged, "file")) set aside as damaged, in `damaged/`", indent: 2,
        hanging: 2, meaning: .attention)
    }
    return page.text
  }

  package static func human(
    forgotten path: AbsolutePath, _ options: ViewOptions = ViewOptions()
  ) -> String {
    var page = Page(options)
    page.paragraph(
      "The store is given up. The next `civsync apply` takes what it finds at \(path), or makes a store "
        + "there.")
    return page.text
  }

  package static func json(forgotten path: AbsolutePath) -> JSONNode {
    .object([
      ("version", .int(1)), ("forgotten", .bool(true)), ("store", .string(path.string)),
    ])
  }

  private static func words(_ totals: FileTotals, _ noun: String) -> String {
    "\(Measures.count(totals.count, noun)) (\(totals.bytes))"
  }

  package static func json(_ report: StoreReport) -> JSONNode {
    let totals = report.totals
    return .object([
      ("version", .int(1)), ("store", .string(report.root.string)),
      ("objects", node(totals.objects)), ("linked", node(totals.linked)),
      ("unlinked", .int(totals.objects.count - totals.linked.count)),
      ("changed", node(totals.unsealed)), ("partial", node(totals.partial)),
      ("damaged", node(totals.damaged)),
      ("oldest", time(totals.oldest)), ("newest", time(totals.newest)),
    ])
  }

  package static func json(_ found: StoredPath) -> JSONNode {
    .object([
      ("version", .int(1)), ("sha256", .string(found.digest.hex)),
      ("path", .string(found.path.string)),
    ])
  }

  private static func node(_ totals: FileTotals) -> JSONNode {
    .object([("count", .int(totals.count)), ("bytes", .int(totals.bytes.bytes))])
  }

  private static func time(_ seconds: Int64?) -> JSONNode {
    .optional(seconds) { .string(Timestamp(milliseconds: $0 * 1_000).description) }
  }
}
