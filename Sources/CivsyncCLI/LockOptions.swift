import ArgumentParser

/// How long a writing command waits for others.
struct LockOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Wait so long for another civsync that holds the project or its store: 30s, 10m, 2h.",
      valueName: "time"),
    transform: TimeSpan.reading("--lock-timeout", allowsNone: true))
  var lockTimeout: TimeSpan?

  var timeout: Duration { .seconds(lockTimeout?.seconds ?? 0) }

  /// The same for another command.
  var arguments: [String] { lockTimeout.map { ["--lock-timeout", "\($0.seconds)s"] } ?? [] }
}
