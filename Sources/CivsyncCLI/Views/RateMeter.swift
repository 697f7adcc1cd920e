/// Bytes per second over the last few seconds.
package struct RateMeter: Sendable {
  private let window: Double
  /// Oldest first; the totals only grow.
  private var samples: [(seconds: Double, bytes: Int64)] = []

  /// - Parameter window: how many seconds it looks back.
  package init(window: Double = 10) { self.window = window }

  /// Takes note of how many bytes have come in all.
  /// - Parameter seconds: on a clock that only goes forward.
  package mutating func note(_ bytes: Int64, at seconds: Double) {
    samples.append((seconds, bytes))
    // The last sample before the window stays: the rate is over the whole of it.
    while samples.count > 2, samples[1].seconds <= seconds - window { samples.removeFirst() }
  }

  /// The same where nothing may have come for a while.
  package func rate(at seconds: Double) -> Double? {
    // A second without anything is no standstill.
    guard let last = samples.last, seconds - last.seconds > 1 else { return rate }
    let before = samples.last { $0.seconds <= seconds - window } ?? samples[0]
    return Double(max(0, last.bytes - before.bytes)) / (seconds - before.seconds)
  }

  /// `nil` until half a second was seen.
  package var rate: Double? {
    guard let first = samples.first, let last = samples.last, last.seconds - first.seconds >= 0.5
    else { return nil }
    return Double(max(0, last.bytes - first.bytes)) / (last.seconds - first.seconds)
  }
}
