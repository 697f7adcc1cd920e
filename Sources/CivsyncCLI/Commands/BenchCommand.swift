import ArgumentParser
import Core
import Engine

struct BenchCommand: CivsyncCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Fetch the same files in two ways by turns, and tell which is better here.",
    discussion: """
      A way to fetch is `parallel` (what civsync does by itself), `sequential`, or keys of \
      `transfer:` joined by `+`: `downloads=2+connectionsPerFile=8`. Up to four files that the \
      manifest asks for are fetched again and again into .civsync/bench, which is removed in the \
      end; neither store nor folders are touched. The site counts each download.
      """)

  @OptionGroup var project: ProjectOptions
  @OptionGroup var locks: LockOptions

  @Option(help: ArgumentHelp("The two ways, with a comma between them.", valueName: "a,b"))
  var policies = "parallel,sequential"

  @Option(help: ArgumentHelp("How often each of them fetches.", valueName: "n"))
  var rounds = 3

  @Option(help: ArgumentHelp("What is fetched at one go, at most.", valueName: "size"))
  var size = ByteCount(500_000_000)

  @Flag(name: [.short, .long], help: "Do not ask.")
  var yes = false

  var printsJSON: Bool { project.json }

  func validate() throws {
    guard (2...50).contains(rounds) else {
      throw ValidationError("--rounds is 2 to 50: one pass has no spread")
    }
    guard size > .zero else { throw ValidationError("--size is at least one byte") }
  }

  func run(_ context: CommandContext) async throws -> CommandExit {
    let reporter = Reporter(context, json: project.json)
    let policies = try BenchPolicy.pair(policies)
    let confirmation = Confirmation(context: context, yes: yes)
    try confirmation.requireAnswerable("civsync bench")
    let progress = ProgressReporter(context, json: project.json)
    defer { progress.finish() }
    let engine = try project.engine(context, progress, waiting: locks)
    let result = try await engine.bench(policies, rounds: rounds, size: size) { plan in
      if !project.json { context.errors.write(BenchView.intent(plan, reporter.errorView)) }
      return confirmation.ask("Fetch them?")
    }
    progress.finish()
    guard let result else { return .failed }
    reporter.show(BenchView.human(result, reporter.view), json: BenchView.json(result))
    return .ok
  }
}
