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
  @OptionGroup var locks: LockOptions
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

  @Flag(help: "Tell again and again how fast it goes, what waits, and what fails.")
  var monitorPerformance = false

  @Option(
    help: ArgumentHelp("How often --monitor-performance tells (10s).", valueName: "time"),
    transform: TimeSpan.reading("--report-interval"))
  var reportInterval: TimeSpan?

  @Option(
    help: ArgumentHelp(
      "Further tries of each call and each download, 0 to 20.", valueName: "count"))
  var maxRetries: Int?

  var printsJSON: Bool { project.json }

  func validate() throws {
    if reportInterval != nil, !monitorPerformance {
      throw ValidationError("--report-interval belongs to --monitor-performance: give both")
    }
    if let limitRate, limitRate.bytes < 1 {
      throw ValidationError("--limit-rate is at least one byte in a second")
    }
    if let maxRetries, !(0...20).contains(maxRetries) {
      throw ValidationError("--max-retries is a number from 0 to 20")
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
    wish.maxRetries = maxRetries
    let engine = try project.engine(context, progress, wish, waiting: locks)
    let review = PlanReview(
      show: { run in
        reporter.warn(run.warnings)
        if !project.json { reporter.show(run, goal: .manifest) }
      }, confirm: { confirmation.ask("Apply this plan?") })
    let interval: Duration? =
      monitorPerformance ? .seconds(reportInterval?.seconds ?? Self.usualInterval) : nil
    let outcome = try await monitored(engine, every: interval, progress) {
      try await apply(engine, review, context)
    }
    progress.finish()
    guard let outcome else { return .failed }
    let report = ApplyReport(outcome, run: .apply)
    if outcome.changedNothing, !project.json { return outcome.exit }
    reporter.show(ResultView.human(report, reporter.view), json: ResultView.json(report))
    return outcome.exit
  }

  /// In seconds.
  private static let usualInterval: Int64 = 10

  private func apply(
    _ engine: Engine, _ review: PlanReview, _ context: CommandContext
  ) async throws -> RunOutcome? {
    if let plan {
      let file = try project.path(plan, "PLAN", context)
      return try await engine.apply(
        saved: file, allowPartial: allowPartial, runsChecks: !noChecks, review: review)
    }
    var request = options.request
    request.runsChecks = !noChecks
    request.adoption = adopt
    return try await engine.apply(request, allowPartial: allowPartial, review: review)
  }

  /// Runs `body`, and tells how it does meanwhile where an interval is named.
  private func monitored<Value: Sendable>(
    _ engine: Engine, every interval: Duration?, _ progress: ProgressReporter,
    _ body: () async throws -> Value
  ) async throws -> Value {
    guard let interval else { return try await body() }
    return try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await engine.monitor(every: interval) { progress.tell($0) } }
      defer { group.cancelAll() }
      return try await body()
    }
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
      Failure(title: failure.entry.placedTitle, message: failure.message)
    }
    untried = outcome.untried.map(\.placedTitle)
    aside = outcome.aside
    left = outcome.left
    blocked = outcome.blocked
    snapshot = outcome.snapshot?.short
    manifests = outcome.manifests
    checks = outcome.checks
    isAfterRecovery = outcome.isAfterRecovery
    rolledBackTo = outcome.rolledBackTo
    undo = outcome.isFirst ? "@empty" : "HEAD~1"
    fetchedFiles = outcome.fetchedFiles
    fetchedBytes = outcome.fetchedBytes
    seconds = outcome.seconds
  }
}

extension Entry {
  /// With where it is to stand.
  fileprivate var placedTitle: String { file.places.first.map { "\(title) (\($0))" } ?? title }
}
