package import Core
import Engine
import GitStore
import SystemIO

extension CommandContext {
  /// The context of a real process. Only the program's entry makes one.
  /// - Parameters:
  ///   - environment: the process's environment.
  ///   - workingFolder: where it stands.
  ///   - now: seconds since 1970 and the local offset from UTC in minutes.
  ///   - process: its id.
  ///   - readLine: waits for a line of the user's; `nil` at the end of input.
  package static func system(
    environment: [String: String], workingFolder: AbsolutePath, arguments: [String],
    now: @escaping @Sendable () -> (seconds: Int64, offsetMinutes: Int), process: Int32,
    readLine: @escaping @Sendable () -> String?
  ) -> CommandContext {
    let engine = EngineContext(
      fileSystem: FileSystem(), environment: environment, clock: ContinuousClock(),
      now: {
        let time = now()
        return GitTime(seconds: time.seconds, offsetMinutes: time.offsetMinutes)
      },
      random: { Double.random(in: 0..<1) }, userAgent: Version.userAgent, process: process,
      command: (["civsync"] + arguments.prefix(1)).joined(separator: " "))
    let start = ContinuousClock.now
    return CommandContext(
      engine: engine, workingFolder: workingFolder,
      home: environment["HOME"].flatMap { AbsolutePath($0) },
      output: StreamOutput(.output), errors: StreamOutput(.error), readLine: readLine,
      readSecret: { HiddenInput.read { readLine() } },
      canAsk: StandardStream.input.isTerminal && StandardStream.error.isTerminal,
      uptime: { ContinuousClock.now - start })
  }
}

extension CommandContext {
  /// Has the process keep no more memory than it needs. The first thing that a program does.
  package static func keepMemorySmall() { Allocator.keepSmall() }

  /// For whoever ends the process in the middle of a question: the terminal shows again what is
  /// typed.
  package static func showTyping() { HiddenInput.restore() }
}

/// A standard stream as a command sees it.
private struct StreamOutput: TextOutput {
  private let stream: StandardStream
  private let output: SystemIO.TextOutput

  init(_ stream: StandardStream) {
    self.stream = stream
    output = SystemIO.TextOutput(stream)
  }

  var isTerminal: Bool { stream.isTerminal }
  var width: Int? { stream.columns }
  func write(_ text: String) { output.write(text) }
}
