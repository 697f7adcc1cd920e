/// What one run took and came to: a line of `runs.jsonl`. What a line of an earlier version does not
/// tell is `nil`.
package struct RunRecord: Codable, Sendable, Equatable {
  package enum Outcome: String, Codable, Sendable {
    /// All that had to come came, be it nothing.
    case fetched
    /// Some of it failed.
    case partial
    /// All of it failed.
    case failed
    case interrupted
  }

  /// Bytes a second while files were fetched: of the whole time, and of its best and worst second.
  package struct Speed: Codable, Sendable, Equatable {
    package var mean: Double
    package var max: Double
    package var min: Double
  }

  /// Tries at downloads. An error is a try that failed or ran out of time; a refusal is an answer.
  package struct Tries: Codable, Sendable, Equatable {
    package var count = 0
    package var retries = 0
    package var errors = 0
    /// Of the errors.
    package var timeouts = 0

    package static func += (left: inout Tries, right: Tries) {
      left.count += right.count
      left.retries += right.retries
      left.errors += right.errors
      left.timeouts += right.timeouts
    }

    /// - Parameter part: one of the counts.
    /// - Returns: its share of all tries; `nil` where there were none.
    package func share(_ part: KeyPath<Tries, Int>) -> Double? {
      count > 0 ? Double(self[keyPath: part]) / Double(count) : nil
    }
  }

  /// Tries at calls of the catalogue, and seconds until the answers.
  package struct Calls: Codable, Sendable, Equatable {
    package var count: Int
    package var retries: Int
    package var errors: Int
    package var timeouts: Int
    package var mean: Double?
    package var p95: Double?
    package var p99: Double?

    package var tries: Tries {
      Tries(count: count, retries: retries, errors: errors, timeouts: timeouts)
    }
  }

  /// Shares from 0 to 1; `nil` where there was nothing to have a share of.
  package struct Rates: Codable, Sendable, Equatable {
    /// Of the files that came or failed.
    package var success: Double?
    /// Of all tries, at downloads and calls.
    package var retry: Double?
    package var timeout: Double?
  }

  package struct CPU: Codable, Sendable, Equatable {
    package var user: Double
    package var system: Double
  }

  package static let currentVersion = 2

  package var version = RunRecord.currentVersion
  /// Seconds since 1970, when its fetching was over.
  package var time: Int64
  /// What fetching and making durable took.
  package var seconds: Double
  package var outcome: Outcome
  /// That came whole.
  package var files: Int
  /// That failed.
  package var failed: Int?
  /// That came over the network, also of files that did not come to their end.
  package var bytes: Int64
  package var speed: Speed?
  package var calls: Calls?
  package var tries: Tries?
  package var rates: Rates?
  /// The most that the process held, in bytes.
  package var memory: Int64?
  /// Seconds of processor time.
  package var cpu: CPU?

  /// Whether the numbers are such as a run can have.
  var isSound: Bool {
    (1...Self.currentVersion).contains(version) && files >= 0 && bytes >= 0
      && seconds.isFinite && seconds >= 0
  }

  /// Tries at downloads and calls together.
  package var allTries: Tries {
    var sum = tries ?? Tries()
    if let calls { sum += calls.tries }
    return sum
  }
}
