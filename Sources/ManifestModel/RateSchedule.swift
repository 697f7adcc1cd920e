package import Core

/// How fast downloads may be by the time of day, all of them together.
package struct RateSchedule: Sendable, Equatable {
  package enum Rate: Sendable, Equatable {
    /// Bytes in a second.
    case limit(ByteCount)
    /// Nothing is fetched.
    case pause
  }

  package struct Span: Sendable, Equatable {
    /// Minutes since midnight, from 0 to 1439.
    package var start: Int
    /// The same; not after `start` where the span goes over midnight. Not part of it.
    package var end: Int
    package var rate: Rate

    package init(start: Int, end: Int, rate: Rate) {
      self.start = start
      self.end = end
      self.rate = rate
    }

    package func holds(_ minute: Int) -> Bool {
      start < end ? (start..<end).contains(minute) : minute >= start || minute < end
    }
  }

  package static let minutes = 1_440
  /// Without an overlap, in the order of the file.
  package var spans: [Span]
  /// In the rest of the day; `nil`: no limit.
  package var otherwise: Rate?

  package init(_ spans: [Span], otherwise: Rate? = nil) {
    self.spans = spans
    self.otherwise = otherwise
  }

  /// - Parameter minute: since midnight, by the clock of this machine.
  package func rate(at minute: Int) -> Rate? {
    spans.first { $0.holds(minute) }?.rate ?? otherwise
  }

  /// The minute at which something may be fetched again; `nil` when that is never.
  package func pauseEnds(after minute: Int) -> Int? {
    (1..<Self.minutes).lazy.map { (minute + $0) % Self.minutes }.first { rate(at: $0) != .pause }
  }
}
