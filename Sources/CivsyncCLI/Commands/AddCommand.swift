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
      edits the manifest in place: comments and layout stay as they are. Of a ComfyUI workflow \
      (.json) or a generated picture (PNG, JPEG, WebP) it takes the models that are named in it, after asking. \
      Nothing is fetched: `civsync plan` shows what would be.
      """)

  @Argument(
    help: ArgumentHelp(
      "A model's id, address or AIR, @creator, or a workflow or picture.", valueName: "what"))
  var what: [String]

  @OptionGroup var project: ProjectOptions

  @Option(
    help: ArgumentHelp(
      "The collection that gets them; the only one by default, or `added`.", valueName: "name"))
  var collection: String?

  @Flag(help: "Show the change of the manifest, and write nothing.")
  var dryRun = false

  @Flag(name: [.short, .long], help: "Do not ask about the models of a workflow or picture.")
  var yes = false

  var printsJSON: Bool { project.json }

  func run(_ context: CommandContext) async throws -> CommandExit {
    let reporter = Reporter(context, json: project.json)
    let engine = try project.engine(context, ChatterObserver(context, json: project.json))
    var arguments: [String] = []
    var mentions: [MentionFound] = []
    for text in what {
      guard let path = context.workingFolder.resolving(text), engine.isFileOfMentions(path) else {
        arguments.append(text)
        continue
      }
      let found = try await engine.mentions(in: path)
      mentions += found
      if !project.json { context.output.write(MentionView.human(found, of: text, reporter.view)) }
    }
    let sure = mentions.compactMap(\.reference)
    if !sure.isEmpty, !dryRun {
      let confirmation = Confirmation(context: context, yes: yes)
      try confirmation.requireAnswerable("civsync add")
      if !confirmation.ask("Add \(Measures.count(sure.count, "model"))?") { return .failed }
    }
    arguments += sure
    guard !arguments.isEmpty else {
      reporter.show(MentionView.nothing(reporter.view), json: MentionView.json(mentions))
      return .ok
    }
    let plan = try await engine.planAddition(arguments, collection: collection)
    if !project.json { context.output.write(AddView.found(plan, reporter.view)) }
    if plan.changes, !dryRun { try await engine.write(plan) }
    reporter.show(
      AddView.result(plan, dryRun: dryRun, reporter.view),
      json: AddView.json(plan, mentions, dryRun: dryRun))
    return .ok
  }
}
