import Testing
import Transfer

@Suite struct PaceTests {
  /// Takes turns one after another, waiting as told, and answering in `took` seconds.
  private func run(_ pace: inout Pace, calls: Int, took: Double, from start: Duration = .zero)
    -> Duration
  {
    var now = start
    for _ in 0..<calls {
      now += pace.take(at: now)
      now += .seconds(took)
      pace.answered(in: .seconds(took))
    }
    return now
  }

  @Test func `a run that asks little is not held up`() {
    var pace = Pace(base: 10, burst: 40)
    #expect(run(&pace, calls: 40, took: 0) == .zero)
    #expect(pace.take(at: .zero) > .zero)
  }

  @Test func `quick answers quicken it, to twice the base and no further`() {
    var pace = Pace(base: 10, burst: 40)
    _ = run(&pace, calls: 30, took: 0.1)
    #expect(pace.rate > 13 && pace.rate < 14)
    let end = run(&pace, calls: 1_000, took: 0.01)
    #expect(pace.rate == 20)
    // A thousand calls at no more than twenty a second.
    #expect(end > .seconds(45))
  }

  @Test func `slow answers slow it, to a tenth of the base and no further`() {
    var pace = Pace(base: 10, burst: 40)
    _ = run(&pace, calls: 10, took: 3)
    #expect(pace.rate == 8)
    _ = run(&pace, calls: 1_000, took: 3)
    #expect(pace.rate == 1)
  }

  @Test func `answers that are neither leave it`() {
    var pace = Pace(base: 10, burst: 40)
    _ = run(&pace, calls: 200, took: 1)
    #expect(pace.rate == 10)
  }

  @Test func `only the last hundred answers count`() {
    var pace = Pace(base: 10, burst: 40)
    _ = run(&pace, calls: 100, took: 3)
    let slow = pace.rate
    _ = run(&pace, calls: 120, took: 0.1)
    #expect(pace.rate > slow)
  }

  @Test func `a pause that was asked for holds for every call, and no longer`() {
    var pace = Pace()
    #expect(pace.refused(asked: .seconds(20), at: .seconds(5)) == .seconds(20))
    #expect(pace.take(at: .seconds(5)) == .seconds(20))
    #expect(pace.take(at: .seconds(15)) == .seconds(10))
    #expect(pace.take(at: .seconds(26)) == .zero)
  }

  @Test func `a refusal without a time is backed off from for long, and longer each time`() {
    var pace = Pace()
    let pauses = (0..<6).map { _ in pace.refused(asked: nil, at: .zero) }
    #expect(pauses == [60, 120, 240, 480, 600, 600].map { .seconds($0) })
    pace.served()
    #expect(pace.refused(asked: nil, at: .zero) == .seconds(60))
  }
}

@Suite struct BreakerTests {
  @Test func `opens after failures in a row, probes, and closes again`() {
    var breaker = Breaker(threshold: 3)
    #expect(breaker.failed(at: .zero) == nil)
    #expect(breaker.succeeded() == nil)
    #expect(breaker.failed(at: .zero) == nil && breaker.failed(at: .zero) == nil)
    #expect(breaker.admit(at: .zero) == .ask)
    #expect(breaker.failed(at: .seconds(1)) == .opened(for: .seconds(30)))
    #expect(breaker.admit(at: .seconds(11)) == .wait(.seconds(20)))
    #expect(breaker.admit(at: .seconds(31)) == .probe)
    // The others wait for what it finds.
    #expect(breaker.admit(at: .seconds(31)) == .wait(.seconds(1)))
    #expect(breaker.succeeded() == .closed)
    #expect(breaker.admit(at: .seconds(31)) == .ask)
  }

  @Test func `a probe that fails doubles the pause, and the last one ends it`() {
    var breaker = Breaker(threshold: 1, mostProbes: 3)
    #expect(breaker.failed(at: .zero) == .opened(for: .seconds(30)))
    #expect(breaker.admit(at: .seconds(30)) == .probe)
    #expect(breaker.failed(at: .seconds(30)) == .opened(for: .seconds(60)))
    #expect(breaker.admit(at: .seconds(90)) == .probe)
    #expect(breaker.failed(at: .seconds(90)) == .opened(for: .seconds(120)))
    #expect(breaker.admit(at: .seconds(210)) == .probe)
    #expect(breaker.failed(at: .seconds(210)) == .gaveUp)
    #expect(breaker.admit(at: .seconds(9_999)) == .down)
    #expect(breaker.succeeded() == nil)
  }

  @Test func `a call that was under way when it opened changes nothing`() {
    var breaker = Breaker(threshold: 1)
    _ = breaker.failed(at: .zero)
    #expect(breaker.failed(at: .seconds(1)) == nil)
    #expect(breaker.admit(at: .seconds(30)) == .probe)
  }

  @Test func `a probe that was cancelled lets the next one probe`() {
    var breaker = Breaker(threshold: 1)
    _ = breaker.failed(at: .zero)
    #expect(breaker.admit(at: .seconds(30)) == .probe)
    breaker.abandoned(at: .seconds(31))
    #expect(breaker.admit(at: .seconds(31)) == .probe)
  }
}
