import Core
import Engine

/// Runs in aligned columns, as many of them as the width allows.
enum RunTable {
  private struct Column {
    var title: String
    /// What is needed least goes first where there is no room: the highest number.
    var rank: Int
    var isNumber = true
    var value: (RunRecord) -> String?
  }

  /// Without these a table tells nothing.
  private static let needed = 3
  private static let gap = 2

  private static func columns(_ offset: Int) -> [Column] {
    [
      Column(title: "when", rank: 0, isNumber: false) { Measures.local($0.time, offset) },
      Column(title: "outcome", rank: 1, isNumber: false) { $0.outcome.rawValue },
      Column(title: "files", rank: 4) { "\($0.files)" },
      Column(title: "fetched", rank: 2) { $0.bytes > 0 ? "\(ByteCount($0.bytes))" : nil },
      Column(title: "took", rank: 5) { Measures.duration($0.seconds) },
      Column(title: "mean", rank: 3) { $0.meanSpeed.flatMap(Measures.speed) },
      Column(title: "best", rank: 9) { $0.speed.flatMap { Measures.speed($0.max) } },
      Column(title: "worst", rank: 10) { $0.speed.flatMap { Measures.speed($0.min) } },
      Column(title: "retries", rank: 6) { $0.tries.map { "\($0.retries)" } },
      Column(title: "API", rank: 7) { $0.calls?.mean.map(Measures.latency) },
      Column(title: "P95", rank: 8) { $0.calls?.p95.map(Measures.latency) },
      Column(title: "P99", rank: 12) { $0.calls?.p99.map(Measures.latency) },
      Column(title: "memory", rank: 11) { $0.memory.map { "\(ByteCount($0))" } },
      Column(title: "CPU", rank: 13) { $0.cpu.map { Measures.duration($0.user + $0.system) } },
    ]
  }

  static func write(_ runs: [RunRecord], offsetMinutes: Int, to page: inout Page) {
    let all = columns(offsetMinutes)
    var cells = all.map { column in [column.title] + runs.map { column.value($0) ?? "–" } }
    let widths = cells.map { $0.map { DisplayText.width($0) }.max() ?? 0 }
    var shown = Set(all.indices)
    if let room = page.options.width {
      for index in all.indices.sorted(by: { all[$0].rank > all[$1].rank }) {
        let used = shown.reduce(0) { $0 + widths[$1] + gap }
        if used > room, all[index].rank > needed { shown.remove(index) }
      }
      if shown.reduce(0, { $0 + widths[$1] + gap }) > room {
        return writeNarrow(runs, offsetMinutes, &page)
      }
    }
    for index in all.indices {
      cells[index] = cells[index].map {
        all[index].isNumber
          ? DisplayText.aligned($0, to: widths[index]) : DisplayText.padded($0, to: widths[index])
      }
    }
    for line in 0...runs.count {
      let text = "  " + shown.sorted().map { cells[$0][line] }.joined(separator: "  ")
      page.line(page.style.paint(text, line == 0 ? .faint : meaning(runs[line - 1])))
    }
  }

  /// Two lines for each.
  private static func writeNarrow(_ runs: [RunRecord], _ offset: Int, _ page: inout Page) {
    for run in runs {
      page.paragraph(
        "\(Measures.local(run.time, offset))  \(run.outcome.rawValue)", indent: 2, hanging: 2,
        meaning: meaning(run))
      var facts = [Measures.count(run.files, "file")]
      if run.bytes > 0 { facts.append("\(ByteCount(run.bytes))") }
      if let speed = run.meanSpeed.flatMap(Measures.speed) { facts.append(speed) }
      facts.append(Measures.duration(run.seconds))
      page.paragraph(facts.map(StatsView.held).joined(separator: " · "), indent: 4)
    }
  }

  private static func meaning(_ run: RunRecord) -> TextMeaning? {
    switch run.outcome {
    case .fetched: nil
    case .partial, .interrupted: .attention
    case .failed: .removed
    }
  }
}
