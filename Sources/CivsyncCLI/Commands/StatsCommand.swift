import ArgumentParser
import Engine
import GitStore

struct StatsCommand: CivsyncCommand {
  static let configuration = CommandConfiguration(
    commandName: "stats",
    abstract: "Show what the last runs took, how that changes, and what failed.",
    discussion: """
      Reads .civsync/runs.jsonl and failures.jsonl; nothing is asked of the site. Without --since \
      the last \(Statistics.usual) runs are shown.
      """)

  @OptionGroup var project: ProjectOptions

  @Option(
    help: ArgumentHelp("Only what was in the last 30m, 1h, 7d.", valueName: "time"),
    transform: TimeSpan.reading("--since"))
  var since: TimeSpan?

  var printsJSON: Bool { project.json }

  func run(_ context: CommandContext) async throws -> CommandExit {
    let reporter = Reporter(context, json: project.json)
    let engine = try project.engine(context, SilentObserver())
    let statistics = await engine.statistics(span: since?.seconds)
    let offset = context.engine.now().offsetMinutes
    reporter.show(
      StatsView.human(statistics, since: since, offsetMinutes: offset, reporter.view),
      json: StatsView.json(statistics, since: since))
    return .ok
  }
}
