import CatalogueModel
import Core
import Diagnostics
import ManifestModel
import Testing

@testable import Engine

@Suite struct `A bench` {
  private func sized(_ id: Int64, _ megabytes: Int64) -> Entry {
    var entry = entry(id)
    entry.file.bytes = ByteCount(megabytes * 1_000_000)
    return entry
  }

  private func chosen(_ megabytes: [Int64], size: Int64) throws -> [Int64] {
    let entries = megabytes.enumerated().map { sized(Int64($0.offset + 1), $0.element) }
    return try BenchPlan.choose(from: entries, size: ByteCount(size * 1_000_000))
      .map { $0.file.bytes.bytes / 1_000_000 }
  }

  @Test func `takes four files, as large as a quarter of what it may`() throws {
    #expect(try chosen([1, 200, 100, 90, 80, 70, 60], size: 400) == [100, 90, 80, 70])
    #expect(try chosen([200, 100, 300], size: 400) == [100, 200])
    #expect(try chosen([390, 500], size: 400) == [390])
    #expect(try chosen([3, 2], size: 400) == [3, 2])
  }

  @Test func `takes no file twice, and none that is not to be had`() throws {
    var gone = sized(2, 5)
    gone.file.state = .withdrawn
    let files = try BenchPlan.choose(
      from: [sized(1, 5), sized(1, 5), gone, sized(3, 0)], size: ByteCount(1_000_000_000))
    #expect(files.map(\.file.id) == [1])
    #expect(throws: EngineError.self) {
      try BenchPlan.choose(from: [gone], size: ByteCount(1_000_000_000))
    }
  }

  @Test func `has its files in the order that they have among others`() throws {
    let entries = [sized(1, 1), sized(2, 3), sized(3, 2)]
    let files = try BenchPlan.choose(from: entries, size: ByteCount(1_000_000_000))
    #expect(BenchPlan.ordered(files, as: entries).map(\.file.id) == [1, 2, 3])
  }

  @Test func `takes turns`() throws {
    let plan = BenchPlan(
      files: [sized(1, 5), sized(2, 6)], policies: try BenchPolicy.pair("parallel,sequential"),
      rounds: 3)
    #expect(plan.order == [0, 1, 1, 0, 0, 1])
    #expect(plan.passes == 6 && plan.downloads == 12 && plan.bytes == ByteCount(11_000_000))
  }

  @Test func `knows its policies`() throws {
    let pair = try BenchPolicy.pair("sequential, downloads=2+connectionsPerFile=8+limitRate=20MB")
    #expect(pair[0].downloads == 1 && pair[0].connectionsPerFile == 1)
    #expect(pair[1].downloads == 2 && pair[1].connectionsPerFile == 8)
    #expect(pair[1].limitRate == ByteCount(20_000_000))
    #expect(try BenchPolicy("parallel").downloads == nil)
    let orders = try BenchPolicy.pair("order=small-first+downloads=2,order=large-first+downloads=2")
    #expect(orders.map(\.order) == [.smallFirst, .largeFirst])
    var spec = TransferSpec()
    spec.order = .manifest
    #expect(orders[0].applied(to: spec).order == .smallFirst)
    #expect(try BenchPolicy("sequential").applied(to: spec).order == .manifest)
  }

  @Test(arguments: [
    "parallel", "parallel,parallel", "parallel,sequential,parallel", "parallel,", "",
    "sequential,downloads=1+connectionsPerFile=1", "parallel,downloads=0", "parallel,downloads=17",
    "parallel,connectionsPerFile=33", "parallel,downloads=2+downloads=3", "parallel,limitRate=0B",
    "parallel,calls=1", "parallel,downloads", "parallel,sequential+downloads=2",
    "parallel,order=newest", "parallel,order=manifest+order=manifest",
    "order=manifest,order=manifest",
  ])
  func `takes no others`(text: String) throws {
    let error = #expect(throws: EngineError.self) { try BenchPolicy.pair(text) }
    #expect(error?.diagnostics.first?.code == "C191" && error?.exit == .usage)
  }

  @Test func `tells a difference only where the passes do not overlap`() throws {
    func result(_ one: [Double], _ other: [Double]) throws -> BenchResult {
      let policies = try BenchPolicy.pair("parallel,sequential")
      return BenchResult(
        files: 1, bytes: ByteCount(1_000), rounds: one.count,
        sides: zip(policies, [one, other]).map { policy, seconds in
          BenchResult.Side(
            policy: policy, passes: seconds.map { BenchResult.Pass(seconds: $0, bytes: 1_000) })
        })
    }
    let clear = try result([5, 4, 4], [2, 1, 2])
    #expect(clear.counts && clear.better.policy.name == "sequential" && clear.ratio == 2)
    #expect(clear.better.slowest == 500 && clear.better.fastest == 1_000)
    #expect(!(try result([5, 4, 3], [2, 1, 3]).counts))
  }
}
