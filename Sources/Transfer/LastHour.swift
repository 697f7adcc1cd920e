/// Tries of the last hour and how they ended, counted by the minute.
///
/// Times are seconds on any clock that only goes forward.
package struct LastHour: Sendable {
  package struct Tries: Sendable, Equatable {
    package fileprivate(set) var count = 0
    package fileprivate(set) var errors = 0
    /// Of the errors.
    package fileprivate(set) var timeouts = 0
  }

  private static let minutes = 60
  /// Oldest first.
  private var buckets: [(minute: Int, tries: Tries)] = []

  package init() {}

  /// What was stopped from here tells nothing, and is not counted.
  package mutating func add(_ ending: AttemptEnding, at time: Double) {
    guard ending != .abandoned else { return }
    let minute = Int(time / 60)
    if buckets.last?.minute != minute {
      buckets.removeAll { $0.minute <= minute - Self.minutes }
      buckets.append((minute, Tries()))
    }
    let last = buckets.count - 1
    buckets[last].tries.count += 1
    if ending != .answered { buckets[last].tries.errors += 1 }
    if ending == .timedOut { buckets[last].tries.timeouts += 1 }
  }

  /// Those of the hour that ends now.
  package func sum(at time: Double) -> Tries {
    let first = Int(time / 60) - Self.minutes
    return buckets.filter { $0.minute > first }.reduce(into: Tries()) { sum, bucket in
      sum.count += bucket.tries.count
      sum.errors += bucket.tries.errors
      sum.timeouts += bucket.tries.timeouts
    }
  }
}
