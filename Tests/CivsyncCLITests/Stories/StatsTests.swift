import CivitaiSandbox
import Core
import Engine
import Foundation
import Testing

@testable import CivsyncCLI

struct `What runs took` {
  /// The story's clock at its first command, less a minute.
  private static let start: Int64 = 1_767_225_600

  private func recorded(_ story: Story) throws {
    func line(_ minutes: Int64, _ outcome: String, _ rest: String) -> String {
      #"{"outcome":"\#(outcome)","time":\#(Self.start - minutes * 60),\#(rest)}"# + "\n"
    }
    let old = #""bytes":2000000000,"files":3,"seconds":50,"version":1"#
    func new(_ bytes: Int, _ mean: Int, _ api: Double, errors: Int) -> String {
      #""bytes":\#(bytes),"calls":{"count":10,"errors":0,"mean":\#(api),"p95":\#(api),"p99":1.5,"#
        + #""retries":0,"timeouts":0},"cpu":{"system":1.5,"user":10},"failed":\#(errors),"#
        + #""files":12,"memory":88000000,"rates":{"success":0.75},"seconds":252,"#
        + #""speed":{"max":90000000,"mean":\#(mean),"min":12000000},"#
        + #""tries":{"count":20,"errors":\#(errors),"retries":2,"timeouts":1},"version":2"#
    }
    try story.write(
      line(300, "fetched", old)
        + line(90, "fetched", new(18_200_000_000, 60_000_000, 0.4, errors: 0))
        + line(20, "partial", new(9_100_000_000, 72_000_000, 0.21, errors: 4)),
      to: ".civsync/runs.jsonl")
    let failures = (1...7).map { number in
      #"{"file":1,"kind":"\#(number < 3 ? "no-space" : "unreachable")","message":"gone away","#
        + #""model":\#(number),"modelVersion":1,"name":"f\#(number).safetensors","sha256":"00","#
        + #""time":\#(Self.start - 1_200),"version":1}"# + "\n"
    }
    try story.write(failures.joined(), to: ".civsync/failures.jsonl")
  }

  @Test func `stands in columns, with trends and failures`() async throws {
    let story = try Story()
    try recorded(story)
    story.expect(await story.civsync("stats", "--since", "1h", width: 120), Self.hour)
    story.expect(await story.civsync("stats", width: 40), Self.narrow)
    for width in [40, 60, 80, 100, 120] {
      let ran = await story.civsync("stats", width: width)
      #expect(ran.output.split(separator: "\n").allSatisfy { DisplayText.width($0) <= width })
    }
  }

  private static let hour = """
    1 run in the last hour
      when                 outcome  files  fetched        took     mean     best    worst  retries     API     P95  memory
      2025-12-31 23:40:00  partial     12   9.1 GB  4 min 12 s  72 MB/s  90 MB/s  12 MB/s        2  210 ms  210 ms   88 MB

    Together 12 files, 9.1 GB in 4 min 12 s; 75 % of the files came; of 30 tries 13 % failed, 3.3 % ran out of time, 6.7 %
    were repeats.
    At most 88 MB of memory, 12 s of processor time.

    Against 1 run in the hour before
      speed     72 MB/s  20 % faster
      API time   210 ms  48 % shorter
      errors       13 %  was 0 %

    Failed: 7 files (5 unreachable, 2 no-space)
      … and 2 before
      x 2025-12-31 23:40:00 `f3.safetensors` (model 3): gone away
      x 2025-12-31 23:40:00 `f4.safetensors` (model 4): gone away
      x 2025-12-31 23:40:00 `f5.safetensors` (model 5): gone away
      x 2025-12-31 23:40:00 `f6.safetensors` (model 6): gone away
      x 2025-12-31 23:40:00 `f7.safetensors` (model 7): gone away
    `civsync apply` tries again what is still wanted; all are in `.civsync/failures.jsonl`.
    [exit 0]
    """

  private static let narrow = """
    The last 3 runs
      2025-12-31 19:00:00  fetched
        3 files · 2 GB · 40 MB/s · 50 s
      2025-12-31 22:30:00  fetched
        12 files · 18.2 GB · 60 MB/s ·
        4 min 12 s
      2025-12-31 23:40:00  partial
        12 files · 9.1 GB · 72 MB/s ·
        4 min 12 s

    Together 27 files, 29.3 GB in
    9 min 14 s; 87 % of the files came; of
    60 tries 6.7 % failed, 3.3 % ran out of
    time, 6.7 % were repeats.
    At most 88 MB of memory, 23 s of
    processor time.

    The last run against the 2 before
      speed     72 MB/s  44 % faster
      API time   210 ms  48 % shorter
      errors       13 %  was 0 %

    Failed: 7 files (5 unreachable, 2
    no-space)
      … and 2 before
      x 2025-12-31 23:40:00 `f3.safetensors`
        (model 3): gone away
      x 2025-12-31 23:40:00 `f4.safetensors`
        (model 4): gone away
      x 2025-12-31 23:40:00 `f5.safetensors`
        (model 5): gone away
      x 2025-12-31 23:40:00 `f6.safetensors`
        (model 6): gone away
      x 2025-12-31 23:40:00 `f7.safetensors`
        (model 7): gone away
    `civsync apply` tries again what is
    still wanted; all are in
    `.civsync/failures.jsonl`.
    [exit 0]
    """

  @Test func `is JSON with every key`() async throws {
    let story = try Story()
    try recorded(story)
    let ran = await story.must("stats", "--since", "2h", "--json")
    let all = try #require(
      try JSONSerialization.jsonObject(with: Data(ran.output.utf8)) as? [String: Any])
    #expect(
      Set(all.keys) == [
        "version", "sinceSeconds", "runs", "totals", "trend", "failureKinds", "failures",
      ])
    #expect(all["sinceSeconds"] as? Int == 7_200)
    let trend = try #require(all["trend"] as? [String: Any])
    #expect(trend["kind"] as? String == "earlier")
    let runs = try #require(all["runs"] as? [[String: Any]])
    #expect(runs.count == 2)
    #expect((runs[0]["calls"] as? [String: Any])?["p99"] as? Double == 1.5)
    let before = try #require(trend["before"] as? [String: Any])
    #expect(before["speed"] as? Int == 40_000_000 && before["memory"] is NSNull)
  }

  @Test func `is nothing before the first run, and of a time without one`() async throws {
    let story = try Story()
    story.expect(
      await story.civsync("stats"),
      """
      No run is recorded yet: each `civsync apply` that has something to do adds one.
      [exit 0]
      """)
    try recorded(story)
    story.expect(
      await story.civsync("stats", "--since", "5m"),
      """
      No run in the last 5 minutes. The last one was at 2025-12-31 23:40:00; `civsync stats` shows \
      what came before.
      [exit 0]
      """)
  }

  @Test(arguments: ["5", "h", "1w", "-1h", "0m", "1.5h", "99999999999999999999d"])
  func `takes no time that is none`(text: String) async throws {
    let ran = try await Story().must("stats", "--since=\(text)", code: .usage)
    #expect(ran.errors.contains("--since takes a length of time"), "\(ran.errors)")
  }

  @Test func `is told in words`() throws {
    let told = try ["30s", "1m", "90m", "1h", "48h", "7d"].map {
      try TimeSpan($0, option: "--since").words
    }
    #expect(told == ["30 seconds", "minute", "90 minutes", "hour", "2 days", "7 days"])
    let shares = [0, 0.0001, 0.004, 0.125, 0.9999, 1].map(Measures.share)
    #expect(shares == ["0 %", "< 0.1 %", "0.4 %", "13 %", "99 %", "100 %"])
  }
}

struct `How a run does` {
  private func slow(_ options: inout SandboxOptions) {
    options.scale = 0.5
    options.throttleBytesPerSecond = 200_000
  }

  private static let asked = """
    transfer: { downloads: 1, connectionsPerFile: 1 }
    collections: { c: { models: [1001, 1002] } }

    """

  @Test(arguments: [true, false])
  func `is told as often as was asked for`(isJSON: Bool) async throws {
    try await withSandbox(slow) { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.asked)
      // Ran half an hour ago; the other one is too old to count.
      let line =
        #""bytes":1,"files":1,"outcome":"fetched","seconds":1,"version":2,"tries":"#
        + #"{"count":98,"errors":50,"retries":0,"timeouts":25}}"#
      try story.write(
        #"{"time":1767222000,\#(line)"# + "\n" + #"{"time":1767223860,\#(line)"# + "\n",
        to: ".civsync/runs.jsonl")
      let flags = ["--monitor-performance", "--report-interval", "1s"] + (isJSON ? ["--json"] : [])
      let ran = await story.run(["apply", "--yes"] + flags)
      #expect(ran.code == .ok, "\(ran.errors)")
      guard isJSON else {
        let told = ran.errors.split(separator: "\n").filter { $0.hasPrefix("performance: ") }
        #expect(!told.isEmpty, "\(ran.errors)")
        let shape =
          /B\/s · [01] active · [01] waiting · [012] queued · last hour: (49|5[01]) % errors,/
        #expect(told.allSatisfy { $0.firstMatch(of: shape) != nil }, "\(told)")
        return
      }
      let events = try ran.errors.split(separator: "\n").compactMap {
        try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
      }
      let told = events.filter { $0["event"] as? String == "performance" }
      #expect(!told.isEmpty)
      for report in told {
        // Before the first and between two files none is on its way.
        let active = try #require(report["active"] as? Int)
        let waiting = try #require(report["waiting"] as? Int)
        let queued = try #require(report["queued"] as? Int)
        #expect(active + waiting <= 1, "\(active) \(waiting)")
        #expect((1...2).contains(active + waiting + queued), "\(active) \(waiting) \(queued)")
        let speed = try #require(report["bytesPerSecond"] as? Double)
        #expect((0...2_000_000).contains(speed), "\(speed)")
        let hour = try #require(report["lastHour"] as? [String: Any])
        // Beside the recorded ones: calls, and the file that may be done by now.
        let tries = try #require(hour["tries"] as? Double)
        #expect((99...103).contains(tries), "\(tries)")
        let rate = try #require(hour["timeoutRate"] as? Double)
        #expect(abs(rate - 25 / tries) < 1e-9)
      }
    }
  }

  @Test func `has an interval only where it is asked for`() async throws {
    let story = try Story()
    let ran = await story.must("apply", "--yes", "--report-interval", "5s", code: .usage)
    #expect(ran.errors.contains("--report-interval belongs to --monitor-performance"))
    let none = await story.must(
      "apply", "--yes", "--monitor-performance", "--report-interval", "0s", code: .usage)
    #expect(none.errors.contains("--report-interval takes a length of time"))
  }
}
