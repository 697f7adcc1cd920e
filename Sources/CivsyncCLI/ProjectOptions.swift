import ArgumentParser
import Core
import Engine

/// Which project a command works on.
struct ProjectOptions: ParsableArguments {
  @Option(
    name: [.customShort("f"), .customLong("file")],
    help: ArgumentHelp(
      "The manifest; may be repeated: each further one lies over those before.",
      valueName: "civsync.yaml"))
  var files: [String] = []

  @Option(
    help: ArgumentHelp(
      "The folder that holds .civsync/; the manifest's by default.",
      valueName: "folder"))
  var project: String?

  @Flag(help: "Print results and errors as JSON.")
  var json = false

  /// The project that the options name, seen from the working folder.
  func locate(_ context: CommandContext) throws -> Project {
    let folder = try project.map { try path($0, "--project", context) }
    var manifests = try files.map { try path($0, "--file", context) }
    let first =
      manifests.isEmpty
      ? (folder ?? context.workingFolder).appending("civsync.yaml") : manifests.removeFirst()
    return Project(manifest: first, further: manifests, folder: folder)
  }

  /// The engine of that project.
  func engine(
    _ context: CommandContext, _ observer: any EngineObserver,
    _ wish: TransferWish = TransferWish(), waiting locks: LockOptions? = nil
  ) throws -> Engine {
    var engine = context.engine
    engine.transfer = wish
    engine.lockTimeout = locks?.timeout ?? .zero
    return Engine(
      project: try locate(context), home: context.home, context: engine, observer: observer)
  }

  /// A path that the user wrote, seen from the working folder.
  func path(
    _ text: String, _ option: String, _ context: CommandContext
  ) throws -> AbsolutePath {
    guard !text.isEmpty, let path = context.workingFolder.resolving(text) else {
      throw EngineError(
        "C001", "`\(option)` is no path: `\(text)`", help: "name a file or folder", exit: .usage)
    }
    return path
  }
}
