import ArgumentParser
import Engine
import GitStore

struct RollbackCommand: CivsyncCommand {
  static let configuration = CommandConfiguration(
    commandName: "rollback",
    abstract: "Go back to an earlier snapshot, from the store, without a network.",
    discussion: """
      The revision is any that git understands: HEAD~1, a tag, a commit id, main@{1}, \
      main@{yesterday}; `@empty` is nothing placed. Going back is recorded as a new snapshot.
      """)

  @Argument(help: "The snapshot to go back to.")
  var revision: String

  @OptionGroup var project: ProjectOptions
  @OptionGroup var locks: LockOptions

  @Flag(help: "Show what would change, and change nothing.")
  var dryRun = false

  @Flag(help: "Put the manifests of that snapshot back too.")
  var manifest = false

  @Flag(name: [.short, .long], help: "Do not ask.")
  var yes = false

  var printsJSON: Bool { project.json }

  func run(_ context: CommandContext) async throws -> CommandExit {
    let reporter = Reporter(context, json: project.json)
    let confirmation = Confirmation(context: context, yes: yes)
    let progress = ProgressReporter(context, json: project.json)
    defer { progress.finish() }
    let engine = try project.engine(context, progress, waiting: locks)
    if dryRun {
      let run = try await engine.planRollback(to: revision, manifests: manifest)
      reporter.show(run, goal: .snapshot(revision))
      try engine.requireObjects(run.plan)
      return .ok
    }
    try confirmation.requireAnswerable("civsync rollback \(revision)")
    let review = PlanReview(
      show: { run in
        if !project.json { reporter.show(run, goal: .snapshot(revision)) }
      }, confirm: { confirmation.ask("Go back?") })
    let outcome = try await engine.rollback(
      to: revision, manifests: manifest, review: review)
    progress.finish()
    guard let outcome else { return .failed }
    if outcome.changedNothing, !project.json { return outcome.exit }
    let report = ApplyReport(
      outcome, run: .rollback(to: revision, further: outcome.earlier?.short))
    reporter.show(ResultView.human(report, reporter.view), json: ResultView.json(report))
    return outcome.exit
  }
}
