import Core
import GitStore
import ManifestModel
import Testing

@testable import Engine

struct `The pace of a run` {
  private func at(_ hour: Int, _ minute: Int, zone: Int = 0) -> GitTime {
    GitTime(seconds: Int64((hour * 60 + minute) * 60), offsetMinutes: zone)
  }

  private let nights = RateSchedule(
    [
      RateSchedule.Span(start: 22 * 60, end: 6 * 60, rate: .pause),
      RateSchedule.Span(start: 8 * 60, end: 18 * 60, rate: .limit(ByteCount(2_000_000))),
    ])

  @Test func `follows the clock, and tells of pauses alone`() {
    var pace = FetchPace(schedule: nights, rate: nil)
    #expect(pace.look(at: at(7, 0)) == nil)
    #expect(pace.state.rate == nil)
    #expect(pace.look(at: at(8, 0)) == nil)
    #expect(pace.state.rate == 2_000_000)
    #expect(pace.look(at: at(22, 0)) == "paused until 06:00, as `limitRate` says")
    #expect(pace.state.rate == 0)
    #expect(pace.look(at: at(23, 0)) == nil)
    #expect(pace.look(at: at(6, 0)) == "goes on, as `limitRate` says")
    #expect(pace.state.rate == nil)
  }

  @Test func `reads the clock of this machine, east and west`() {
    var pace = FetchPace(schedule: nights, rate: nil)
    #expect(pace.look(at: at(23, 30, zone: 540)) == nil)
    #expect(pace.state.rate == 2_000_000)
    #expect(pace.look(at: at(1, 0, zone: -120)) != nil)
    #expect(pace.state == .quiet(until: 6 * 60))
  }

  @Test func `stays what it is without a schedule`() {
    var pace = FetchPace(schedule: nil, rate: 5)
    #expect(pace.look(at: at(23, 0)) == nil && pace.state == .going(5))
  }

  @Test func `pauses for ever where nothing is said but that`() {
    var pace = FetchPace(schedule: RateSchedule([], otherwise: .pause), rate: nil)
    #expect(pace.look(at: at(1, 0)) == "paused, as `limitRate` says")
  }
}
