import ArgumentParser
import Engine

struct WhyCommand: CivsyncCommand {
  static let configuration = CommandConfiguration(
    commandName: "why",
    abstract: "Tell why a file is there, or why it is not.",
    discussion: """
      Names the line of the manifest that selects it, why it is this file of the version and this \
      path, since which snapshot it stands there, and where it comes from. Asks nobody: what it \
      knows is in the history, the lock, the manifest and the store.
      """)

  @Argument(
    help: ArgumentHelp(
      "A path as printed or on disk, the first digits of a SHA-256, a model's id, address or AIR, "
        + "or a collection.", valueName: "what"))
  var what: String

  @OptionGroup var project: ProjectOptions

  var printsJSON: Bool { project.json }

  func run(_ context: CommandContext) async throws -> CommandExit {
    let reporter = Reporter(context, json: project.json)
    let engine = try project.engine(context, ChatterObserver(context, json: project.json))
    let report = try await engine.why(what, in: context.workingFolder)
    reporter.show(WhyView.human(report, reporter.view), json: WhyView.json(report))
    return .ok
  }
}
