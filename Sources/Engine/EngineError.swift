package import Diagnostics

/// What ends a command: what to say, and the exit code.
package struct EngineError: Error, Sendable {
  package var diagnostics: [Diagnostic]
  package var exit: CommandExit

  package init(_ diagnostics: [Diagnostic], exit: CommandExit) {
    self.diagnostics = diagnostics
    self.exit = exit
  }

  package init(
    _ code: String, _ message: String, notes: [String] = [], help: String? = nil,
    exit: CommandExit = .failed
  ) {
    self.init([Diagnostic(code: code, message: message, notes: notes, help: help)], exit: exit)
  }
}
