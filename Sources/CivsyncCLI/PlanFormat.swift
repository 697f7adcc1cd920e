import ArgumentParser

/// How a plan is printed.
enum PlanFormat: String, CaseIterable, ExpressibleByArgument, Sendable {
  case human, json
  /// For a comment on a change of the manifest.
  case markdown
}

/// `--format`, with `--json` as the short form of one of them.
struct PlanFormatOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("human, json, or markdown for a pull request.", valueName: "format"))
  var format: PlanFormat?

  /// The format that both options come to.
  /// - Throws: a mistake in the command line when they differ.
  func checked(json: Bool) throws -> PlanFormat {
    guard json, let format, format != .json else { return format ?? (json ? .json : .human) }
    throw ValidationError("--json and --format \(format.rawValue) ask for different things")
  }
}
