import ArgumentParser
import CatalogueModel
import Core
import Engine
import GitStore
import Planning

struct ApplyCommand: CivsyncCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply",
    abstract: "Make the folders what the manifest declares.",
    discussion: """
      Shows the plan, asks, fetches and verifies everything, and only then changes the folders: \
      all of it or, when anything fails, none of it. What was fetched stays in the store, and the \
      next run goes on from there.

      With a plan that `civsync plan -o` saved, exactly that plan is carried out, without asking; \
      it is refused (exit 6) when anything that it is bound to has changed since.
      """)

  @Argument(help: "A saved plan.")
  var plan: String?

  @OptionGroup var project: ProjectOptions
  @OptionGroup var options: PlanOptions

  @Flag(name: [.short, .long], help: "Do not ask.")
  var yes = false

  @Flag(help: "Change what can be changed when something fails; what failed keeps what it had.")
  var allowPartial = false

  @Flag(help: "Do not run the manifest's checks.")
  var noChecks = false

  @Option(
    help: ArgumentHelp(
      "How files that are yours get into the store: reflink (or copied, where the file system "
        + "cannot), copy, or link, which makes them read-only.", valueName: "how"))
  var adopt = AdoptionMethod.reflink

  @Flag(help: "Fetch one file after the other, each over one connection.")
  var sequential = false

  @Option(
    help: ArgumentHelp(
      "Bytes in a second for all downloads together, such as 20MB.", valueName: "size"))
  var limitRate: ByteCount?

  var printsJSON: Bool { project.json }

  func validate() throws {
    if let limitRate, limitRate.bytes < 1 {
      throw ValidationError("--limit-rate is at least one byte in a second")
    }
    if plan != nil, !options.isDefault || adopt != .reflink {
      throw ValidationError(
        "a saved plan has its options already; give them to `civsync plan -o`, or leave the plan out"
      )
    }
  }

  func run(_ context: CommandContext) async throws -> CommandExit {
    let reporter = Reporter(context, json: project.json)
    // A saved plan was looked at before.
    let confirmation = Confirmation(context: context, yes: yes || plan != nil)
    try confirmation.requireAnswerable("civsync apply")
    let progress = ProgressReporter(context, json: project.json)
    defer { progress.finish() }
    var wish = TransferWish()
    (wish.isSequential, wish.limitRate) = (sequential, limitRate)
    let engine = try project.engine(context, progress, wish)
    let review = PlanReview(
      show: { run in
        reporter.warn(run.warnings)
        if !project.json { reporter.show(run, goal: .manifest) }
      }, confirm: { confirmation.ask("Apply this plan?") })
    let outcome: RunOutcome?
    if let plan {
      let file = try project.path(plan, "PLAN", context)
      outcome = try await engine.apply(
        saved: file, allowPartial: allowPartial, runsChecks: !noChecks, review: review)
    } else {
      var request = options.request
      request.runsChecks = !noChecks
      request.adoption = adopt
      outcome = try await engine.apply(request, allowPartial: allowPartial, review: review)
    }
    progress.finish()
    guard let outcome else { return .failed }
    let report = ApplyReport(outcome, run: .apply)
    if outcome.changedNothing, !project.json { return outcome.exit }
    reporter.show(ResultView.human(report, reporter.view), json: ResultView.json(report))
    return outcome.exit
  }
}

extension RunOutcome {
  /// Whether there is nothing to tell that the plan has not told.
  var changedNothing: Bool {
    done.isEmpty && failures.isEmpty && blocked.isEmpty && snapshot == nil && manifests.isEmpty
  }
}

extension ApplyReport {
  init(_ outcome: RunOutcome, run: Run) {
    self.init(run: run)
    for action in outcome.done {
      switch action.kind {
      case .create: created += 1
      case .adopt: adopted += 1
      case .move: moved += 1
      case .repair: repaired += 1
      case .replace: replaced += 1
      case .remove: removed += 1
      case .release: released += 1
      }
    }
    companions = outcome.companions
    failures = outcome.failures.map { failure in
      Failure(
        title: failure.entry.file.places.first.map { "\(failure.entry.title) (\($0))" }
          ?? failure.entry.title, message: failure.message)
    }
    aside = outcome.aside
    left = outcome.left
    blocked = outcome.blocked
    snapshot = outcome.snapshot?.short
    manifests = outcome.manifests
    checks = outcome.checks
    rolledBackTo = outcome.rolledBackTo
    undo = outcome.isFirst ? "@empty" : "HEAD~1"
    fetchedFiles = outcome.fetchedFiles
    fetchedBytes = outcome.fetchedBytes
    seconds = outcome.seconds
  }
}
