import CivitaiSandbox
import Core
import Engine
import Foundation
import Testing

/// Runs `body` with a sandbox of small files, and stops it whatever happens.
func withSandbox(
  _ change: (inout SandboxOptions) -> Void = { _ in },
  _ body: (SandboxServer) async throws -> Void
) async throws {
  var options = SandboxOptions()
  options.scale = 0.05
  change(&options)
  let sandbox = try await SandboxServer.start(options)
  do {
    try await body(sandbox)
  } catch {
    await sandbox.stop()
    throw error
  }
  await sandbox.stop()
}

extension SandboxServer {
  /// Requests to storage so far, and the bytes that it handed out.
  var storage: (requests: Int, bytes: Int64) {
    let routes = requests.routes.filter { $0.key.hasPrefix("storage ") }.values
    return (routes.reduce(0) { $0 + $1.count }, routes.reduce(0) { $0 + $1.bytes })
  }

  /// Resolutions of downloads so far.
  var resolutions: Int {
    requests.routes.filter { $0.key.contains("/api/download/") }.values.reduce(0) { $0 + $1.count }
  }
}

/// Everything that civsync shows to others: the lock and the trees, byte for byte.
struct Photo: Equatable {
  var lock: String?
  var files: [String: Data]

  init(_ story: Story, _ root: String = "models") {
    lock = story.read("civsync.lock")
    files = Dictionary(
      uniqueKeysWithValues: story.placed(root).map { name in
        (name, FileManager.default.contents(atPath: story.path("\(root)/\(name)")) ?? Data())
      })
  }

  var names: [String] { files.keys.sorted() }
}

extension Story {
  /// What was printed and the exit code as one text, with what differs from run to run in words:
  /// ports, folders, ids of snapshots, durations, free space.
  func transcript(_ ran: Ran) -> String {
    var text = ran.output
    if !ran.errors.isEmpty { text += "[errors]\n" + ran.errors }
    text += "[exit \(ran.code.rawValue)]"
    return text.replacing(folder.string, with: "PROJECT")
      .replacing(/127\.0\.0\.1:[0-9]+/, with: "API").replacing(/localhost:[0-9]+/, with: "STORAGE")
      .replacing(/(?<word>[Ss]napshot|`civsync rollback|since) [0-9a-f]{10}(?![0-9a-f])/) {
        "\($0.output.word) ID"
      }
      .replacing(/(?m)^[0-9a-f]{10}\ \ /, with: "ID  ")
      .replacing(/\ in [0-9.]+ (?:ms|s)(?![a-z])/, with: " in TIME")
      .replacing(/of [0-9.]+ [kMGTP]?B free/, with: "of FREE free")
      .replacing(/"freeBytes":[0-9]+/, with: "\"freeBytes\":FREE")
      .replacing(/port [0-9]+ after [0-9]+ ms/, with: "port PORT")
  }

  /// Compares a command's whole transcript with the one that is expected.
  func expect(
    _ ran: Ran, _ expected: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let actual = transcript(ran)
    if actual != expected {
      Issue.record(
        "another transcript came:\n<<<\n\(actual)\n>>>", sourceLocation: sourceLocation)
    }
  }

  /// Runs a command that must end with a code, and shows what it printed when it does not.
  @discardableResult
  func must(
    _ arguments: String..., code: CommandExit = .ok,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async -> Ran {
    let ran = await run(arguments)
    if ran.code != code {
      Issue.record(
        "`\(arguments.joined(separator: " "))` ended with \(ran.code):\n\(transcript(ran))",
        sourceLocation: sourceLocation)
    }
    return ran
  }
}
