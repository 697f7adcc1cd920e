import ArgumentParser
import Engine

struct DoctorCommand: CivsyncCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Tell what has changed at the site that this civsync does not know.",
    discussion: """
      Lists unknown fields, types and words that the answers of earlier runs had, with when they \
      were first seen, and compares the site's own lists of words with those that are known. \
      Nothing of it stops a run: decoding goes on.
      """)

  @OptionGroup var project: ProjectOptions

  @Flag(help: "Look at the site's API.")
  var api = false

  var printsJSON: Bool { project.json }

  func validate() throws {
    guard api else { throw ValidationError("say what to look at: --api") }
  }

  func run(_ context: CommandContext) async throws -> CommandExit {
    let reporter = Reporter(context, json: project.json)
    let engine = try project.engine(context, ChatterObserver(context, json: project.json))
    let report = try await engine.siteReport()
    let exit: CommandExit = report.unanswered == nil ? .ok : .unreachable
    reporter.show(
      DoctorView.human(report, reporter.view),
      json: DoctorView.json(report, exit: exit.rawValue))
    return exit
  }
}
