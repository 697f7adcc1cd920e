import CivitaiSandbox
import Core
import Engine
import Foundation
import Testing

/// The program itself, whose system calls fail from outside: those of libgit2 and SQLite too, which have doors
/// of their own. `CIVSYNC_OUTSIDE=all` tries all of them.
struct `Proof: calls that fail from outside` {
  private static let tracer = "/usr/bin/strace"
  private static let calls = [
    "fsync", "fdatasync", "rename", "renameat2", "link", "linkat", "unlink", "unlinkat", "mkdir",
    "mkdirat", "ftruncate", "pwrite64", "pread64", "fallocate",
  ]

  /// In the short form a few, in the long form all of them.
  private static let steps: [ProofStep] =
    ProcessInfo.processInfo.environment["CIVSYNC_OUTSIDE"] == nil
    ? ProofStep.chosen.filter { [.firstApply, .move, .rollback].contains($0) } : ProofStep.chosen

  private struct Fault: CustomStringConvertible {
    var call: String
    var number: Int
    var isFull: Bool
    var stays: Bool

    var description: String {
      "inject=\(call):error=\(isFull ? "ENOSPC" : "EIO"):when=\(number)\(stays ? "+" : "")"
    }
  }

  /// Proves D1, D2, D3, D4, D5, D6, D7, D11, D12.
  @Test(arguments: steps)
  func `loses nothing, libgit2's and SQLite's calls included`(step: ProofStep) async throws {
    try await withSandbox(step.shape) { sandbox in
      let run = try await ProofRun(step, sandbox)
      guard let faults = try await faults(run) else {
        return print("calls that fail from outside: skipped, no process can be traced here")
      }
      let points = ProofPoints(faults.count, variable: "CIVSYNC_OUTSIDE", otherwise: 4)
      var failed = 0
      for number in points.chosen {
        try run.before.write(to: run.story.folder)
        let ended = try await start(run, ["-o", "/dev/null", "-e", "\(faults[number])"]).end()
        failed += ended.status == 0 ? 0 : 1
        var found = try run.invariants.check(recovered: false)
        // 127: the loader came to no program.
        if ended.wasKilled || ended.status != 127 && CommandExit(rawValue: ended.status) == nil {
          found.append(Violation(id: "D11", text: "it ended with \(ended.status): \(ended.text)"))
        }
        found += try await run.recover(run.invariants)
        for violation in Set(found) {
          Issue.record("\(step.rawValue), point \(number), \(faults[number]): \(violation)")
        }
      }
      let told = points.told("calls of \(step.rawValue) that fail from outside")
      print("\(told); \(failed) commands did not end with 0")
    }
  }

  /// Each call as often as one thread makes it in a calm run; `nil` where none can be watched.
  private func faults(_ run: ProofRun) async throws -> [Fault]? {
    guard FileManager.default.isExecutableFile(atPath: Self.tracer) else { return nil }
    let log = FileManager.default.temporaryDirectory
      .appendingPathComponent("civsync-calls-\(UInt64.random(in: .min ... .max))")
    defer { try? FileManager.default.removeItem(at: log) }
    try run.before.write(to: run.story.folder)
    let ended = try await start(run, ["-o", log.path]).end()
    guard ended.status == 0, let data = try? Data(contentsOf: log), !data.isEmpty else {
      return nil
    }
    var counts: [Substring: [Substring: Int]] = [:]
    for line in String(decoding: data, as: UTF8.self).split(separator: "\n") {
      guard let match = line.firstMatch(of: /^([0-9]+) +([a-z0-9_]+)\(/) else { continue }
      counts[match.2, default: [:]][match.1, default: 0] += 1
    }
    return Self.calls.flatMap { call in
      (0..<(counts[call[...]]?.values.max() ?? 0) * 4).map { kind in
        Fault(call: call, number: kind / 4 + 1, isFull: kind % 2 == 0, stays: kind % 4 > 1)
      }
    }
  }

  private func start(_ run: ProofRun, _ options: [String]) throws -> Child {
    let traced = ["-f", "-qq", "-e", "trace=" + Self.calls.joined(separator: ",")] + options
    return try Child(
      "/usr/bin/timeout",
      ["--signal=KILL", "60", Self.tracer] + traced + [try builtProgram()] + run.step.arguments,
      in: run.story.folder.string,
      [
        "HOME": run.story.folder.string, "PATH": "/usr/bin:/bin", "CIVSYNC_CATALOGUE_AGE": "0",
        "CIVSYNC_TOKEN": ProofStep.token, "LLVM_PROFILE_FILE": "/dev/null",
      ])
  }
}
