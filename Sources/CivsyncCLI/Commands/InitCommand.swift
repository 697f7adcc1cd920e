import ArgumentParser
import Core
import Diagnostics
import Engine

struct InitCommand: CivsyncCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Write a commented manifest to begin with.",
    discussion: """
      Asks for what the options leave open when someone is there to answer; otherwise takes the \
      defaults. Nothing is fetched, and a manifest that is there stays as it is.
      """)

  @OptionGroup var project: ProjectOptions

  @Option(
    help: ArgumentHelp(
      "The folder that your tool reads, as the manifest writes it.", valueName: "path"))
  var root: String?

  @Option(
    help: ArgumentHelp(
      "comfyui, a1111, forge, stabilitymatrix, swarmui, flat, or a template.",
      valueName: "layout"))
  var layout: String?

  @Option(
    name: .customLong("user"),
    help: ArgumentHelp("A creator to follow; may be repeated.", valueName: "name"))
  var users: [String] = []

  @Option(
    name: .customLong("model"),
    help: ArgumentHelp("A model's id, address or AIR; may be repeated.", valueName: "model"))
  var models: [String] = []

  @Flag(help: "Overwrite the manifest that is there.")
  var force = false

  var printsJSON: Bool { project.json }

  func run(_ context: CommandContext) async throws -> CommandExit {
    let location = try project.locate(context)
    let engine = Engine(
      project: location, home: context.home, context: context.engine, observer: SilentObserver())
    if !force { try await engine.requireNoManifest() }
    var draft = ManifestDraft(
      root: root, layout: layout ?? ManifestDraft.defaultLayout, users: users, models: models)
    try refuse(mistakes(draft, engine))
    if context.canAsk { try ask(&draft, engine, context) }
    try await engine.writeManifest(draft.text, overwriting: force)
    report(location.manifest, draft, context)
    return .ok
  }

  private func mistakes(_ draft: ManifestDraft, _ engine: Engine) -> [Diagnostic] {
    engine.mistakes(inManifest: draft.text).filter { $0.severity == .error }
  }

  private func refuse(_ mistakes: [Diagnostic]) throws(EngineError) {
    if mistakes.isEmpty { return }
    throw EngineError(
      mistakes + [
        Diagnostic(
          code: "C102", message: "the manifest would not be valid; nothing was written",
          help: "correct the options that it was made from")
      ], exit: .usage)
  }

  /// Asks for what no option says; each answer is checked before the next question.
  private func ask(
    _ draft: inout ManifestDraft, _ engine: Engine, _ context: CommandContext
  ) throws(EngineError) {
    let interview = Interview(context: context) { self.mistakes($0, engine) }
    if layout == nil {
      try interview.ask(
        "Layout: comfyui, a1111, forge, stabilitymatrix, swarmui, flat, or a template "
          + "[\(draft.layout)]: ", &draft
      ) { $0.layout = $1 }
    }
    if root == nil {
      try interview.ask("The folder that your tool reads [\(draft.defaultRoot)]: ", &draft) {
        $0.root = $1
      }
    }
    if users.isEmpty, models.isEmpty {
      try interview.ask(
        "Creators to follow by name, models by id or address [none yet]: ", &draft
      ) { $0.add($1) }
    }
  }

  private func report(
    _ manifest: AbsolutePath, _ draft: ManifestDraft, _ context: CommandContext
  ) {
    let reporter = Reporter(context, json: project.json)
    let folder = context.workingFolder
    let isInside = folder.contains(manifest) && folder.string != "/"
    let name =
      isInside ? String(manifest.string.dropFirst(folder.string.count + 1)) : manifest.string
    let next =
      "civsync plan" + (project.files.first.map { " -f \($0)" } ?? "")
      + (project.project.map { " --project \($0)" } ?? "")
    var page = Page(reporter.view)
    page.paragraph("Wrote `\(name)`.")
    if draft.users.isEmpty, draft.models.isEmpty {
      page.paragraph("It selects nothing yet: name a creator or a model in it.")
    }
    page.paragraph("Next: `\(next)` shows what would be fetched, and changes nothing.")
    reporter.show(
      page.text,
      json: .object([
        ("version", .int(1)), ("exit", .int(0)), ("manifest", .string(manifest.string)),
        ("next", .string(next)),
      ]))
  }
}

/// Questions on the terminal, each with what an empty answer means.
private struct Interview {
  let context: CommandContext
  /// What would be wrong with a draft.
  let mistakes: (ManifestDraft) -> [Diagnostic]

  private static let tries = 3

  /// Asks until the answer does for the manifest; an empty one, or the end of input, leaves the
  /// draft as it is.
  func ask(
    _ question: String, _ draft: inout ManifestDraft,
    _ take: (inout ManifestDraft, String) -> Void
  ) throws(EngineError) {
    var found: [Diagnostic] = []
    for _ in 0..<Self.tries {
      context.errors.write(question)
      let answer = Self.trimmed(context.readLine() ?? "")
      if answer.isEmpty { return }
      var changed = draft
      take(&changed, answer)
      found = mistakes(changed)
      if found.isEmpty {
        draft = changed
        return
      }
      for mistake in found.prefix(1) {
        let help = mistake.help.map { "; \($0)" } ?? ""
        context.errors.write(DisplayText.harmless("\(mistake.message)\(help)") + "\n")
      }
    }
    throw EngineError(
      "C103", "there was no answer that a manifest can hold; nothing was written",
      help: "run `civsync init --help` for what can be said", exit: .usage)
  }

  private static func trimmed(_ text: String) -> String {
    let start = text.drop(while: \.isWhitespace)
    let end = start.lastIndex { !$0.isWhitespace }
    return end.map { String(start[...$0]) } ?? ""
  }
}
