import ArgumentParser
import Engine
import GitStore

struct TagCommand: CivsyncCommand {
  static let configuration = CommandConfiguration(
    commandName: "tag",
    abstract: "Give a snapshot a name that stays, or list the names.",
    discussion: """
      A name serves wherever a revision does, as in `civsync rollback NAME`, and `gc` keeps what \
      going back to it needs. Without arguments all names are listed.
      """)

  @Argument(help: "The name to give.")
  var name: String?

  @Argument(help: "The snapshot, HEAD by default.")
  var revision: String?

  @OptionGroup var project: ProjectOptions
  @OptionGroup var locks: LockOptions

  @Flag(name: [.customShort("d"), .customLong("delete")], help: "Take the name away.")
  var deletes = false

  var printsJSON: Bool { project.json }

  func validate() throws {
    if deletes, name == nil { throw ValidationError("Say which name to take away.") }
    if deletes, revision != nil { throw ValidationError("--delete takes a name alone.") }
  }

  func run(_ context: CommandContext) async throws -> CommandExit {
    let reporter = Reporter(context, json: project.json)
    let engine = try project.engine(
      context, ChatterObserver(context, json: project.json), waiting: locks)
    guard let name else {
      let tags = try await engine.tags().map(TagItem.init)
      reporter.show(TagView.human(tags, reporter.view), json: TagView.json(tags))
      return .ok
    }
    if deletes {
      try await engine.untag(name)
      reporter.show(TagView.human(removed: name, reporter.view), json: TagView.json(removed: name))
    } else {
      let tag = TagItem(try await engine.tag(name, at: revision ?? "HEAD"))
      reporter.show(TagView.human(added: tag, reporter.view), json: TagView.json(added: tag))
    }
    return .ok
  }
}

extension TagItem {
  init(_ tag: TaggedSnapshot) { self.init(name: tag.name, snapshot: LogItem(tag.snapshot)) }
}
