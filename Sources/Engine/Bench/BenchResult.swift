package import Core

/// What a bench came to.
package struct BenchResult: Sendable {
  package struct Pass: Sendable, Equatable {
    package var seconds: Double
    package var bytes: Int64

    package var speed: Double { Double(bytes) / max(seconds, 0.000_001) }
  }

  /// The passes under one policy.
  package struct Side: Sendable {
    package var policy: BenchPolicy
    package var passes: [Pass] = []

    private var speeds: [Double] { passes.map(\.speed) }
    /// Bytes a second.
    package var median: Double { medianOf(speeds) ?? 0 }
    package var slowest: Double { speeds.min() ?? 0 }
    package var fastest: Double { speeds.max() ?? 0 }
  }

  package var files: Int
  package var bytes: ByteCount
  package var rounds: Int
  package var sides: [Side]

  /// The policy with the better median first.
  private var ranked: [Side] { sides.sorted { $0.median > $1.median } }

  package var better: Side { ranked[0] }
  package var worse: Side { ranked[1] }
  /// How many times as fast the better one is, by the medians.
  package var ratio: Double { better.median / max(worse.median, 0.000_001) }
  /// Whether a pass of the worse one was as fast as one of the better: then chance may have done it.
  package var overlaps: Bool { better.slowest <= worse.fastest }
  /// Whether every pass of the better one beats every pass of the other, by more than nobody feels.
  package var counts: Bool { !overlaps && ratio >= Self.notable }

  private static let notable = 1.05
}
