package import Core
package import GitStore
package import SystemIO

/// Everything the engine needs of the world around it, as values: nothing below reads a global.
package struct EngineContext: Sendable {
  package var fileSystem: FileSystem
  /// The process environment as the command line found it.
  package var environment: [String: String]
  /// For waiting between retries.
  package var clock: any Clock<Duration>
  /// The wall clock, for commits and records.
  package var now: @Sendable () -> GitTime
  /// Uniform in 0..<1, for jitter.
  package var random: @Sendable () -> Double
  package var userAgent: String
  /// Who holds the locks that this process takes.
  package var process: Int32
  package var command: String

  package init(
    fileSystem: FileSystem, environment: [String: String], clock: any Clock<Duration>,
    now: @escaping @Sendable () -> GitTime, random: @escaping @Sendable () -> Double,
    userAgent: String, process: Int32, command: String
  ) {
    self.fileSystem = fileSystem
    self.environment = environment
    self.clock = clock
    self.now = now
    self.random = random
    self.userAgent = userAgent
    self.process = process
    self.command = command
  }

  /// Seconds since 1970.
  var unixTime: Int64 { now().seconds }

  /// The API token, if the environment has one.
  package var token: Secret? {
    environment["CIVSYNC_TOKEN"].flatMap { text in
      let token = text.filter { !$0.isWhitespace }
      return token.isEmpty ? nil : Secret(token)
    }
  }
}
