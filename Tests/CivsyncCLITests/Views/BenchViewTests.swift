import Core
import Testing

@testable import CivsyncCLI
@testable import Engine

@Suite struct `What a bench tells` {
  private func result(_ text: String, _ one: [Int64], _ other: [Int64]) throws -> BenchResult {
    let policies = try BenchPolicy.pair(text)
    return BenchResult(
      files: 4, bytes: ByteCount(480_000_000), rounds: one.count,
      sides: zip(policies, [one, other]).map { policy, speeds in
        BenchResult.Side(
          policy: policy,
          passes: speeds.map { BenchResult.Pass(seconds: 1, bytes: $0 * 1_000_000) })
      })
  }

  @Test func `is which one is better, by how much, and how to keep it`() throws {
    let text = BenchView.human(
      try result("sequential,downloads=2+connectionsPerFile=8", [48, 45, 52], [117, 110, 121]),
      ViewOptions(width: 80))
    #expect(
      text == """
        4 files, 480 MB, 3 times by each
                                              median   slowest   fastest
          sequential                         48 MB/s   45 MB/s   52 MB/s
          downloads=2+connectionsPerFile=8  117 MB/s  110 MB/s  121 MB/s

        `downloads=2+connectionsPerFile=8` is better here: 2.4 times as fast.
        Its slowest pass had 110 MB/s, the fastest of `sequential` 52 MB/s. `transfer: {
        downloads: 2, connectionsPerFile: 8 }` in the manifest keeps it so.

        """)
  }

  @Test func `names the order too that keeps it so`() throws {
    let text = BenchView.human(
      try result("sequential,downloads=2+order=large-first", [48, 45, 52], [117, 110, 121]),
      ViewOptions(width: 200))
    #expect(text.contains("`transfer: { downloads: 2, order: large-first }` in the manifest"))
  }

  @Test func `fits forty columns, and says where nothing counts`() throws {
    let text = BenchView.human(
      try result("parallel,downloads=2+connectionsPerFile=8", [48, 45, 52], [50, 47, 51]),
      ViewOptions(width: 40))
    #expect(
      text == """
        4 files, 480 MB, 3 times by each
           median  slowest  fastest
          parallel
          48 MB/s  45 MB/s  52 MB/s
          downloads=2+connectionsPerFile=8
          50 MB/s  47 MB/s  51 MB/s

        No difference that counts.
        By the medians
        `downloads=2+connectionsPerFile=8` is
        1.04 times as fast, and the passes
        overlap: the slowest of
        `downloads=2+connectionsPerFile=8` had
        47 MB/s, the fastest of `parallel`
        52 MB/s. More `--rounds` or a larger
        `--size` may tell more.

        """)
  }

  @Test(
    arguments: [
      ([100, 100], [103, 103], "By the medians `sequential` is 1.03 times as fast: too little"),
      ([1_000, 1_000], [1_001, 1_001], "By the medians they are equally fast: too little"),
      ([1_000, 1_002], [1_000, 1_002], "By the medians they are equally fast, and the passes"),
      ([100, 100], [106, 106], "`sequential` is better here: 1.06 times as fast."),
    ] as [([Int64], [Int64], String)])
  func `takes little for nothing`(one: [Int64], other: [Int64], told: String) throws {
    let text = BenchView.human(
      try result("parallel,sequential", one, other), ViewOptions(width: 120))
    #expect(text.contains(told), "\(text)")
  }
}
