import Engine

/// How a run does, for `--monitor-performance`.
enum PerformanceView {
  /// `performance: 72 MB/s · 6 active · 2 waiting · 120 queued · last hour: 0.4 % errors, 0 % timeouts`.
  static func line(_ performance: Performance) -> String {
    let hour = performance.lastHour
    var facts = [
      Measures.speed(performance.speed) ?? "0 B/s", "\(performance.active) active",
      "\(performance.waiting) waiting", "\(performance.queued) queued",
    ]
    if let errors = hour.share(\.errors), let timeouts = hour.share(\.timeouts) {
      facts.append(
        "last hour: \(Measures.share(errors)) errors, \(Measures.share(timeouts)) timeouts")
    }
    return "performance: " + facts.joined(separator: " · ")
  }

  /// An event, see `Docs/Formats.md`.
  static func node(_ performance: Performance) -> JSONNode {
    let hour = performance.lastHour
    return EventView.node(
      "performance",
      [
        ("bytesPerSecond", .number(performance.speed)), ("active", .int(performance.active)),
        ("waiting", .int(performance.waiting)), ("queued", .int(performance.queued)),
        (
          "lastHour",
          .object([
            ("tries", .int(hour.count)),
            ("errorRate", .optional(hour.share(\.errors)) { .number($0) }),
            ("timeoutRate", .optional(hour.share(\.timeouts)) { .number($0) }),
          ])
        ),
      ])
  }
}
