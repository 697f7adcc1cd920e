import SystemIO

/// How a run does at one moment.
package struct Performance: Sendable, Equatable {
  /// Bytes a second since the last report.
  package var speed: Double
  /// Files on their way.
  package var active: Int
  /// Files that have begun and wait: for their turn, for the next try, or for the end of a pause.
  package var waiting: Int
  /// Files that have not begun.
  package var queued: Int
  /// Tries of the last hour, at downloads and calls, also of earlier runs.
  package var lastHour: RunRecord.Tries

  package init(
    speed: Double, active: Int, waiting: Int, queued: Int, lastHour: RunRecord.Tries
  ) {
    self.speed = speed
    self.active = active
    self.waiting = waiting
    self.queued = queued
    self.lastHour = lastHour
  }
}

extension Engine {
  /// Tells how the run does, again and again until the task is cancelled; silent while nothing is
  /// fetched.
  /// - Parameters:
  ///   - interval: between two reports.
  ///   - report: must not take long.
  package func monitor(
    every interval: Duration, report: @Sendable (Performance) -> Void
  ) async {
    let earlier = await disk.run { self.runRecords.all() }.suffix(1_000)
    var last = observer.moment
    while (try? await Task.sleep(for: interval)) != nil {
      let moment = observer.moment
      defer { last = moment }
      guard moment.active + moment.waiting + moment.queued > 0 else { continue }
      var tries = moment.tries
      let hourAgo = context.unixTime - 3_600
      for run in earlier where run.time > hourAgo { tries += run.allTries }
      report(
        Performance(
          speed: Double(moment.bytes - last.bytes) / max(moment.time - last.time, 0.001),
          active: moment.active, waiting: moment.waiting, queued: moment.queued,
          lastHour: tries))
    }
  }
}
