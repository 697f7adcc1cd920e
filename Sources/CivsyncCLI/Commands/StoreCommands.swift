import ArgumentParser
import Engine
import GitStore

/// Groups what is about the store alone; it does nothing by itself.
struct StoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "store",
    abstract: "Look into the store: how much it holds, and where an object is.",
    subcommands: [StoreStatsCommand.self, StorePathCommand.self, StoreForgetCommand.self])
}

struct StoreStatsCommand: CivsyncCommand {
  static let configuration = CommandConfiguration(
    commandName: "stats",
    abstract: "Show how many objects the store has, and what they take.",
    discussion: "Looks at every object's file and reads none; `civsync verify` reads them.")

  @OptionGroup var project: ProjectOptions

  var printsJSON: Bool { project.json }

  func run(_ context: CommandContext) async throws -> CommandExit {
    let reporter = Reporter(context, json: project.json)
    let engine = try project.engine(context, ChatterObserver(context, json: project.json))
    let report = try await engine.storeReport()
    let offset = context.engine.now().offsetMinutes
    reporter.show(
      StoreView.human(report, offsetMinutes: offset, reporter.view), json: StoreView.json(report))
    return .ok
  }
}

struct StorePathCommand: CivsyncCommand {
  static let configuration = CommandConfiguration(
    commandName: "path",
    abstract: "Print where an object is.",
    discussion: "The path alone, for scripts. It ends with 1 when there is no such object.")

  @Argument(help: "The object's SHA-256, or its first digits, four at least.")
  var digest: String

  @OptionGroup var project: ProjectOptions

  var printsJSON: Bool { project.json }

  func run(_ context: CommandContext) async throws -> CommandExit {
    let reporter = Reporter(context, json: project.json)
    let engine = try project.engine(context, ChatterObserver(context, json: project.json))
    let found = try await engine.objectPath(digest)
    reporter.show("\(found.path)\n", json: StoreView.json(found))
    return .ok
  }
}

struct StoreForgetCommand: CivsyncCommand {
  static let configuration = CommandConfiguration(
    commandName: "forget",
    abstract: "Give up a store that is lost for good, so that another can take its place.",
    discussion: """
      Only where the store is not there, or another stands in its place: mount its disk first if that is \
      all that is wrong. Nothing is removed. The next `civsync apply` takes the store that it finds, or \
      makes one, from the files that are placed and the network.
      """)

  @OptionGroup var project: ProjectOptions
  @OptionGroup var locks: LockOptions

  var printsJSON: Bool { project.json }

  func run(_ context: CommandContext) async throws -> CommandExit {
    let reporter = Reporter(context, json: project.json)
    let engine = try project.engine(
      context, ChatterObserver(context, json: project.json), waiting: locks)
    let path = try await engine.forgetStore()
    reporter.show(
      StoreView.human(forgotten: path, reporter.view), json: StoreView.json(forgotten: path))
    return .ok
  }
}
