import Core
import Testing
import Transfer

@testable import Engine

@Suite struct `A run's meter` {
  private let one = digest(1)
  private let two = digest(2)

  private func began(_ digest: Digest) -> EngineEvent {
    .fetchBegan(digest, name: "f", bytes: ByteCount(1))
  }

  @Test func `tells the mean, the best and the worst second`() throws {
    var meter = RunMeter()
    meter.take(.fetching(files: 2, bytes: .zero), at: 10)
    meter.take(began(one), at: 10)
    meter.take(.fetchTries(one, has: 1_000), at: 10)
    #expect(meter.active == 0 && meter.waiting == 1 && meter.queued == 1)
    meter.take(.fetchAsked(one), at: 10)
    #expect(meter.active == 1 && meter.waiting == 0 && meter.queued == 1)
    // What an earlier run had left is no speed.
    meter.take(.fetchAdvanced(one, bytes: 1_300), at: 10.5)
    meter.take(.fetchAdvanced(one, bytes: 1_500), at: 11.2)
    meter.take(.fetchAdvanced(one, bytes: 1_600), at: 11.9)
    meter.take(.fetchEnded(one), at: 13.5)
    let speed = try #require(meter.speed.speed)
    #expect(meter.speed.bytes == 600)
    #expect(speed == RunRecord.Speed(mean: 600 / 3.5, max: 300, min: 0))
  }

  @Test func `tells one speed of less than a second, and none of nothing`() {
    var meter = RunMeter()
    #expect(meter.speed.speed == nil && meter.calls.record == nil)
    meter.take(began(one), at: 0)
    #expect(meter.speed.speed == nil)
    meter.take(.fetchTries(one, has: 0), at: 0)
    meter.take(.fetchAdvanced(one, bytes: 100), at: 0.25)
    meter.take(.fetchEnded(one), at: 0.5)
    #expect(meter.speed.speed == RunRecord.Speed(mean: 200, max: 200, min: 200))
  }

  @Test func `takes no bytes back where a file is begun anew`() {
    var meter = RunMeter()
    meter.take(began(one), at: 0)
    meter.take(.fetchTries(one, has: 0), at: 0)
    for bytes in [500, 0, 400] as [Int64] { meter.take(.fetchAdvanced(one, bytes: bytes), at: 1) }
    #expect(meter.speed.bytes == 900)
  }

  @Test func `counts tries, and what became of them`() {
    var meter = RunMeter()
    for (file, ending) in [
      (one, .failed), (one, .timedOut), (one, .answered), (two, .abandoned),
    ] as [(Digest, AttemptEnding)] {
      meter.take(.fetchTries(file, has: 0), at: 0)
      meter.take(.fetchTried(file, ending), at: 0)
    }
    #expect(meter.tries == RunRecord.Tries(count: 4, retries: 2, errors: 2, timeouts: 1))
    #expect(meter.recent.sum(at: 0).count == 3)
  }

  @Test func `gives mean and percentiles of the answers' times`() throws {
    var meter = RunMeter()
    for number in 1...100 {
      meter.take(.catalogueCalled(took: .milliseconds(10 * number), .answered), at: 0)
    }
    meter.take(.catalogueCalled(took: nil, .timedOut), at: 0)
    meter.take(.catalogueCalled(took: nil, .abandoned), at: 0)
    meter.take(.catalogueWaits("e", .seconds(1), reason: "r"), at: 0)
    let calls = try #require(meter.calls.record)
    #expect(calls.tries == RunRecord.Tries(count: 101, retries: 1, errors: 1, timeouts: 1))
    #expect(calls.mean.map { ($0 * 1_000).rounded() } == 505)
    #expect(calls.p95 == 0.95 && calls.p99 == 0.99)
  }

  @Test func `counts files that wait apart from those on their way`() {
    var meter = RunMeter()
    func counts() -> [Int] { [meter.active, meter.waiting, meter.queued] }
    meter.take(.fetching(files: 3, bytes: .zero), at: 0)
    #expect(counts() == [0, 0, 3])
    for file in [one, two] {
      meter.take(began(file), at: 0)
      meter.take(.fetchTries(file, has: 0), at: 0)
    }
    #expect(counts() == [0, 2, 1])
    meter.take(.fetchAsked(one), at: 0)
    #expect(counts() == [1, 1, 1])
    meter.take(.fetchTried(one, .failed), at: 0)
    meter.take(.fetchAsked(two), at: 0)
    #expect(counts() == [1, 1, 1])
    meter.take(.fetchHeld(.quiet(until: "08:00")), at: 0)
    #expect(counts() == [0, 2, 1])
    meter.take(.fetchHeld(nil), at: 0)
    meter.take(.fetchEnded(two), at: 0)
    #expect(counts() == [0, 1, 1])
  }
}
