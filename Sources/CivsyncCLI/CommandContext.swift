package import Core
package import Engine

/// What a command has to do with the world: where it stands, what it may print to, whom it can
/// ask. Tests hand in their own.
package struct CommandContext: Sendable {
  package var engine: EngineContext
  package var workingFolder: AbsolutePath
  package var home: AbsolutePath?
  package var output: any TextOutput
  package var errors: any TextOutput
  /// Reads one line of the user's answer; `nil` at the end of input.
  package var readLine: @Sendable () -> String?
  /// The same without showing what is typed, where that is a terminal.
  package var readSecret: @Sendable () -> String?
  /// Whether someone sits at standard input who can be asked.
  package var canAsk: Bool
  /// Time that passes, for the pace of progress lines; from any beginning.
  package var uptime: @Sendable () -> Duration

  package init(
    engine: EngineContext, workingFolder: AbsolutePath, home: AbsolutePath?,
    output: any TextOutput, errors: any TextOutput,
    readLine: @escaping @Sendable () -> String?, readSecret: @escaping @Sendable () -> String?,
    canAsk: Bool, uptime: @escaping @Sendable () -> Duration
  ) {
    self.engine = engine
    self.workingFolder = workingFolder
    self.home = home
    self.output = output
    self.errors = errors
    self.readLine = readLine
    self.readSecret = readSecret
    self.canAsk = canAsk
    self.uptime = uptime
  }
}

/// Where text goes: a terminal, a pipe, a file, or a test's memory.
package protocol TextOutput: Sendable {
  var isTerminal: Bool { get }
  /// Columns, where it is a terminal that tells.
  var width: Int? { get }
  /// Writes all of it. A reader that went away is no error worth telling it about.
  func write(_ text: String)
}

extension CommandContext {
  /// Whether to use ANSI styles on an output: `NO_COLOR` and `TERM=dumb` say no, `CLICOLOR_FORCE`
  /// says yes, otherwise a terminal decides.
  func usesColor(_ output: any TextOutput) -> Bool {
    let environment = engine.environment
    if environment["NO_COLOR"].map({ !$0.isEmpty }) ?? false { return false }
    if environment["CLICOLOR_FORCE"].map({ !$0.isEmpty && $0 != "0" }) ?? false { return true }
    return output.isTerminal && environment["TERM"] != "dumb"
  }
}
