import ArgumentParser
import Engine
import GitStore

struct StatusCommand: CivsyncCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Tell whether the placed files are as the last snapshot left them.",
    discussion: "Exits with 10 when one is missing, modified or linked elsewhere.")

  @OptionGroup var project: ProjectOptions

  @Flag(help: "Read the content of every placed file: finds what size and time do not tell.")
  var verify = false

  var printsJSON: Bool { project.json }

  func run(_ context: CommandContext) async throws -> CommandExit {
    let reporter = Reporter(context, json: project.json)
    let engine = try project.engine(context, ChatterObserver(context, json: project.json))
    let status = try await engine.status(verifies: verify)
    var report = StatusReport(
      snapshot: status.snapshot?.short, intact: status.intact,
      drift: status.drift.map { drift in
        Drift(kind: Drift.Kind(drift.kind), place: drift.place, detail: drift.detail)
      }, foreign: status.foreign, pending: status.pending,
      needsVerify: status.drift.contains(where: \.onlyReadingTells))
    report.edited = status.edited
    report.editedFiles = status.editedFiles
    reporter.show(StatusView.human(report, reporter.view), json: StatusView.json(report))
    return status.drift.isEmpty ? .ok : .drift
  }
}

extension Drift.Kind {
  init(_ kind: TreeStatus.Drift.Kind) {
    self =
      switch kind {
      case .missing: .missing
      case .modified: .modified
      case .wrongLink: .wrongLink
      }
  }
}
