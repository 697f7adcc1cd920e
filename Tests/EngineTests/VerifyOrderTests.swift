import Core
import Testing

@testable import Engine

struct `Which objects are read` {
  func candidate(
    _ number: UInt8, came: Int64 = 0, verified: Int64? = nil, suspect: Bool = false
  ) -> VerifyCandidate {
    VerifyCandidate(digest: digest(number), came: came, verified: verified, isSuspect: suspect)
  }

  @Test func `what looks wrong, then the newest never read, then those read longest ago`() {
    let all = [
      candidate(1, came: 10, verified: 300), candidate(2, came: 20), candidate(3, came: 30),
      candidate(4, came: 5, verified: 200), candidate(5, came: 1, suspect: true),
    ]
    #expect(VerifyOrder().choose(all) == [4, 2, 1, 3, 0])
    #expect(VerifyOrder(newestFirst: true).choose(all) == [4, 2, 1, 0, 3])
  }

  @Test func `a sample is drawn by its seed, whatever order they come in`() {
    let all = (1...100).map { candidate($0) }
    let first = VerifyOrder(sample: 0.1, seed: 7).choose(all)
    #expect(first.count == 10)
    let turned = Array(all.reversed())
    let again = VerifyOrder(sample: 0.1, seed: 7).choose(turned)
    #expect(Set(again.map { turned[$0].digest }) == Set(first.map { all[$0].digest }))
    let others = (0..<40).map { VerifyOrder(sample: 0.1, seed: $0).choose(all) }
    #expect(Set(others).count > 30)
    // Everything is drawn now and then.
    #expect(Set(others.joined()).count > 90)
  }

  @Test func `samples come round to everything before anything is drawn again`() {
    var all = (1...50).map { candidate($0) }
    for run in 0..<10 {
      let chosen = VerifyOrder(sample: 0.1, seed: UInt64(run) &* 99).choose(all)
      #expect(chosen.count == 5)
      for index in chosen {
        #expect(all[index].verified == nil, "drawn twice in run \(run)")
        all[index].verified = Int64(run)
      }
    }
    #expect(all.allSatisfy { $0.verified != nil })
    let next = VerifyOrder(sample: 0.1, seed: 1).choose(all)
    #expect(next.allSatisfy { all[$0].verified == 0 })
  }

  @Test func `a sample is never nothing, and what looks wrong comes beside it`() {
    let all = (1...9).map { candidate($0, suspect: $0 > 7) }
    #expect(VerifyOrder(sample: 0.001, seed: 1).choose(all).count == 3)
    #expect(VerifyOrder(sample: 1, seed: 1).choose(all).count == 9)
    #expect(VerifyOrder(sample: 0.5, seed: 1).choose([]).isEmpty)
  }
}
