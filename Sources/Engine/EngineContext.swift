package import Core
package import GitStore
package import SystemIO

/// What a user wants of one run's downloads.
package struct TransferWish: Sendable {
  /// One file after the other, each over one connection.
  package var isSequential = false
  /// In a second, for all of them together.
  package var limitRate: ByteCount?
  /// Further tries of each call and each download; `nil`: as many as the manifest says.
  package var maxRetries: Int?

  package init() {}
}

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
  /// How long to wait for a project or store that another process uses.
  package var lockTimeout = Duration.zero
  /// How one run fetches, whatever the manifest says.
  package var transfer = TransferWish()
  /// The room on a file system, asked about once a second while files are fetched.
  package var freeSpace: @Sendable (FileSystem, AbsolutePath) throws(SystemError) -> FreeSpace = {
    (files, path) throws(SystemError) in try files.freeSpace(path)
  }
  /// What this process holds in memory, likewise.
  package var memory: @Sendable () -> ByteCount? = { ProcessUsage.residentMemory }
  /// What a login kept; read when an engine begins.
  package internal(set) var login: Login?

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

  /// The API token: the environment's before the one that was kept by a login.
  package var token: Secret? { environmentToken ?? login?.token }

  /// Where the token comes from; `nil` without one.
  package var tokenSource: TokenSource? {
    if environmentToken != nil { return .environment }
    guard let login, login.token != nil, let path = login.path else { return nil }
    return .file(path)
  }

  private var environmentToken: Secret? {
    environment["CIVSYNC_TOKEN"].flatMap { text in
      let token = text.filter { !$0.isWhitespace }
      return token.isEmpty ? nil : Secret(token)
    }
  }

  /// Where the token may be sent.
  var tokenPolicy: TokenPolicy {
    TokenPolicy(
      hosts: ([environment["CIVSYNC_TOKEN_HOSTS"] ?? ""] + (login?.hosts ?? []))
        .joined(separator: ","))
  }
}
