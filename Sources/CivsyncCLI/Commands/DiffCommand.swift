import ArgumentParser
import Engine
import GitStore
import Planning

struct DiffCommand: CivsyncCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Compare two snapshots, or a snapshot with the manifest.",
    discussion: """
      With two revisions the second is compared with the first; with one, what applying the \
      manifest would lead to. `@empty` is nothing placed.
      """)

  @Argument(help: "The snapshot to compare with.")
  var old: String

  @Argument(help: "The snapshot that is compared; the manifest when it is left out.")
  var new: String?

  @OptionGroup var project: ProjectOptions
  @OptionGroup var options: PlanOptions

  @Flag(help: "Exit with 2 when there are differences.")
  var detailedExitcode = false

  var printsJSON: Bool { project.json }

  func run(_ context: CommandContext) async throws -> CommandExit {
    let reporter = Reporter(context, json: project.json)
    let engine = try project.engine(context, ChatterObserver(context, json: project.json))
    var code = CommandExit.ok
    let comparison: SnapshotComparison
    if let new {
      comparison = try await engine.compare(old, new)
    } else {
      let run = try await engine.plan(options.request)
      reporter.warn(run.warnings)
      if !run.plan.unanswered.isEmpty {
        context.errors.write(
          "warning: the catalogue did not answer for everything; what is known of that stays\n")
        code = .unreachable
      }
      comparison = try await engine.compare(old, with: run)
    }
    let report = DiffReport(comparison, oldName: old, newName: new)
    reporter.show(DiffView.human(report, reporter.view), json: DiffView.json(report))
    if code != .ok { return code }
    return detailedExitcode && !report.isEmpty ? .changesPending : .ok
  }
}

extension DiffReport {
  init(_ comparison: SnapshotComparison, oldName: String, newName: String?) {
    self.init(
      old: Self.name(oldName, comparison.from),
      new: newName.map { Self.name($0, comparison.to) } ?? "the manifest",
      changes: SnapshotChange.between(comparison.old, comparison.new), facts: comparison.facts,
      manifests: comparison.manifests)
  }

  private static func name(_ revision: String, _ info: SnapshotInfo?) -> String {
    info.map { revision == $0.id.short ? revision : "\(revision) (\($0.id.short))" } ?? revision
  }
}
