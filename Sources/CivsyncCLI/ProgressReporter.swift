import Core
import Engine
import Synchronization

/// Hears nothing and says nothing.
struct SilentObserver: EngineObserver {
  func handle(_ event: EngineEvent) {}
}

/// Shows how far a run is: lines drawn anew at the bottom of a terminal, whole lines elsewhere, and
/// events as JSON lines for programs. All of it on standard error.
final class ProgressReporter: EngineObserver, Sendable {
  /// A run that is over before this never shows a frame.
  private static let firstFrame: Duration = .milliseconds(250)
  private static let frame: Duration = .milliseconds(33)
  /// How often a log gets a line, and a program.
  private static let plainInterval: Duration = .seconds(10)
  private static let stillInterval: Duration = .seconds(30)
  private static let eventInterval: Duration = .seconds(1)

  private struct State {
    var tracker = ProgressTracker()
    var drawnLines = 0
    var lastDrawn: Duration?
    var began: Duration
  }

  private let context: CommandContext
  private let style: TextStyle
  private let redraws: Bool
  private let isJSON: Bool
  private let state: Mutex<State>

  init(_ context: CommandContext, json: Bool) {
    self.context = context
    isJSON = json
    redraws = !json && context.errors.isTerminal && context.engine.environment["TERM"] != "dumb"
    style = TextStyle(isOn: context.usesColor(context.errors))
    state = Mutex(State(began: context.uptime()))
  }

  func handle(_ event: EngineEvent) {
    let now = context.uptime()
    state.withLock { state in
      // Only who watches sees the time pass; a log learns now and then that nothing comes.
      if case .stillFetching = event, !redraws,
        isJSON || now - (state.lastDrawn ?? state.began) < Self.stillInterval
      {
        return
      }
      if case .fetching = event { state.began = now }
      let elapsed = (now - state.began).seconds
      let line = state.tracker.take(event, at: elapsed)
      if isJSON {
        if let node = EventView.node(event) { context.errors.write(node.text) }
      } else if let line {
        write([line], &state)
      }
      if state.tracker.isFetching { draw(&state, now) }
    }
  }

  /// Says how the run does, above the moving lines.
  func tell(_ performance: Performance) {
    state.withLock { state in
      if isJSON { return context.errors.write(PerformanceView.node(performance).text) }
      write(
        DisplayText.wrapped(PerformanceView.line(performance), width: context.errors.width), &state)
    }
  }

  /// Takes the moving lines away: what follows is the result.
  func finish() {
    state.withLock { state in
      guard state.drawnLines > 0 else { return }
      context.errors.write(ProgressPainter.paint([], previous: state.drawnLines))
      state.drawnLines = 0
    }
  }

  private func write(_ lines: [String], _ state: inout State) {
    if state.drawnLines > 0 {
      context.errors.write(
        ProgressPainter.paint([], previous: state.drawnLines, above: lines))
      state.drawnLines = 0
    } else {
      context.errors.write(lines.map { $0 + "\n" }.joined())
    }
  }

  private func draw(_ state: inout State, _ now: Duration) {
    let interval = isJSON ? Self.eventInterval : Self.plainInterval
    let wait = redraws ? Self.frame : interval
    let since = state.lastDrawn ?? state.began
    let first = redraws ? Self.firstFrame : interval
    guard now - since >= (state.lastDrawn == nil ? first : wait) else { return }
    state.lastDrawn = now
    let progress = state.tracker.state(at: (now - state.began).seconds)
    if isJSON { return context.errors.write(EventView.node(progress).text) }
    guard redraws else {
      context.errors.write(ProgressView.plain(progress) + "\n")
      return
    }
    // The window may have another width by now.
    let lines = ProgressView.lines(
      progress, ViewOptions(width: context.errors.width, style: style))
    context.errors.write(ProgressPainter.paint(lines, previous: state.drawnLines))
    state.drawnLines = lines.count
  }
}

/// For commands that only look: says what holds them up and nothing else.
struct ChatterObserver: EngineObserver {
  private let context: CommandContext

  init(_ context: CommandContext, json: Bool) { self.context = context }

  func handle(_ event: EngineEvent) {
    if let line = ProgressTracker.line(event) { context.errors.write(line + "\n") }
  }
}

extension Duration {
  var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) / 1e18
  }
}
