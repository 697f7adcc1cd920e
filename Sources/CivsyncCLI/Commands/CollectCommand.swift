import ArgumentParser
import Core
import Engine
import GitStore

struct CollectCommand: CivsyncCommand {
  static let configuration = CommandConfiguration(
    commandName: "gc",
    abstract: "Free the disk of what no snapshot that is kept needs any more.",
    discussion: """
      Tells what would go, what stays and why, and which snapshots could not be gone back to offline \
      any more; with --yes it does it. `keep:` in the manifest says which snapshots are kept: by \
      default the last 10, those of 90 days, and those with a tag. What is placed stays in any case, \
      and so does what other projects need that use the same store.

      The site is asked whether it still has what would go: what it has no more, what was yours, and \
      what nobody knows stays, but with --irreplaceable.
      """)

  @OptionGroup var project: ProjectOptions
  @OptionGroup var locks: LockOptions

  @Flag(name: [.short, .long], help: "Do it; without, it is told what would be done.")
  var yes = false

  @Flag(help: "Take away also what cannot be had again. There is no way back.")
  var irreplaceable = false

  @Flag(help: "Do not ask the site: what is on record decides.")
  var offline = false

  @Option(
    help: ArgumentHelp(
      "Leave what was published, or lost a name, within so long: 1h, 0s.", valueName: "time"),
    transform: TimeSpan.reading("--grace", allowsNone: true))
  var grace: TimeSpan?

  @Option(
    help: ArgumentHelp(
      "Let go of what a project needed that is gone for good; may be repeated.",
      valueName: "id|folder"))
  var forget: [String] = []

  var printsJSON: Bool { project.json }

  func run(_ context: CommandContext) async throws -> CommandExit {
    let reporter = Reporter(context, json: project.json)
    let engine = try project.engine(
      context, ChatterObserver(context, json: project.json), waiting: locks)
    var request = CollectRequest()
    request.carriesOut = yes
    request.takesIrreplaceable = irreplaceable
    request.isOffline = offline
    if let grace { request.grace = grace.seconds }
    request.forget = try forget.map { text in
      // An id is 32 digits; a folder is seen from where the user stands.
      text.count == 32 && !text.contains("/")
        ? text : try project.path(text, "--forget", context).string
    }
    let report = try await engine.collect(request)
    let offset = context.engine.now().offsetMinutes
    reporter.show(
      CollectView.human(report, offsetMinutes: offset, reporter.view),
      json: CollectView.json(report))
    return report.exit
  }
}
