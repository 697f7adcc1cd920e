import Core
import Engine
import Synchronization

/// Says how far the reading of objects is: how much, how fast, and how long it still takes.
final class VerifyProgress: Sendable {
  private let uptime: @Sendable () -> Duration
  private let meter = Mutex(RateMeter())

  init(_ context: CommandContext) { uptime = context.uptime }

  func line(_ event: EngineEvent) -> String? {
    switch event {
    case .reading(let objects, let bytes, .verifying):
      meter.withLock { $0.note(0, at: uptime().seconds) }
      return "reading \(Measures.count(objects, "object")), \(bytes)"
    case .readOn(let objects, let all, let bytes, let allBytes):
      let rate = meter.withLock { meter in
        meter.note(bytes.bytes, at: uptime().seconds)
        return meter.rate
      }
      return Self.line(objects, all, bytes, allBytes, rate)
    default: return ProgressTracker.line(event)
    }
  }

  /// `45 % · 12 of 240 objects · 8.2 of 18.2 GB · 1.2 GB/s · 10 s left`.
  static func line(
    _ objects: Int, _ all: Int, _ bytes: ByteCount, _ allBytes: ByteCount, _ rate: Double?
  ) -> String {
    var parts = [
      "\(objects) of \(Measures.count(all, "object"))", Measures.part(bytes, of: allBytes),
    ]
    if let percent = Measures.percent(bytes, of: allBytes) { parts.insert("\(percent) %", at: 0) }
    if let rate, rate >= 1, let speed = Measures.speed(rate) {
      let left = Double(max(0, allBytes.bytes - bytes.bytes)) / rate
      parts += [speed, "\(Measures.roughly(left)) left"]
    }
    return parts.joined(separator: " · ")
  }
}

/// Shows how far a verification is, and what a repair fetches after it.
final class VerifyReporter: EngineObserver, Sendable {
  private let reading: ReadingReporter
  private let fetching: ProgressReporter
  private let isJSON: Bool

  init(_ context: CommandContext, json: Bool) {
    let said = VerifyProgress(context)
    reading = ReadingReporter(context) { said.line($0) }
    fetching = ProgressReporter(context, json: json)
    isJSON = json
  }

  var interval: Duration { isJSON ? .seconds(1) : reading.interval }

  func handle(_ event: EngineEvent) {
    switch event {
    case .reading, .readOn: isJSON ? fetching.handle(event) : reading.handle(event)
    default:
      reading.finish()
      fetching.handle(event)
    }
  }

  /// Takes the moving lines away: what follows is the result.
  func finish() {
    reading.finish()
    fetching.finish()
  }
}
