import ArgumentParser
import Core
import Diagnostics
import Engine

struct AddCommand: CivsyncCommand {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Look models or creators up and put them into the manifest.",
    discussion: """
      Takes ids, `id@version`, addresses of pages, AIRs, and `@creator`; shows what each is, and \
      edits the manifest in place: comments and layout stay as they are. Nothing is fetched: \
      `civsync plan` shows what would be.
      """)

  @Argument(
    help: ArgumentHelp("A model's id, address or AIR, or @creator.", valueName: "what"))
  var what: [String]

  @OptionGroup var project: ProjectOptions

  @Option(
    help: ArgumentHelp(
      "The collection that gets them; the only one by default, or `added`.", valueName: "name"))
  var collection: String?

  @Flag(help: "Show the change of the manifest, and write nothing.")
  var dryRun = false

  var printsJSON: Bool { project.json }

  func run(_ context: CommandContext) async throws -> CommandExit {
    let reporter = Reporter(context, json: project.json)
    let engine = try Engine(
      project: project.locate(context), home: context.home, context: context.engine,
      observer: ChatterObserver(context, json: project.json))
    let plan = try await engine.planAddition(what, collection: collection)
    if !project.json { context.output.write(AddView.found(plan, reporter.view)) }
    if plan.changes, !dryRun { try await engine.write(plan) }
    reporter.show(
      AddView.result(plan, dryRun: dryRun, reporter.view), json: AddView.json(plan, dryRun: dryRun))
    return .ok
  }
}
