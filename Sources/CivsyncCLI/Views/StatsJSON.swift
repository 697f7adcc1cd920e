import Engine

extension StatsView {
  static func json(_ statistics: Statistics, since: TimeSpan?) -> JSONNode {
    .object([
      ("version", .int(1)), ("sinceSeconds", .optional(since) { .int($0.seconds) }),
      ("runs", .array(statistics.runs.map(node))), ("totals", node(statistics.totals)),
      (
        "trend",
        .optional(statistics.trend) { trend in
          .object([
            ("kind", .string(trend.kind.rawValue)), ("now", node(trend.now)),
            ("before", node(trend.before)),
          ])
        }
      ),
      (
        "failureKinds",
        .array(
          statistics.kinds.map {
            .object([("kind", .string($0.kind)), ("count", .int($0.count))])
          })
      ),
      ("failures", .array(statistics.failures.map(node))),
    ])
  }

  private static func node(_ run: RunRecord) -> JSONNode {
    .object([
      ("time", .int(run.time)), ("seconds", .number(run.seconds)),
      ("outcome", .string(run.outcome.rawValue)), ("files", .int(run.files)),
      ("failed", .optional(run.failed) { .int($0) }), ("bytes", .int(run.bytes)),
      (
        "speed",
        .optional(run.speed) {
          .object([("mean", .number($0.mean)), ("max", .number($0.max)), ("min", .number($0.min))])
        }
      ),
      (
        "calls",
        .optional(run.calls) { calls in
          .object(
            counts(calls.tries) + [
              ("mean", .optional(calls.mean) { .number($0) }),
              ("p95", .optional(calls.p95) { .number($0) }),
              ("p99", .optional(calls.p99) { .number($0) }),
            ])
        }
      ), ("tries", .optional(run.tries) { .object(counts($0)) }),
      (
        "rates",
        .optional(run.rates) { rates in
          .object([
            ("success", .optional(rates.success) { .number($0) }),
            ("retry", .optional(rates.retry) { .number($0) }),
            ("timeout", .optional(rates.timeout) { .number($0) }),
          ])
        }
      ), ("memory", .optional(run.memory) { .int($0) }),
      (
        "cpu",
        .optional(run.cpu) {
          .object([("user", .number($0.user)), ("system", .number($0.system))])
        }
      ),
    ])
  }

  private static func node(_ totals: RunTotals) -> JSONNode {
    .object([
      ("runs", .int(totals.runs)), ("files", .int(totals.files)), ("failed", .int(totals.failed)),
      ("bytes", .int(totals.bytes)), ("seconds", .number(totals.seconds)),
      ("tries", .object(counts(totals.tries))),
      ("success", .optional(totals.success) { .number($0) }),
      ("speed", .optional(totals.speed) { .number($0) }),
      ("callSeconds", .optional(totals.callSeconds) { .number($0) }),
      ("memory", .optional(totals.memory) { .int($0) }),
      ("cpuSeconds", .optional(totals.cpu) { .number($0) }),
    ])
  }

  private static func node(_ failure: FailureRecord) -> JSONNode {
    .object([
      ("time", .int(failure.time)), ("model", .int(failure.model)),
      ("modelVersion", .int(failure.modelVersion)), ("file", .int(failure.file)),
      ("sha256", .string(failure.sha256)), ("name", .string(failure.name)),
      ("kind", .string(failure.kind)), ("message", .string(failure.message)),
    ])
  }

  private static func counts(_ tries: RunRecord.Tries) -> [(String, JSONNode)] {
    [
      ("count", .int(tries.count)), ("retries", .int(tries.retries)),
      ("errors", .int(tries.errors)), ("timeouts", .int(tries.timeouts)),
    ]
  }
}
