import ArgumentParser
import Engine
import Planning

struct PlanCommand: CivsyncCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Show what apply would change, and change nothing.")

  @OptionGroup var project: ProjectOptions
  @OptionGroup var options: PlanOptions

  @Flag(
    help: "Exit with 2 when there are changes to apply. Blocked entries alone are none.")
  var detailedExitcode = false

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("Save the plan, for `civsync apply FILE`.", valueName: "file"))
  var out: String?

  var printsJSON: Bool { project.json }

  func run(_ context: CommandContext) async throws -> CommandExit {
    let reporter = Reporter(context, json: project.json)
    let engine = try Engine(
      project: project.locate(context), home: context.home, context: context.engine,
      observer: ChatterObserver(context, json: project.json))
    let run: PlannedRun
    if let out {
      let file = try project.path(out, "--out", context)
      run = try await engine.save(options.request, to: file, civsync: Version.string)
    } else {
      run = try await engine.plan(options.request)
    }
    reporter.warn(run.warnings)
    reporter.show(run, goal: .manifest)
    if let out, !project.json {
      context.output.write("Saved: `civsync apply \(out)` carries it out, as it is and once.\n")
    }
    if !run.plan.unanswered.isEmpty { return .unreachable }
    if !run.plan.space.fits { return .noSpace }
    return detailedExitcode && run.plan.hasChanges ? .changesPending : .ok
  }
}

extension Reporter {
  /// A plan as it stands before a question or as a command's result.
  func show(_ run: PlannedRun, goal: PlanGoal) {
    if let pending = run.pending { context.errors.write("note: \(pending)\n\n") }
    let known = Set(run.knownBlocks.map(BlockedKey.init))
    show(
      PlanView.human(
        run.plan, PlanViewOptions(view, previouslyBlocked: known, goal: goal)),
      json: PlanJSON.node(run.plan))
  }
}
