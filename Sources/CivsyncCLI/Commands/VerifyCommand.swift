import ArgumentParser
import Engine
import GitStore

struct VerifyCommand: CivsyncCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Read the objects of the store again, and tell which are damaged.",
    discussion: """
      Reads on both processors and compares digests: finds bit rot, edits through links, cut-off and \
      missing objects, wrong permissions and stray files, and tells which places show what is \
      damaged. What was read and is sound is remembered: with --sample or --time-budget the next \
      run goes on with what was read longest ago. Exits with 7 when something is damaged.

      With --repair it shows what can be restored, asks, and restores it: from another place on this \
      machine that has the bytes, else from the network, into a new file that takes the object's name. \
      Places that were the damaged file are linked anew, and what it held is kept in .civsync/aside.
      """)

  @OptionGroup var project: ProjectOptions
  @OptionGroup var locks: LockOptions

  @Option(
    help: ArgumentHelp(
      "Read only so many of the objects, drawn by chance from those that were read longest ago.",
      valueName: "percent"),
    transform: Percentage.reading("--sample"))
  var sample: Percentage?

  @Option(
    help: ArgumentHelp("Draw the sample with this number: the one that another run told."))
  var seed: UInt64?

  @Option(
    help: ArgumentHelp("Begin no object after so long: 30s, 10m, 2h.", valueName: "time"),
    transform: TimeSpan.reading("--time-budget"))
  var timeBudget: TimeSpan?

  @Flag(help: "Read what came last first, in the place of what was read longest ago.")
  var newestFirst = false

  @Flag(help: "Restore what is damaged.")
  var repair = false

  @Flag(help: "Restore from this machine alone.")
  var offline = false

  @Flag(name: [.short, .long], help: "Do not ask before something is restored.")
  var yes = false

  var printsJSON: Bool { project.json }

  func validate() throws {
    if !repair, offline || yes {
      throw ValidationError("--offline and --yes belong to --repair: `verify` alone asks nothing")
    }
    if seed != nil, sample == nil {
      throw ValidationError("--seed belongs to --sample: give both")
    }
  }

  func run(_ context: CommandContext) async throws -> CommandExit {
    let reporter = Reporter(context, json: project.json)
    let progress = VerifyReporter(context, json: project.json)
    defer { progress.finish() }
    let engine = try project.engine(context, progress, waiting: locks)
    if repair { return try await repair(engine, reporter, progress, context) }
    let report = try await engine.verify(request(interval: progress.interval))
    progress.finish()
    let offset = context.engine.now().offsetMinutes
    reporter.show(
      VerifyView.human(report, offsetMinutes: offset, reporter.view), json: VerifyView.json(report))
    return report.exit
  }

  private func repair(
    _ engine: Engine, _ reporter: Reporter, _ progress: VerifyReporter, _ context: CommandContext
  ) async throws -> CommandExit {
    let confirmation = Confirmation(context: context, yes: yes)
    try confirmation.requireAnswerable("civsync verify --repair")
    let offset = context.engine.now().offsetMinutes
    let review = RepairReview(
      show: { plan in
        progress.finish()
        if !project.json {
          context.output.write(RepairView.human(plan, offset, reporter.view))
        }
      }, confirm: { confirmation.ask("Repair?") })
    let outcome = try await engine.repair(
      request(interval: progress.interval), isOffline: offline, review: review)
    progress.finish()
    guard let outcome else { return .failed }
    reporter.show(
      RepairView.human(outcome, offset, reporter.view), json: RepairView.json(outcome))
    return outcome.exit
  }

  private func request(interval: Duration) -> VerifyRequest {
    var request = VerifyRequest()
    request.sample = sample?.share
    request.seed = seed
    request.timeBudget = timeBudget.map { .seconds($0.seconds) }
    request.newestFirst = newestFirst
    request.interval = interval
    return request
  }
}

/// A share as an option has it: `10%`, `0.5%`.
struct Percentage: Sendable, Equatable {
  /// More than 0, at most 1.
  let share: Double

  init(_ text: String, option: String) throws {
    let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    guard let value = Double(digits), value > 0, value <= 100,
      ["", "%"].contains(text.dropFirst(digits.count).drop { $0 == " " })
    else {
      throw ValidationError("\(option) takes a share above 0 % and up to 100 %: 10%, 0.5%")
    }
    share = value / 100
  }

  static func reading(_ option: String) -> @Sendable (String) throws -> Percentage {
    { try Percentage($0, option: option) }
  }
}
