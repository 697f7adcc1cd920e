import ArgumentParser
import Engine

struct LockCommand: CivsyncCommand {
  static let configuration = CommandConfiguration(
    commandName: "lock",
    abstract: "Tell whether the lock is what the last snapshot has; settle a merge conflict in it.",
    discussion: """
      Exits with 6 when lock and snapshot differ. With --resolve both sides of each conflict that \
      git left in civsync.lock are united; `civsync plan` then shows what the manifest makes of it.
      """)

  @OptionGroup var project: ProjectOptions
  @OptionGroup var locks: LockOptions

  @Flag(help: "Settle the merge conflicts in it.")
  var resolve = false

  var printsJSON: Bool { project.json }

  func run(_ context: CommandContext) async throws -> CommandExit {
    let reporter = Reporter(context, json: project.json)
    let engine = try project.engine(
      context, ChatterObserver(context, json: project.json), waiting: locks)
    if resolve {
      let settled = try await engine.settleLock()
      reporter.show(
        LockView.human(settled, reporter.view), json: LockView.json(settled))
      return .ok
    }
    let standing = try await engine.lockStanding()
    reporter.show(LockView.human(standing, reporter.view), json: LockView.json(standing))
    return standing.isInStep ? .ok : .stale
  }
}
