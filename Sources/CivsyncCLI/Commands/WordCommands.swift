import ArgumentParser
import CatalogueModel
import Engine

/// The words that only the user can say. Each is a plan about the entries that it names, shown,
/// asked about, and carried out as an apply is.
private struct Word {
  let name: String
  let goal: PlanGoal
  let project: ProjectOptions
  let locks: LockOptions
  let yes: Bool
  let dryRun: Bool
  let request: PlanRequest

  func run(_ context: CommandContext) async throws -> CommandExit {
    let reporter = Reporter(context, json: project.json)
    let confirmation = Confirmation(context: context, yes: yes)
    if !dryRun { try confirmation.requireAnswerable("civsync \(name)") }
    let progress = ProgressReporter(context, json: project.json)
    defer { progress.finish() }
    let engine = try project.engine(context, progress, waiting: locks)
    if dryRun {
      let run = try await engine.plan(request)
      reporter.warn(run.warnings)
      reporter.show(run, goal: goal)
      return .ok
    }
    let review = PlanReview(
      show: { run in
        reporter.warn(run.warnings)
        if !project.json { reporter.show(run, goal: goal) }
      }, confirm: { confirmation.ask("Go on?") })
    let outcome = try await engine.apply(request, allowPartial: false, review: review)
    progress.finish()
    guard let outcome else { return .failed }
    if outcome.changedNothing, !project.json { return outcome.exit }
    let report = ApplyReport(outcome, run: .word(name))
    reporter.show(ResultView.human(report, reporter.view), json: ResultView.json(report))
    return outcome.exit
  }
}

/// Which entries a word is about.
private func choice(_ what: [String], all: Bool) throws -> EntryChoice {
  if all, !what.isEmpty {
    throw ValidationError("name entries, or give --all, not both")
  }
  if !all, what.isEmpty {
    throw ValidationError("name a collection, a model, a path or a SHA-256, or give --all")
  }
  return all ? .all : .named(what)
}

struct AcceptCommand: CivsyncCommand {
  static let configuration = CommandConfiguration(
    commandName: "accept",
    abstract: "Take what a creator put in the place of a file inside its version.",
    discussion: """
      `civsync plan` shows such files with `?` and both digests; the kept one stays until it is \
      accepted here, or `replaced: take` stands in the manifest. What makes way stays in the store.
      """)

  @Argument(help: "Collections, models, paths or SHA-256s.")
  var what: [String] = []

  @Flag(help: "Everything that needs your word.")
  var all = false

  @OptionGroup var project: ProjectOptions
  @OptionGroup var locks: LockOptions

  @Flag(help: "Show what would change, and change nothing.")
  var dryRun = false

  @Flag(name: [.short, .long], help: "Do not ask.")
  var yes = false

  var printsJSON: Bool { project.json }

  func validate() throws { _ = try choice(what, all: all) }

  func run(_ context: CommandContext) async throws -> CommandExit {
    var request = PlanRequest()
    request.word = .accept(try choice(what, all: all))
    return try await Word(
      name: "accept", goal: .acceptance, project: project, locks: locks, yes: yes,
      dryRun: dryRun, request: request
    ).run(context)
  }
}

struct RenameCommand: CivsyncCommand {
  static let configuration = CommandConfiguration(
    commandName: "rename",
    abstract: "Follow what models, versions and files are called upstream now.",
    discussion: """
      A name is kept from the first placement, because workflows refer to it. This moves the files \
      to where their new names lead.
      """)

  @Argument(help: "Collections, models, paths or SHA-256s.")
  var what: [String] = []

  @Flag(help: "Everything that is called otherwise now.")
  var all = false

  @OptionGroup var project: ProjectOptions
  @OptionGroup var locks: LockOptions

  @Flag(help: "Show what would change, and change nothing.")
  var dryRun = false

  @Flag(name: [.short, .long], help: "Do not ask.")
  var yes = false

  var printsJSON: Bool { project.json }

  func validate() throws { _ = try choice(what, all: all) }

  func run(_ context: CommandContext) async throws -> CommandExit {
    var request = PlanRequest()
    request.word = .rename(try choice(what, all: all))
    return try await Word(
      name: "rename", goal: .renaming, project: project, locks: locks, yes: yes,
      dryRun: dryRun, request: request
    ).run(context)
  }
}

struct PruneCommand: CivsyncCommand {
  static let configuration = CommandConfiguration(
    commandName: "prune",
    abstract: "Take away what stays only because nothing removes it.",
    discussion: """
      Superseded files are older versions that a newer one took over from; withdrawn ones are no \
      longer shown upstream, and may be the last copy that there is. Needs no network. What is taken \
      away stays in the store, and `civsync rollback HEAD~1` brings it back.
      """)

  @Flag(help: "Older versions that a newer one took over from.")
  var superseded = false

  @Flag(help: "What upstream no longer shows.")
  var withdrawn = false

  @Argument(help: "Only these collections, models, paths or SHA-256s.")
  var what: [String] = []

  @OptionGroup var project: ProjectOptions
  @OptionGroup var locks: LockOptions

  @Flag(help: "Show what would change, and change nothing.")
  var dryRun = false

  @Flag(name: [.short, .long], help: "Do not ask.")
  var yes = false

  var printsJSON: Bool { project.json }

  func validate() throws {
    if !superseded, !withdrawn {
      throw ValidationError("say what: --superseded, --withdrawn, or both")
    }
  }

  func run(_ context: CommandContext) async throws -> CommandExit {
    var states: Set<RecordedState> = []
    if superseded { states.insert(.superseded) }
    if withdrawn { states.insert(.withdrawn) }
    var request = PlanRequest()
    request.word = .prune(what.isEmpty ? .all : .named(what), states: states)
    return try await Word(
      name: "prune", goal: .pruning, project: project, locks: locks, yes: yes, dryRun: dryRun,
      request: request
    ).run(context)
  }
}
