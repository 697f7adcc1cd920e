import ArgumentParser
import CatalogueModel
import Engine
import GitStore

struct LogCommand: CivsyncCommand {
  static let configuration = CommandConfiguration(
    commandName: "log", abstract: "List the snapshots, newest first.")

  @OptionGroup var project: ProjectOptions

  @Option(name: [.customShort("n"), .long], help: "Show at most so many.")
  var limit = 50

  var printsJSON: Bool { project.json }

  func validate() throws {
    guard limit > 0 else { throw ValidationError("--limit must be at least 1") }
  }

  func run(_ context: CommandContext) async throws -> CommandExit {
    let reporter = Reporter(context, json: project.json)
    let engine = try project.engine(context, ChatterObserver(context, json: project.json))
    let items = try await engine.log(limit: limit).map(LogItem.init)
    reporter.show(LogView.human(items, reporter.view), json: LogView.json(items))
    return .ok
  }
}

extension LogItem {
  init(_ info: SnapshotInfo) {
    self.init(
      id: info.id.hex, shortID: info.id.short,
      time: Measures.local(info.time.seconds, info.time.offsetMinutes),
      timestamp: Timestamp(milliseconds: info.time.seconds * 1_000).description,
      title: info.title, refs: info.refs, isWhole: info.isIncomplete.map { !$0 })
  }
}
