import Core
import SystemIO

/// What several runs come to together.
package struct RunTotals: Sendable, Equatable {
  package var runs = 0
  package var files = 0
  package var failed = 0
  package var bytes: Int64 = 0
  package var seconds = 0.0
  /// At downloads and calls.
  package var tries = RunRecord.Tries()
  /// Bytes a second: the median of the runs' means.
  package var speed: Double?
  /// Until an answer of the catalogue, in the mean over all calls.
  package var callSeconds: Double?
  /// The most that one of them held, in bytes.
  package var memory: Int64?
  /// Seconds of processor time.
  package var cpu: Double?

  package init(_ records: some Collection<RunRecord>) {
    var (answered, waited) = (0.0, 0.0)
    for run in records {
      runs += 1
      files += run.files
      failed += run.failed ?? 0
      bytes += run.bytes
      seconds += run.seconds
      tries += run.allTries
      memory = [memory, run.memory].compactMap { $0 }.max()
      if let used = run.cpu { cpu = (cpu ?? 0) + used.user + used.system }
      if let calls = run.calls, let mean = calls.mean {
        answered += Double(calls.count)
        waited += Double(calls.count) * mean
      }
    }
    callSeconds = answered > 0 ? waited / answered : nil
    // Small ones tell of latency, and count only where there is nothing better.
    let telling = records.filter { $0.bytes >= RunRecords.smallest }
    speed = medianOf((telling.isEmpty ? Array(records) : telling).compactMap(\.meanSpeed))
  }

  /// Of the files that came or failed, from 0 to 1.
  package var success: Double? {
    files + failed > 0 ? Double(files) / Double(files + failed) : nil
  }
}

extension RunRecord {
  /// Bytes a second; of an old line by the whole time that it took.
  package var meanSpeed: Double? {
    guard bytes > 0 else { return nil }
    return speed?.mean ?? (seconds > 0 ? Double(bytes) / seconds : nil)
  }
}

/// Runs of a time, and what they are held against.
package struct Statistics: Sendable {
  /// Runs held against earlier ones.
  package struct Trend: Sendable {
    package enum Kind: String, Sendable, Equatable {
      /// Those of the time asked for, against those of a time of equal length before.
      case sameLength = "same-length"
      /// Those of the time asked for, against the last ones before it.
      case earlier
      /// The later half of the runs, against the earlier one.
      case halves
    }

    package var kind: Kind
    package var now: RunTotals
    package var before: RunTotals
  }

  /// Oldest first.
  package var runs: [RunRecord]
  package var totals: RunTotals
  /// `nil` where there is nothing to hold them against.
  package var trend: Trend?
  /// Files that failed in this time, oldest first.
  package var failures: [FailureRecord]
  /// The last run of all, also of an earlier time.
  package var last: RunRecord?

  /// How many runs are meant where no time is named.
  package static let usual = 20

  /// - Parameters:
  ///   - span: looks back so many seconds; `nil`: the last runs, whenever they were.
  ///   - now: seconds since 1970.
  init(_ all: [RunRecord], _ failed: [FailureRecord], span: Int64?, now: Int64) {
    let start: Int
    if let span {
      start = all.firstIndex { $0.time >= now - span } ?? all.count
    } else {
      start = max(0, all.count - Self.usual)
    }
    runs = Array(all[start...])
    totals = RunTotals(runs)
    last = all.last
    trend = Self.trend(of: runs, after: all[..<start], span: span, now: now)
    let from = span.map { now - $0 } ?? (start > 0 ? all[start].time : .min)
    failures = failed.filter { $0.time >= from }
  }

  private static func trend(
    of runs: [RunRecord], after earlier: ArraySlice<RunRecord>, span: Int64?, now: Int64
  ) -> Trend? {
    guard let span else {
      let half = runs.count / 2
      guard half > 0 else { return nil }
      return Trend(
        kind: .halves, now: RunTotals(runs.suffix(half)), before: RunTotals(runs.dropLast(half)))
    }
    let same = earlier.filter { $0.time >= now - 2 * span }
    let before = same.isEmpty ? Array(earlier.suffix(usual)) : same
    guard !runs.isEmpty, !before.isEmpty else { return nil }
    return Trend(
      kind: same.isEmpty ? .earlier : .sameLength, now: RunTotals(runs), before: RunTotals(before))
  }

  /// How many files failed by each kind, the most frequent first.
  package var kinds: [(kind: String, count: Int)] {
    Dictionary(grouping: failures, by: \.kind).map { ($0.key, $0.value.count) }
      .sorted { ($1.1, $0.0) < ($0.1, $1.0) }
  }
}

extension Engine {
  /// What the records tell of the last runs. Nothing is asked or changed.
  /// - Parameter span: looks back so many seconds; `nil`: the last runs.
  package func statistics(span: Int64?) async -> Statistics {
    let (runs, failures) = await disk.run { (self.runRecords.all(), self.failureRecords.all()) }
    return Statistics(runs, failures, span: span, now: context.unixTime)
  }
}
