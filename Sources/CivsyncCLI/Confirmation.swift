import Engine

/// The question before a change.
struct Confirmation {
  let context: CommandContext
  let yes: Bool

  /// Refuses before anything is asked or fetched when nobody can answer.
  func requireAnswerable(_ command: String) throws(EngineError) {
    if yes || context.canAsk { return }
    throw EngineError(
      "C002", "`\(command)` asks first, and nobody is there to answer",
      help: "run it on a terminal, or add `--yes`", exit: .usage)
  }

  /// - Returns: whether to go on. A declined question is an answer, not an error.
  func ask(_ question: String) -> Bool {
    if yes { return true }
    context.errors.write("\(question) [y/N] ")
    let answer = context.readLine()?.lowercased() ?? ""
    let agreed = ["y", "yes"].contains(answer.filter { !$0.isWhitespace })
    if !agreed { context.errors.write("Nothing was changed.\n") }
    return agreed
  }
}
