import Core
import SystemIO
import Transfer

/// Counts and measures what it hands on.
final class MeasuringObserver: EngineObserver {
  private let next: any EngineObserver
  private let meter = Locked(RunMeter())
  private let began = ContinuousClock.now
  private let before = ProcessUsage.now()

  init(_ next: any EngineObserver) { self.next = next }

  func handle(_ event: EngineEvent) {
    let time = elapsed
    meter.withLock { $0.take(event, at: time) }
    next.handle(event)
  }

  /// Seconds since it began.
  private var elapsed: Double { (ContinuousClock.now - began).inSeconds }

  /// What a report needs of it.
  struct Moment {
    var time: Double
    var bytes: Int64
    var active: Int
    var waiting: Int
    var queued: Int
    /// In the last hour.
    var tries: RunRecord.Tries
  }

  var moment: Moment {
    let time = elapsed
    return meter.withLock { meter in
      Moment(
        time: time, bytes: meter.speed.bytes, active: meter.active, waiting: meter.waiting,
        queued: meter.queued, tries: RunRecord.Tries(meter.recent.sum(at: time)))
    }
  }

  /// What was measured until now.
  func record(of outcome: RunOutcome, _ result: RunRecord.Outcome, at time: Int64) -> RunRecord {
    let meter = meter.withLock { $0 }
    let failed = outcome.failures.count { $0.kind != .interrupted }
    var record = RunRecord(
      time: time, seconds: outcome.seconds.rounded(to: 1e6), outcome: result,
      files: outcome.fetchedFiles, failed: failed, bytes: meter.speed.bytes)
    record.speed = meter.speed.speed?.rounded
    record.calls = meter.calls.record?.rounded
    record.tries = meter.tries
    let all = record.allTries
    let ended = outcome.fetchedFiles + failed
    record.rates = RunRecord.Rates(
      success: ended > 0 ? (Double(outcome.fetchedFiles) / Double(ended)).rounded(to: 1e6) : nil,
      retry: all.share(\.retries)?.rounded(to: 1e6),
      timeout: all.share(\.timeouts)?.rounded(to: 1e6))
    let usage = ProcessUsage.now()
    record.memory = usage.peakMemory?.bytes
    record.cpu = RunRecord.CPU(
      user: (usage.user - before.user).rounded(to: 1e6),
      system: (usage.system - before.system).rounded(to: 1e6))
    return record
  }
}

extension Engine {
  var runRecords: RunRecords { RunRecords(path: project.runs, fileSystem: fileSystem) }
  var failureRecords: FailureRecords {
    FailureRecords(path: project.failures, fileSystem: fileSystem)
  }

  /// Keeps what the run took, and what failed.
  func remember(_ outcome: RunOutcome) {
    let now = context.unixTime
    do {
      try runRecords.append(observer.record(of: outcome, outcome.result, at: now))
    } catch {
      observer.handle(.notice("what the run took could not be recorded: \(error)"))
    }
    do {
      try failureRecords.append(outcome.failures, now: now, token: context.token)
    } catch {
      observer.handle(.notice("what failed could not be recorded: \(error)"))
    }
  }
}

extension RunOutcome {
  fileprivate var result: RunRecord.Outcome {
    if Task.isCancelled || stopped != nil { return .interrupted }
    return failures.isEmpty ? .fetched : fetchedFiles > 0 ? .partial : .failed
  }
}

extension Double {
  /// - Parameter parts: how many steps there are in 1.
  fileprivate func rounded(to parts: Double) -> Double { (self * parts).rounded() / parts }
}

extension RunRecord.Speed {
  fileprivate var rounded: Self {
    Self(mean: mean.rounded(), max: max.rounded(), min: min.rounded())
  }
}

extension RunRecord.Calls {
  fileprivate var rounded: Self {
    var calls = self
    calls.mean = mean?.rounded(to: 1e6)
    calls.p95 = p95?.rounded(to: 1e6)
    calls.p99 = p99?.rounded(to: 1e6)
    return calls
  }
}
