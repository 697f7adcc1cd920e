import ArgumentParser
import Diagnostics
import Engine

struct ValidateCommand: CivsyncCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Check the manifest, without a network.",
    discussion: """
      Tells every mistake at once and exits with 4 when one is an error. With --json the mistakes \
      come with their places, for editors.
      """)

  @OptionGroup var project: ProjectOptions

  var printsJSON: Bool { project.json }

  func run(_ context: CommandContext) async throws -> CommandExit {
    let reporter = Reporter(context, json: project.json)
    let engine = try project.engine(context, SilentObserver())
    let manifest = try await engine.validate()
    if !project.json { reporter.warn(manifest.warnings) }
    reporter.show(ValidView.human(manifest, reporter.view), json: ValidView.json(manifest))
    return .ok
  }
}
