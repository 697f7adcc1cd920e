import Core
import GitStore
import History
import ManifestModel
import Planning
import SystemIO

/// How one of the manifest's checks ended.
package struct CheckResult: Sendable, Equatable {
  package var name: String
  package var command: String
  package var passed: Bool
  /// `passed`, `exit code 3`, `ran for more than 60 s`, …
  package var verdict: String
  /// Both outputs as they came; the last of it when there was much.
  package var output: String
  package var isCut: Bool
  package var seconds: Double

  package init(
    name: String, command: String, passed: Bool, verdict: String, output: String = "",
    isCut: Bool = false, seconds: Double = 0
  ) {
    self.name = name
    self.command = command
    self.passed = passed
    self.verdict = verdict
    self.output = output
    self.isCut = isCut
    self.seconds = seconds
  }
}

extension Engine {
  /// Runs the manifest's checks after an apply that changed trees. When one fails, everything goes
  /// back to the snapshot before, and that is recorded.
  /// - Parameter head: the snapshot before the apply; `nil` when it was the first.
  func runChecks(
    _ manifest: Manifest, skipping isSkipped: Bool, head: Snapshot?, _ outcome: inout RunOutcome
  ) async throws {
    guard !manifest.checks.isEmpty, let snapshot = outcome.snapshot,
      outcome.done.contains(where: { $0.kind != .release })
    else { return }
    guard !isSkipped else {
      observer.handle(.notice("the checks are skipped, as `--no-checks` says"))
      return
    }
    for check in manifest.checks {
      observer.handle(.notice("check `\(check.name)` runs"))
      let result = try await run(check, snapshot)
      outcome.checks.append(result)
      if result.passed { continue }
      let isInterrupted = Task.isCancelled
      observer.handle(.notice("check `\(check.name)` failed: \(result.verdict); going back"))
      try await goBack(to: head, because: "check `\(check.name)` failed", &outcome)
      outcome.exit = isInterrupted ? .interrupted : .refused
      return
    }
  }

  private func goBack(
    to head: Snapshot?, because reason: String, _ outcome: inout RunOutcome
  ) async throws {
    let way = try await returning(to: head?.id?.hex ?? History.emptyRevision)
    try requireObjects(way.run.plan)
    var back = RunOutcome()
    try await goBack(way, title: "rollback: \(reason)", &back)
    outcome.rolledBackTo = head?.id?.short ?? History.emptyRevision
    outcome.done = []
    outcome.snapshot = back.snapshot
    outcome.aside += back.aside
    outcome.left += back.left
  }

  private func run(_ check: CheckSpec, _ snapshot: CommitID) async throws -> CheckResult {
    let command = ShellCommand(
      check.command, in: project.folder, environment: checkEnvironment(snapshot),
      timeout: .seconds(check.timeoutSeconds))
    let isCancelled = Locked(false)
    let began = ContinuousClock.now
    let ended: Result<ShellCommand.Result, SystemError> = await withTaskCancellationHandler {
      await disk.run {
        Result { () throws(SystemError) in
          try command.run(isCancelled: { isCancelled.withLock { $0 } })
        }
      }
    } onCancel: {
      isCancelled.withLock { $0 = true }
    }
    var result = CheckResult(
      name: check.name, command: check.command, passed: false, verdict: "",
      seconds: (ContinuousClock.now - began).inSeconds)
    switch ended {
    case .failure(let error): result.verdict = "could not be started: \(error)"
    case .success(let end):
      result.passed = end.ending == .exited(0)
      result.verdict = Self.verdict(end.ending, check)
      result.output = String(decoding: end.output, as: UTF8.self)
      result.isCut = end.isCut
    }
    return result
  }

  private static func verdict(_ ending: ShellCommand.Ending, _ check: CheckSpec) -> String {
    switch ending {
    case .exited(0): "passed"
    case .exited(let code): "exit code \(code)"
    case .killed(let signal): "ended by signal \(signal)"
    case .timedOut: "ran for more than \(check.timeoutSeconds) s"
    case .cancelled: "interrupted"
    }
  }

  /// What a check finds: little, and never the token.
  private func checkEnvironment(_ snapshot: CommitID) -> [String: String] {
    var environment = [
      "PATH": context.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin",
      "LANG": context.environment["LANG"] ?? "C.UTF-8",
      "CIVSYNC_PROJECT": project.folder.string,
      "CIVSYNC_SNAPSHOT": snapshot.hex,
    ]
    environment["HOME"] = home?.string ?? context.environment["HOME"]
    return environment
  }
}
