/// Holds downloads to so many bytes in a second, all of them together.
///
/// libcurl's own limit counts from the beginning of each transfer and lets whole buffers through (7.88
/// on loopback: four to fifty times too much).
// Safety: used on the event loop's thread alone.
final class RateLimiter {
  /// Bytes in a second; `nil`: all that comes, 0: nothing at all.
  private var rate: Double?
  /// What may still come; below zero after a piece that was larger.
  private var left: Double
  private var then: ContinuousClock.Instant

  init(rate: Int64?, now: ContinuousClock.Instant = .now) {
    self.rate = rate.map { Double(max(0, $0)) }
    left = 0
    then = now
  }

  var isLimited: Bool { rate != nil }

  /// Another rate from now on.
  func change(to rate: Int64?, now: ContinuousClock.Instant = .now) {
    self.rate = rate.map { Double(max(0, $0)) }
    left = 0
    then = now
  }

  /// Whether a piece may come now. What was not used for a while does not add up.
  func mayTake(at now: ContinuousClock.Instant = .now) -> Bool {
    guard let rate else { return true }
    left = min(rate / 10, left + rate * ((now - then) / .seconds(1)))
    then = now
    return left > 0
  }

  func took(_ count: Int) {
    if rate != nil { left -= Double(count) }
  }

  /// How long until a piece may come, in milliseconds.
  var wait: Int {
    guard let rate, left <= 0 else { return 0 }
    return rate > 0 ? Int(min(1_000, (-left / rate) * 1_000)) + 1 : 1_000
  }
}
