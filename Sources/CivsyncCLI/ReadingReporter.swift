import Core
import Engine
import Synchronization

/// Shows how far the reading of many files is: one line drawn anew on a terminal, whole lines now and
/// then elsewhere. All of it on standard error.
final class ReadingReporter: EngineObserver, Sendable {
  private let context: CommandContext
  private let redraws: Bool
  private let line: @Sendable (EngineEvent) -> String?
  private let drawn = Mutex(false)

  /// - Parameter line: what is said of an event.
  init(
    _ context: CommandContext,
    line: @escaping @Sendable (EngineEvent) -> String? = { ProgressTracker.line($0) }
  ) {
    self.context = context
    self.line = line
    redraws = context.errors.isTerminal && context.engine.environment["TERM"] != "dumb"
  }

  /// How often news is worth a frame or a line.
  var interval: Duration { redraws ? .milliseconds(100) : .seconds(10) }

  func handle(_ event: EngineEvent) {
    guard let line = line(event) else { return }
    drawn.withLock { drawn in
      if redraws, case .readOn = event {
        let width = context.errors.width ?? 80
        context.errors.write("\r\u{1B}[K" + DisplayText.cutEnd(line, to: max(1, width - 1)))
        drawn = true
        return
      }
      if drawn { context.errors.write("\r\u{1B}[K") }
      drawn = false
      context.errors.write(line + "\n")
    }
  }

  /// Takes the moving line away: what follows is the result.
  func finish() {
    drawn.withLock { drawn in
      if drawn { context.errors.write("\r\u{1B}[K") }
      drawn = false
    }
  }
}
