import Core
import History
import Testing

@testable import Engine

struct ReachWalkTests {
  /// What snapshots need, as they are, from numbers that follow from a seed.
  private func snapshots(_ seed: UInt64) -> [[Digest]] {
    var state = seed
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    // Each content may stand several times.
    return (0..<12).map { _ in (0..<next(8)).map { _ in digest(UInt8(next(10))) } }
  }

  private func walk(_ snapshots: [[Digest]]) -> ReachWalk {
    ReachWalk(
      zip([[]] + snapshots, snapshots).map { ReachDifference(from: $0, to: $1) })
  }

  @Test(arguments: 1...200 as ClosedRange<UInt64>)
  func `says what each snapshot says by itself`(seed: UInt64) {
    let snapshots = snapshots(seed)
    let walk = walk(snapshots)
    let keeps = snapshots.indices.map { (seed >> UInt64($0 % 8)) & 1 == 1 }
    let needed = zip(snapshots, keeps).filter(\.1).flatMap(\.0)
    #expect(walk.needed(keeps) == Set(needed))
    let meant: Set<Digest> = [digest(1), digest(4), digest(7)]
    #expect(walk.count(of: meant) == snapshots.map { meant.intersection($0).count })
    var leaving: [Digest: Int] = [:]
    for (index, (before, after)) in zip(snapshots, snapshots.dropFirst()).enumerated() {
      for digest in meant.intersection(before).subtracting(after) { leaving[digest] = index + 1 }
    }
    #expect(walk.leaving(meant) == leaving)
    #expect(snapshots.joined().allSatisfy(walk.knows) && !walk.knows(digest(99)))
  }

  @Test func `without snapshots nothing is needed`() {
    let walk = ReachWalk([])
    #expect(walk.needed([]).isEmpty && walk.count(of: [digest(1)]).isEmpty)
  }
}
