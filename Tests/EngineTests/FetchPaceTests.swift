import Core
import GitStore
import ManifestModel
import SystemIO
import Testing

@testable import Engine

struct `The pace of a run` {
  private func at(_ hour: Int, _ minute: Int, zone: Int = 0) -> FetchPace.Sight {
    FetchPace.Sight(
      time: GitTime(seconds: Int64((hour * 60 + minute) * 60), offsetMinutes: zone))
  }

  /// So many gigabytes free of a hundred, and megabytes of memory.
  private func at(_ minute: Int, free: Int64, memory: Int64 = 0) -> FetchPace.Sight {
    var sight = at(0, minute)
    sight.space = FreeSpace(
      available: ByteCount(free * 1_000_000_000), total: ByteCount(100_000_000_000), device: 1)
    sight.memory = ByteCount(memory * 1_000_000)
    return sight
  }

  private let nights = RateSchedule(
    [
      RateSchedule.Span(start: 22 * 60, end: 6 * 60, rate: .pause),
      RateSchedule.Span(start: 8 * 60, end: 18 * 60, rate: .limit(ByteCount(2_000_000))),
    ])

  @Test func `follows the clock, and tells of pauses alone`() {
    var pace = FetchPace(usual: nil, schedule: nights)
    #expect(pace.look(at(7, 0)) == [])
    #expect(pace.state.rate == nil)
    #expect(pace.look(at(8, 0)) == [])
    #expect(pace.state.rate == 2_000_000)
    #expect(pace.look(at(22, 0)) == ["paused until 06:00, as `limitRate` says"])
    #expect(pace.state.rate == 0)
    #expect(pace.look(at(23, 0)) == [])
    #expect(pace.look(at(6, 0)) == ["goes on, as `limitRate` says"])
    #expect(pace.state.rate == nil)
  }

  @Test func `reads the clock of this machine, east and west`() {
    var pace = FetchPace(usual: nil, schedule: nights)
    #expect(pace.look(at(23, 30, zone: 540)) == [])
    #expect(pace.state.rate == 2_000_000)
    #expect(pace.look(at(1, 0, zone: -120)) != [])
    #expect(pace.state == .quiet(until: 6 * 60))
  }

  @Test func `stays what it is without a schedule`() {
    var pace = FetchPace(usual: 5, schedule: nil)
    #expect(pace.look(at(23, 0)) == [] && pace.state == .going(5))
  }

  @Test func `pauses for ever where nothing is said but that`() {
    var pace = FetchPace(usual: nil, schedule: RateSchedule([], otherwise: .pause))
    #expect(pace.look(at(1, 0)) == ["paused, as `limitRate` says"])
  }

  @Test(arguments: [DiskReserve.bytes(ByteCount(5_000_000_000)), .percent(5)])
  func `waits ten minutes for room`(reserve: DiskReserve) {
    var limits = LimitsSpec()
    limits.disk = reserve
    var pace = FetchPace(usual: 7, schedule: nil, limits: limits)
    #expect(pace.look(at(0, free: 5)) == [] && pace.state.rate == 7)
    #expect(
      pace.look(at(1, free: 3)) == [
        "paused: 3 GB free on the disk of the store, 5 GB are to stay free; goes on when there is "
          + "room, Ctrl-C stops and keeps what came"
      ])
    #expect(pace.state.rate == 0)
    // A little more than the reserve has to be free, or it would stop at once again.
    #expect(pace.look(at(2, free: 5)) == [] && pace.state.rate == 0)
    #expect(pace.look(at(3, free: 6)) == ["goes on: there is room again"])
    #expect(pace.state.rate == 7)
    _ = pace.look(at(20, free: 4))
    #expect(pace.look(at(29, free: 4)) == [] && !pace.isOver(at(29, free: 4)))
    #expect(pace.isOver(at(30, free: 4)))
  }

  @Test func `lets the clock go before the disk`() {
    var limits = LimitsSpec()
    limits.disk = .percent(5)
    var pace = FetchPace(usual: nil, schedule: nights, limits: limits)
    #expect(pace.look(at(1, free: 1)) == ["paused until 06:00, as `limitRate` says"])
    #expect(!pace.isOver(at(100, free: 1)))
    #expect(pace.look(at(6 * 60, free: 1)).count == 1)
    #expect(pace.state == .full(since: 6 * 3_600))
  }

  @Test func `narrows above the limit for memory, until a tenth of it is free, and says so once`() {
    var limits = LimitsSpec()
    limits.memory = ByteCount(500_000_000)
    var pace = FetchPace(usual: nil, schedule: nil, limits: limits)
    #expect(pace.look(at(0, free: 1, memory: 500)) == [] && !pace.isNarrow)
    #expect(
      pace.look(at(0, free: 1, memory: 600)) == [
        "one file at a time, over one connection: civsync holds 600 MB of memory, and `limits` says "
          + "500 MB"
      ])
    #expect(pace.isNarrow)
    #expect(pace.look(at(1, free: 1, memory: 460)) == [] && pace.isNarrow)
    #expect(pace.look(at(2, free: 1, memory: 440)) == [] && !pace.isNarrow)
    #expect(pace.look(at(3, free: 1, memory: 600)) == [] && pace.isNarrow)
    #expect(pace.state.rate == nil)
  }
}
