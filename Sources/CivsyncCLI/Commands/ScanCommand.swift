import ArgumentParser
import Core
import Diagnostics
import Engine

struct ScanCommand: CivsyncCommand {
  static let configuration = CommandConfiguration(
    commandName: "scan",
    abstract: "Report on any folder of models, and change nothing.",
    discussion: """
      Needs no manifest. Reads every model file once, on both processors, and tells duplicates, \
      login pages and cut-off files that pose as models, pickles, what is gone from the site and \
      should be backed up, what has a newer version, and what the site does not know. What was \
      read is remembered: an interrupted scan goes on where it stopped.
      """)

  @Argument(help: ArgumentHelp("The folder.", valueName: "folder"))
  var folder: String

  @OptionGroup var project: ProjectOptions

  @Flag(help: "Do not ask the site.")
  var offline = false

  var printsJSON: Bool { project.json }

  func run(_ context: CommandContext) async throws -> CommandExit {
    let reporter = Reporter(context, json: project.json)
    let progress = ReadingReporter(context)
    let engine = try project.engine(context, progress)
    var request = ScanRequest(folder: try project.path(folder, "FOLDER", context))
    request.isOffline = offline
    request.interval = progress.interval
    defer { progress.finish() }
    let report = try await engine.scan(request)
    progress.finish()
    let exit: CommandExit = report.unanswered == nil ? .ok : .unreachable
    reporter.show(
      ScanView.human(report, reporter.view), json: ScanView.json(report, exit: exit.rawValue))
    return exit
  }
}
