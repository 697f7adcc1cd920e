import ArgumentParser
import Engine

struct OutdatedCommand: CivsyncCommand {
  static let configuration = CommandConfiguration(
    commandName: "outdated",
    abstract: "Tell what has a newer version on the site, and change nothing.",
    discussion: """
      Asks about all that is placed, whatever the manifest says of it: a version that is pinned \
      there may have a newer one too.
      """)

  @OptionGroup var project: ProjectOptions

  @Flag(help: "Ask the site anew for what it told a moment ago.")
  var refresh = false

  @Flag(help: "Exit with 2 when something is not as the site has it.")
  var detailedExitcode = false

  var printsJSON: Bool { project.json }

  func run(_ context: CommandContext) async throws -> CommandExit {
    let reporter = Reporter(context, json: project.json)
    let engine = try project.engine(context, ChatterObserver(context, json: project.json))
    let report = try await engine.outdated(asksAnew: refresh)
    var exit: CommandExit = report.unanswered.isEmpty ? .ok : .unreachable
    if exit == .ok, detailedExitcode, !report.models.isEmpty { exit = .changesPending }
    reporter.show(
      OutdatedView.human(report, reporter.view),
      json: OutdatedView.json(report, exit: exit.rawValue))
    return exit
  }
}
