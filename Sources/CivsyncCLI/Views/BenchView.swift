import Core
import Engine
import ManifestModel

/// Two ways to fetch, held against each other.
enum BenchView {
  /// What is about to be fetched, and how often.
  static func intent(_ plan: BenchPlan, _ options: ViewOptions) -> String {
    var page = Page(options)
    let files = plan.files.count
    let all = ByteCount(plan.bytes.bytes * Int64(plan.passes))
    let names = plan.policies.map { "`\($0.name)`" }.joined(separator: " and ")
    page.paragraph(
      "\(Measures.count(files, "file")) (\(plan.bytes)) by \(names), \(plan.rounds) times each: "
        + "\(Measures.count(plan.downloads, "download")), \(all). The site counts each of them.")
    return page.text
  }

  static func human(_ result: BenchResult, _ options: ViewOptions) -> String {
    var page = Page(options)
    page.heading(
      "\(Measures.count(result.files, "file")), \(result.bytes), \(result.rounds) times by each")
    let rows =
      [["", "median", "slowest", "fastest"]]
      + result.sides.map { side in
        [side.policy.name] + [side.median, side.slowest, side.fastest].map { speed($0) }
      }
    let widths = (0..<4).map { column in rows.map { DisplayText.width($0[column]) }.max() ?? 0 }
    let isNarrow = options.width.map { widths.reduce(8, +) > $0 } ?? false
    for (index, row) in rows.enumerated() {
      let numbers = (1..<4).map { DisplayText.aligned(row[$0], to: widths[$0]) }
      let meaning: TextMeaning? = index == 0 ? .faint : nil
      if isNarrow, index > 0 { page.paragraph(row[0], indent: 2) }
      let lead = isNarrow ? "  " : "  " + DisplayText.padded(row[0], to: widths[0]) + "  "
      page.line(page.style.paint(lead + numbers.joined(separator: "  "), meaning))
    }
    page.gap()
    verdict(result, &page)
    return page.text
  }

  private static func verdict(_ result: BenchResult, _ page: inout Page) {
    let (better, worse) = (result.better, result.worse)
    let ratio = times(result.ratio)
    guard result.counts else {
      page.paragraph("No difference that counts.", meaning: .strong)
      let medians =
        ratio == "1"
        ? "By the medians they are equally fast"
        : "By the medians `\(better.policy.name)` is \(ratio) times as fast"
      guard result.overlaps else {
        return page.paragraph(medians + ": too little to choose by.")
      }
      return page.paragraph(
        "\(medians), and the passes overlap: the slowest of `\(better.policy.name)` had "
          + "\(held(better.slowest)), the fastest of `\(worse.policy.name)` "
          + "\(held(worse.fastest)). More `--rounds` or a larger `--size` may tell more.")
    }
    page.paragraph(
      "`\(better.policy.name)` is better here: \(ratio) times as fast.", meaning: .strong)
    page.paragraph(
      "Its slowest pass had \(held(better.slowest)), the fastest of `\(worse.policy.name)` "
        + "\(held(worse.fastest)). " + keeping(better.policy))
  }

  /// How to have it so from now on.
  private static func keeping(_ policy: BenchPolicy) -> String {
    let keys = [
      policy.downloads.map { "downloads: \($0)" },
      policy.connectionsPerFile.map { "connectionsPerFile: \($0)" },
      policy.limitRate.map { "limitRate: \"\($0)\"" },
      policy.order.map { "order: \($0.rawValue)" },
    ].compactMap { $0 }
    return keys.isEmpty
      ? "It is what civsync does where `transfer:` does not say otherwise."
      : "`transfer: { \(keys.joined(separator: ", ")) }` in the manifest keeps it so."
  }

  /// In a text: no line break takes it apart.
  private static func held(_ bytesPerSecond: Double) -> String {
    StatsView.held(speed(bytesPerSecond))
  }

  private static func speed(_ bytesPerSecond: Double) -> String {
    Measures.speed(bytesPerSecond) ?? "?"
  }

  /// `2.4`; `1.05` where a tenth would hide it.
  private static func times(_ ratio: Double) -> String {
    guard ratio.isFinite, ratio < 1e9 else { return "many" }
    let parts = ratio < 1.2 ? 100 : 10
    let whole = Int((ratio * Double(parts)).rounded())
    let fraction = String(whole % parts)
    let zeros = String(repeating: "0", count: String(parts).count - 1 - fraction.count)
    return whole % parts == 0 ? "\(whole / parts)" : "\(whole / parts).\(zeros)\(fraction)"
  }

  static func json(_ result: BenchResult) -> JSONNode {
    .object([
      ("version", .int(1)), ("files", .int(result.files)), ("bytes", .int(result.bytes.bytes)),
      ("rounds", .int(result.rounds)), ("policies", .array(result.sides.map(node))),
      ("better", result.counts ? .string(result.better.policy.name) : .null),
      ("faster", .string(result.better.policy.name)), ("ratio", .number(result.ratio)),
    ])
  }

  private static func node(_ side: BenchResult.Side) -> JSONNode {
    .object([
      ("policy", .string(side.policy.name)), ("median", .number(side.median)),
      ("min", .number(side.slowest)), ("max", .number(side.fastest)),
      (
        "passes",
        .array(
          side.passes.map {
            .object([
              ("seconds", .number($0.seconds)), ("bytes", .int($0.bytes)),
              ("bytesPerSecond", .number($0.speed)),
            ])
          })
      ),
    ])
  }
}
