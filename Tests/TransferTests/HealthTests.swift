import Testing

@testable import Transfer

@Suite struct TransferHealthTests {
  private func fails(
    _ health: inout TransferHealth, isTimeout: Bool = false, broughtNothing: Bool = true,
    at now: Double = 0
  ) -> TransferHealth.Change? {
    health.failed(isTimeout: isTimeout, broughtNothing: broughtNothing, at: now)
  }

  @Test func `three failures in a row make it careful, and eight successes end that`() {
    var health = TransferHealth()
    #expect(fails(&health) == nil && fails(&health) == nil)
    #expect(health.succeeded(at: 0) == nil)
    #expect(fails(&health) == nil && fails(&health) == nil)
    #expect(fails(&health) == .careful(reason: "3 failures in a row"))
    #expect(health.isCareful)
    #expect(fails(&health) == nil)
    for _ in 0..<7 { #expect(health.succeeded(at: 1) == nil) }
    #expect(health.succeeded(at: 1) == .usual)
    #expect(!health.isCareful)
  }

  @Test func `what brought a part of a file is no sign that nothing comes`() {
    var health = TransferHealth()
    for _ in 0..<4 { #expect(fails(&health, broughtNothing: false) == nil) }
  }

  @Test func `more than a twentieth of an hour's tries is too much`() {
    var health = TransferHealth()
    var changes: [TransferHealth.Change] = []
    for number in 0..<100 where changes.isEmpty {
      let change =
        number % 10 == 9
        ? fails(&health, at: Double(number)) : health.succeeded(at: Double(number))
      if let change { changes.append(change) }
    }
    // A few failures tell nothing yet: the fifth does.
    #expect(changes == [.careful(reason: "5 of the last 50 tries failed")])
  }

  @Test func `more than a hundredth that timed out is too much`() {
    var health = TransferHealth()
    for number in 0..<396 { _ = health.succeeded(at: Double(number)) }
    for _ in 0..<4 {
      #expect(fails(&health, isTimeout: true, at: 400) == nil)
      #expect(health.succeeded(at: 400) == nil)
    }
    #expect(
      fails(&health, isTimeout: true, at: 401)
        == .careful(reason: "5 of the last 405 tries timed out"))
  }

  @Test func `what is older than an hour does not count`() {
    var health = TransferHealth()
    for number in 0..<4 {
      #expect(fails(&health, at: Double(number)) == nil)
      #expect(health.succeeded(at: Double(number)) == nil)
    }
    #expect(fails(&health, at: 3_700) == nil)
  }

  @Test func `after all went well the count begins anew`() {
    var health = TransferHealth()
    for _ in 0..<3 { _ = fails(&health) }
    for _ in 0..<8 { _ = health.succeeded(at: 0) }
    #expect(fails(&health) == nil)
  }
}

@Suite struct LastHourTests {
  @Test func `looks back an hour`() {
    var hour = LastHour()
    hour.add(.failed, at: 30)
    hour.add(.timedOut, at: 3_000)
    hour.add(.abandoned, at: 3_000)
    #expect(hour.sum(at: 3_500) == LastHour.Tries(count: 2, errors: 2, timeouts: 1))
    #expect(hour.sum(at: 3_700) == LastHour.Tries(count: 1, errors: 1, timeouts: 1))
    hour.add(.answered, at: 7_000)
    #expect(hour.sum(at: 7_000).count == 1)
  }
}

@Suite struct StallWatchTests {
  private let usual = 10_000_000.0

  @Test func `next to nothing for half a minute is a stall, for a host that is fast`() {
    var watch = StallWatch(at: 0, patience: 30, piecePatience: 600)
    #expect(watch.look(received: 50_000_000, usual: usual, at: 29) == nil)
    #expect(watch.look(received: 50_000_000, usual: usual, at: 30) == nil)
    #expect(watch.look(received: 50_000_100, usual: usual, at: 58) == nil)
    // What came before the last half minute does not count.
    #expect(watch.look(received: 50_000_100, usual: usual, at: 59) == .stall)
  }

  @Test(arguments: [nil, 5_000])
  func `of a host that is slow, or not known, nothing is expected`(usual: Double?) {
    var watch = StallWatch(at: 0, patience: 30, piecePatience: 600)
    #expect(watch.look(received: 3_000, usual: usual, at: 30) == nil)
  }

  @Test func `a piece that takes too long is one`() {
    var watch = StallWatch(at: 0, patience: 30, piecePatience: 600)
    for second in stride(from: 1.0, through: 590, by: 1) {
      #expect(watch.look(received: Int64(second) * 14_000, usual: nil, at: second) == nil)
    }
    // 8 MiB at 14 kB/s take 599 s.
    #expect(watch.look(received: 600 * 14_000, usual: nil, at: 600) == nil)
    #expect(watch.look(received: 601 * 14_000, usual: nil, at: 1_200) == nil)
    #expect(watch.look(received: 602 * 14_000, usual: nil, at: 1_201) == .piece)
  }

  @Test func `time that it was held back does not count`() {
    var watch = StallWatch(at: 0, patience: 30, piecePatience: 40)
    watch.pause(received: 10, at: 39)
    #expect(watch.look(received: 10, usual: usual, at: 68) == nil)
    #expect(watch.look(received: 10, usual: usual, at: 69) == .stall)
  }

  @Test func `a host's speed is learned from what is worth it`() {
    var speeds = HostSpeeds()
    speeds.learn("a", bytes: 1_000, seconds: 1)
    #expect(speeds["a"] == nil)
    speeds.learn("a", bytes: 10_000_000, seconds: 1)
    #expect(speeds["a"] == 10_000_000)
    speeds.learn("a", bytes: 20_000_000, seconds: 1)
    #expect(speeds["a"] == 13_000_000)
    #expect(speeds["b"] == nil)
  }
}
