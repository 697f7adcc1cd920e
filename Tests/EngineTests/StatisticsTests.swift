import Core
import Testing

@testable import Engine

@Suite struct `Statistics of runs` {
  private func run(
    at time: Int64, megabytes: Int64 = 10, speed: Double? = nil, calls: (Int, Double)? = nil
  ) -> RunRecord {
    var run = RunRecord(
      time: time, seconds: 10, outcome: .fetched, files: 1, failed: 0, bytes: megabytes * 1_000_000)
    run.speed = speed.map { RunRecord.Speed(mean: $0, max: $0, min: $0) }
    run.calls = calls.map {
      RunRecord.Calls(count: $0.0, retries: 0, errors: 1, timeouts: 0, mean: $0.1)
    }
    return run
  }

  private func failure(at time: Int64, _ kind: String = "other") -> FailureRecord {
    FailureRecord(
      time: time, model: 1, modelVersion: 1, file: 1, sha256: "", name: "f", kind: kind,
      message: "m")
  }

  @Test func `hold a time against one of equal length before`() {
    let all = [100, 800, 950, 1_000].map { run(at: $0) }
    let made = Statistics(all, [failure(at: 899), failure(at: 900)], span: 100, now: 1_000)
    #expect(made.runs.map(\.time) == [950, 1_000] && made.totals.runs == 2)
    #expect(made.trend?.kind == .sameLength && made.trend?.before.runs == 1)
    #expect(made.failures.map(\.time) == [900])
  }

  @Test func `hold it against what was before where that time has nothing`() {
    let made = Statistics([run(at: 1), run(at: 2), run(at: 950)], [], span: 100, now: 1_000)
    #expect(made.trend?.kind == .earlier && made.trend?.before.runs == 2)
    #expect(Statistics([run(at: 950)], [], span: 100, now: 1_000).trend == nil)
    let none = Statistics([run(at: 1)], [], span: 100, now: 1_000)
    #expect(none.runs.isEmpty && none.trend == nil && none.last?.time == 1)
  }

  @Test func `hold the later half of the last twenty against the earlier one`() {
    let all = (1...25).map { run(at: Int64($0)) }
    let made = Statistics(all, [failure(at: 5), failure(at: 6)], span: nil, now: 1_000)
    #expect(made.runs.first?.time == 6 && made.runs.count == 20)
    #expect(made.trend?.kind == .halves && made.trend?.now.runs == 10)
    #expect(made.failures.map(\.time) == [6])
    #expect(Statistics([run(at: 1)], [], span: nil, now: 1_000).trend == nil)
  }

  @Test func `weigh API times by their calls, and leave small runs out of the speed`() {
    let totals = RunTotals([
      run(at: 1, megabytes: 100, speed: 50, calls: (9, 0.1)),
      run(at: 2, megabytes: 0, calls: (1, 1.1)), run(at: 3, megabytes: 20),
    ])
    #expect(totals.callSeconds.map { ($0 * 1_000).rounded() } == 200)
    #expect(totals.speed == 1_000_025.0)
    #expect(totals.tries == RunRecord.Tries(count: 10, errors: 2))
    #expect(totals.success == 1 && RunTotals([RunRecord]()).success == nil)
  }

  @Test func `count failures by their kinds, the most frequent first`() {
    let failures = ["other", "unreachable", "unreachable", "no-space"].map { failure(at: 1, $0) }
    let made = Statistics([], failures, span: nil, now: 1)
    #expect(made.kinds.map(\.kind) == ["unreachable", "no-space", "other"])
    #expect(made.kinds.map(\.count) == [2, 1, 1])
  }
}
