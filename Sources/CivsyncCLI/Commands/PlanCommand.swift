import ArgumentParser
import CatalogueModel
import Engine
import Planning

struct PlanCommand: CivsyncCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Show what apply would change, and change nothing.")

  @OptionGroup var project: ProjectOptions
  @OptionGroup var locks: LockOptions
  @OptionGroup var options: PlanOptions
  @OptionGroup var output: PlanFormatOptions

  @Flag(
    help: "Exit with 2 when there are changes to apply. Blocked entries alone are none.")
  var detailedExitcode = false

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("Save the plan, for `civsync apply FILE`.", valueName: "file"))
  var out: String?

  var printsJSON: Bool { project.json || output.format == .json }

  func validate() throws { _ = try output.checked(json: project.json) }

  func run(_ context: CommandContext) async throws -> CommandExit {
    let reporter = Reporter(context, json: printsJSON)
    let engine = try project.engine(
      context, ChatterObserver(context, json: printsJSON), waiting: locks)
    let run: PlannedRun
    if let out {
      let file = try project.path(out, "--out", context)
      run = try await engine.save(options.request, to: file, civsync: Version.string)
    } else {
      run = try await engine.plan(options.request)
    }
    reporter.warn(run.warnings)
    let isMarkdown = output.format == .markdown
    reporter.show(run, goal: .manifest, markdown: isMarkdown)
    if let out, !printsJSON, !isMarkdown {
      context.output.write("Saved: `civsync apply \(out)` carries it out, as it is and once.\n")
    }
    if run.lacksLogin { return .authentication }
    if !run.plan.unanswered.isEmpty { return .unreachable }
    if !run.plan.space.fits { return .noSpace }
    return detailedExitcode && run.plan.hasChanges ? .changesPending : .ok
  }
}

extension Reporter {
  /// A plan as it stands before a question or as a command's result.
  func show(_ run: PlannedRun, goal: PlanGoal, markdown: Bool = false) {
    if let pending = run.pending { context.errors.write("note: \(pending)\n\n") }
    let options = PlanViewOptions(
      view, previouslyBlocked: Set(run.knownBlocks.map(BlockedKey.init)), goal: goal,
      estimate: run.estimatedSeconds, kept: run.kept)
    if !json { context.output.write(ManifestsView.plan(run.manifests, view)) }
    show(
      markdown ? PlanMarkdown.text(run.plan, options) : PlanView.human(run.plan, options),
      json: PlanJSON.node(
        run.plan, estimatedSeconds: run.estimatedSeconds, manifests: run.manifests,
        catalogue: run.calls + run.kept.answers == 0
          ? nil : CatalogueUse(calls: run.calls, kept: run.kept, states: run.states)))
  }
}
