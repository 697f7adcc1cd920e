import Diagnostics
import Engine

/// Shows a command's outcome: data on standard output, everything else on standard error; as JSON
/// when that was asked for.
struct Reporter {
  let context: CommandContext
  let json: Bool

  init(_ context: CommandContext, json: Bool) {
    self.context = context
    self.json = json
  }

  var view: ViewOptions { options(context.output) }
  var errorView: ViewOptions { options(context.errors) }

  private func options(_ output: any TextOutput) -> ViewOptions {
    ViewOptions(width: output.width, style: TextStyle(isOn: context.usesColor(output)))
  }

  /// Human text or a JSON line, to standard output.
  func show(_ text: @autoclosure () -> String, json node: @autoclosure () -> JSONNode) {
    context.output.write(json ? node().text : text())
  }

  func warn(_ diagnostics: [Diagnostic]) {
    guard !diagnostics.isEmpty else { return }
    context.errors.write(ErrorView.human(diagnostics, errorView) + "\n")
  }

  func report(_ error: EngineError) -> CommandExit {
    if json {
      context.output.write(ErrorView.json(error.diagnostics, exit: error.exit.rawValue).text)
    } else {
      context.errors.write(ErrorView.human(error.diagnostics, errorView))
    }
    return error.exit
  }
}
