import ArgumentParser
import Engine

/// What a command takes of all that is placed.
struct PlacedOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      """
      A path or pattern as `civsync plan` prints it, a model (123, 123@456, its page's address), \
      a collection, or the first digits of a SHA-256.
      """, valueName: "what"))
  var what: [String] = []

  @Flag(help: "Everything that is placed.")
  var all = false

  func validate() throws {
    if what.isEmpty, !all {
      throw ValidationError("Name what is meant, or say --all.")
    }
    if !what.isEmpty, all {
      throw ValidationError("Either name what is meant or say --all, not both.")
    }
  }

  var request: ProtectRequest { all ? .all : .named(what) }
}

struct ProtectCommand: CivsyncCommand {
  static let configuration = CommandConfiguration(
    commandName: "protect",
    abstract: "Keep placed files whatever the manifest or a rollback says.",
    discussion: """
      Only the record changes: a new snapshot, and no file. `protect: true` in a collection does \
      the same for all that the collection asks for.
      """)

  @OptionGroup var placed: PlacedOptions
  @OptionGroup var project: ProjectOptions
  @OptionGroup var locks: LockOptions

  var printsJSON: Bool { project.json }

  func run(_ context: CommandContext) async throws -> CommandExit {
    try await placed.run(isOn: true, project, locks, context)
  }
}

struct UnprotectCommand: CivsyncCommand {
  static let configuration = CommandConfiguration(
    commandName: "unprotect",
    abstract: "Give protected files free.",
    discussion: """
      Only the record changes: a new snapshot, and no file. What the manifest does not ask for \
      leaves with the next apply.
      """)

  @OptionGroup var placed: PlacedOptions
  @OptionGroup var project: ProjectOptions
  @OptionGroup var locks: LockOptions

  var printsJSON: Bool { project.json }

  func run(_ context: CommandContext) async throws -> CommandExit {
    try await placed.run(isOn: false, project, locks, context)
  }
}

extension PlacedOptions {
  fileprivate func run(
    isOn: Bool, _ project: ProjectOptions, _ locks: LockOptions, _ context: CommandContext
  ) async throws -> CommandExit {
    let reporter = Reporter(context, json: project.json)
    let engine = try project.engine(
      context, ChatterObserver(context, json: project.json), waiting: locks)
    let outcome = try await engine.protect(request, isOn: isOn)
    reporter.show(
      ProtectView.human(outcome, isOn: isOn, reporter.view),
      json: ProtectView.json(outcome, isOn: isOn))
    return .ok
  }
}
