import Core
import Engine

/// What runs took, and how that changes.
enum StatsView {
  /// How many of the failures are shown.
  private static let shown = 5
  /// A change of less than this says nothing.
  private static let notable = 0.05

  static func human(
    _ statistics: Statistics, since: TimeSpan?, offsetMinutes: Int, _ options: ViewOptions
  ) -> String {
    var page = Page(options)
    if statistics.runs.isEmpty {
      none(statistics, since, offsetMinutes, &page)
    } else {
      let count = statistics.runs.count
      page.heading(
        since.map { "\(Measures.count(count, "run")) in the last \($0.words)" } ?? last(count))
      RunTable.write(statistics.runs, offsetMinutes: offsetMinutes, to: &page)
      page.gap()
      totals(statistics.totals, &page)
      if let trend = statistics.trend { write(trend, since, &page) }
    }
    failures(statistics, offsetMinutes, &page)
    return page.text
  }

  private static func last(_ count: Int) -> String {
    count == 1 ? "The last run" : "The last \(count) runs"
  }

  private static func none(
    _ statistics: Statistics, _ since: TimeSpan?, _ offset: Int, _ page: inout Page
  ) {
    guard let last = statistics.last, let since else {
      return page.paragraph(
        "No run is recorded yet: each `civsync apply` that has something to do adds one.")
    }
    page.paragraph(
      "No run in the last \(since.words). The last one was at \(Measures.local(last.time, offset)); "
        + "`civsync stats` shows what came before.")
  }

  private static func totals(_ totals: RunTotals, _ page: inout Page) {
    var facts = [
      "Together \(held(Measures.count(totals.files, "file"))), "
        + "\(held("\(ByteCount(totals.bytes))")) in \(held(Measures.duration(totals.seconds)))"
    ]
    if let success = totals.success {
      facts.append("\(held(Measures.share(success))) of the files came")
    }
    let tries = totals.tries
    if let errors = tries.share(\.errors), let timeouts = tries.share(\.timeouts),
      let retries = tries.share(\.retries)
    {
      facts.append(
        "of \(held(Measures.count(tries.count, "try", "tries"))) "
          + "\(held(Measures.share(errors))) failed, "
          + "\(held(Measures.share(timeouts))) ran out of time, "
          + "\(held(Measures.share(retries))) were repeats")
    }
    page.paragraph(facts.joined(separator: "; ") + ".")
    var machine: [String] = []
    if let memory = totals.memory {
      machine.append("At most \(held("\(ByteCount(memory))")) of memory")
    }
    if let cpu = totals.cpu { machine.append("\(held(Measures.duration(cpu))) of processor time") }
    if !machine.isEmpty { page.paragraph(machine.joined(separator: ", ") + ".") }
  }

  /// A measure that no line break takes apart.
  static func held(_ text: String) -> String { text.replacing(" ", with: "\u{A0}") }

  private static func heading(_ trend: Statistics.Trend, _ since: TimeSpan?) -> String {
    let before = trend.before.runs
    switch (trend.kind, since) {
    case (.sameLength, let since?):
      return "Against \(Measures.count(before, "run")) in the \(since.words) before"
    case (.halves, _):
      return "\(last(trend.now.runs)) against the \(before == 1 ? "one" : "\(before)") before"
    default: return "Against the \(before == 1 ? "run" : "\(before) runs") before"
    }
  }

  private static func write(
    _ trend: Statistics.Trend, _ since: TimeSpan?, _ page: inout Page
  ) {
    let (now, before) = (trend.now, trend.before)
    page.heading(heading(trend, since))
    var lines: [(name: String, now: String, word: String)] = []
    if let speed = now.speed, let old = before.speed, let text = Measures.speed(speed) {
      lines.append(("speed", text, change(speed, old, more: "faster", less: "slower")))
    }
    if let time = now.callSeconds, let old = before.callSeconds {
      let word = change(time, old, more: "longer", less: "shorter")
      lines.append(("API time", Measures.latency(time), word))
    }
    if let errors = now.tries.share(\.errors), let old = before.tries.share(\.errors) {
      let (share, former) = (Measures.share(errors), Measures.share(old))
      lines.append(("errors", share, share == former ? "the same" : "was \(former)"))
    }
    if lines.isEmpty { page.paragraph("Nothing was measured in both.", indent: 2) }
    let names = lines.map { $0.name.count }.max() ?? 0
    let values = lines.map { DisplayText.width($0.now) }.max() ?? 0
    for line in lines {
      page.line(
        "  " + DisplayText.padded(line.name, to: names) + "  "
          + DisplayText.aligned(line.now, to: values) + "  " + page.style.paint(line.word, .faint))
    }
  }

  private static func change(
    _ now: Double, _ before: Double, more: String, less: String
  ) -> String {
    guard before > 0 else { return "" }
    let change = now / before - 1
    guard abs(change) >= notable else { return "about the same" }
    if change > 9 { return "\(Int((now / before).rounded())) times as much" }
    return "\(Int((abs(change) * 100).rounded())) % \(change > 0 ? more : less)"
  }

  private static func failures(_ statistics: Statistics, _ offset: Int, _ page: inout Page) {
    let failures = statistics.failures
    guard !failures.isEmpty else { return }
    let kinds = statistics.kinds.map { "\($0.count) \($0.kind)" }.joined(separator: ", ")
    page.heading("Failed: \(Measures.count(failures.count, "file")) (\(kinds))", .removed)
    if failures.count > shown {
      page.paragraph("… and \(failures.count - shown) before", indent: 2, meaning: .faint)
    }
    for failure in failures.suffix(shown) {
      page.item(
        "x",
        "\(Measures.local(failure.time, offset)) `\(DisplayText.title(failure.name))` (model "
          + "\(failure.model)): \(failure.message)", meaning: .removed)
    }
    page.paragraph(
      "`civsync apply` tries again what is still wanted; all are in `.civsync/failures.jsonl`.",
      meaning: .faint)
  }
}
