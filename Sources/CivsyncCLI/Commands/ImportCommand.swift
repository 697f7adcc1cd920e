import ArgumentParser
import Core
import Diagnostics
import Engine

struct ImportCommand: CivsyncCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Write a manifest that declares what a folder of models holds.",
    discussion: """
      Scans the folder and declares each file at the place where it stands: what the site knows as \
      a file of its model, the rest by its digest; the lock says the same. The folder is only read. \
      With --adopt the files are then taken into the store and stay yours: they are given back, \
      never removed, when they leave the manifest. They are shared with the store where the file \
      system can (reflink) and copied elsewhere; --adopt=link makes them names of the store's files, \
      which costs nothing and makes them read-only.
      """)

  @Argument(help: ArgumentHelp("The folder.", valueName: "folder"))
  var folder: String

  @OptionGroup var project: ProjectOptions
  @OptionGroup var locks: LockOptions

  @Option(
    help: ArgumentHelp(
      "comfyui, a1111, forge, stabilitymatrix, swarmui, flat, or a template, for what comes later; "
        + "by the folders' names by default.", valueName: "layout"))
  var layout: String?

  @Option(
    help: ArgumentHelp(
      "Take the files into the store and make the first snapshot: reflink (what --adopt alone "
        + "means), copy or link.", valueName: "how"))
  var adopt: AdoptionMethod?

  @Flag(help: "Show the manifest, and write nothing.")
  var dryRun = false

  @Flag(help: "Overwrite another manifest that is there.")
  var force = false

  @Flag(name: [.short, .long], help: "Do not ask before files are adopted.")
  var yes = false

  var printsJSON: Bool { project.json }

  func validate() throws {
    if adopt != nil, dryRun { throw ValidationError("--dry-run writes nothing, and --adopt does") }
  }

  func run(_ context: CommandContext) async throws -> CommandExit {
    let reporter = Reporter(context, json: project.json)
    if adopt != nil {
      try Confirmation(context: context, yes: yes).requireAnswerable("civsync import --adopt")
    }
    let progress = ReadingReporter(context)
    let location = try project.locate(context)
    let engine = try project.engine(context, progress, waiting: locks)
    var request = ScanRequest(folder: try project.path(folder, "FOLDER", context))
    request.interval = progress.interval
    defer { progress.finish() }
    let report = try await engine.scan(request)
    progress.finish()
    if let reason = report.unanswered {
      throw EngineError(
        "C212", "the site could not tell whose the files are: \(reason)",
        help: "try again later; nothing was written", exit: .unreachable)
    }
    if !dryRun { try await engine.requireUnclaimed(report.folder) }
    let plan = try await engine.planImport(report, layout: layout, overwriting: force || dryRun)
    if dryRun {
      reporter.show(plan.text, json: ImportView.json(plan, location.manifest, written: false))
      return .ok
    }
    if !plan.isUnchanged { try await engine.writeManifest(plan.text, overwriting: force) }
    // An adoption writes it itself.
    var locked: Int?
    let isLocked = plan.isUnchanged ? await engine.hasLock() : false
    if adopt == nil, !isLocked { locked = try await engine.lockImported() }
    if !(adopt != nil && project.json) {
      reporter.show(
        ImportView.human(plan, location, locked: locked, adoption: adopt, reporter.view),
        json: ImportView.json(plan, location.manifest, written: !plan.isUnchanged))
    }
    guard let adopt else { return .ok }
    return try await ApplyCommand.parse(
      project.arguments + locks.arguments + ["--adopt", adopt.rawValue] + (yes ? ["--yes"] : [])
    ).run(context)
  }

  /// The arguments with what `--adopt` alone means; an option of the parser's always has a value.
  static func spelledOut(_ arguments: [String]) -> [String] {
    guard arguments.first == configuration.commandName else { return arguments }
    return arguments.map { $0 == "--adopt" ? "--adopt=\(AdoptionMethod.reflink.rawValue)" : $0 }
  }
}

extension AdoptionMethod: ExpressibleByArgument {}

extension ProjectOptions {
  /// The same options for another command.
  fileprivate var arguments: [String] {
    files.flatMap { ["-f", $0] } + (project.map { ["--project", $0] } ?? [])
      + (json ? ["--json"] : [])
  }
}
