import Core
import Diagnostics
import ManifestModel
import Testing

struct `Rates by the time of day` {
  private func schedule(_ text: String) throws -> RateSchedule {
    let (manifest, diagnostics) = try read(
      "version: 1\nroot: /m\ntransfer: { limitRate: \(text) }\ncollections: { c: { users: a } }\n")
    #expect(diagnostics.rendered() == "")
    #expect(manifest?.transfer.limitRate == nil)
    return try #require(manifest?.transfer.rateSchedule)
  }

  @Test func `hold from their first minute to the one before their last, over midnight too`() throws
  {
    let schedule = try schedule(
      #"{ "08:00-18:00": 2MB, "22:00-6:00": pause, "18:00 - 20:00": 1MB, otherwise: 20MB }"#)
    func megabytes(_ hour: Int, _ minute: Int) -> Int64? {
      guard case .limit(let rate) = schedule.rate(at: hour * 60 + minute) else { return nil }
      return rate.bytes / 1_000_000
    }
    #expect(megabytes(7, 59) == 20 && megabytes(8, 0) == 2 && megabytes(17, 59) == 2)
    #expect(megabytes(18, 0) == 1 && megabytes(20, 0) == 20 && megabytes(21, 59) == 20)
    for (hour, minute) in [(22, 0), (23, 59), (0, 0), (5, 59)] {
      #expect(schedule.rate(at: hour * 60 + minute) == .pause)
    }
    #expect(megabytes(6, 0) == 20)
    #expect(schedule.pauseEnds(after: 23 * 60) == 6 * 60)
    #expect(schedule.pauseEnds(after: 5 * 60 + 59) == 6 * 60)
  }

  @Test func `say nothing of the rest of the day, or pause it`() throws {
    #expect(try schedule(#"{ "18:00-24:00": 1MB }"#).rate(at: 0) == nil)
    let rest = try schedule(#"{ "18:00-24:00": 1MB, otherwise: pause }"#)
    #expect(rest.rate(at: 0) == .pause && rest.pauseEnds(after: 0) == 18 * 60)
    #expect(try schedule("{ otherwise: pause }").pauseEnds(after: 0) == nil)
  }
}
