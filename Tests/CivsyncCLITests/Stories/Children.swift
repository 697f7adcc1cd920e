import Core
import Foundation
import Glibc
import ProgramTestSupport
import Testing

/// A program that runs beside the test.
final class Child: Sendable {
  struct Ended: Sendable {
    var status: Int32
    var wasKilled: Bool
    var output: Data
    var text: String { String(decoding: output, as: UTF8.self) }
  }

  private let program: Program
  private let output: URL

  /// Standard output and standard error come as one.
  init(
    _ program: String, _ arguments: [String], in folder: String, _ environment: [String: String]
  ) throws {
    output = FileManager.default.temporaryDirectory
      .appendingPathComponent("civsync-child-\(UInt64.random(in: .min ... .max))")
    _ = FileManager.default.createFile(atPath: output.path, contents: nil)
    let handle = try FileHandle(forWritingTo: output)
    self.program = try Program(
      program, arguments, in: folder, environment: environment, output: handle, errors: handle)
  }

  deinit { try? FileManager.default.removeItem(at: output) }

  var isRunning: Bool { program.isRunning }

  func signal(_ number: Int32) { program.signal(number) }

  /// The most files that were open at one time, until it ended.
  func mostOpenFiles() async -> Int {
    var most = 0
    while program.isRunning {
      let names = try? FileManager.default.contentsOfDirectory(
        atPath: "/proc/\(program.id)/fd")
      most = max(most, names?.count ?? 0)
      try? await Task.sleep(for: .milliseconds(50))
    }
    return most
  }

  func end() async throws -> Ended {
    let end = await program.end()
    return Ended(
      status: end.status, wasKilled: end.wasKilled,
      output: (try? Data(contentsOf: output)) ?? Data())
  }
}

/// A built program, which stands beside the test bundle.
func builtProgram(_ name: String = "civsync") throws -> String {
  let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
  let program = URL(filePath: own).deletingLastPathComponent().appendingPathComponent(name)
  try #require(FileManager.default.isExecutableFile(atPath: program.path))
  return program.path
}

/// Runs git on the story's history and returns what it printed.
func git(_ story: Story, _ arguments: String...) async throws -> Data {
  let child = try Child(
    "/usr/bin/git", ["-C", story.path(".civsync")] + arguments, in: story.folder.string,
    ["HOME": story.folder.string, "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C"])
  let ended = try await child.end()
  #expect(ended.status == 0, "git \(arguments): \(ended.text)")
  return ended.output
}

/// Waits until something that happens beside the test has happened.
func eventually(
  _ what: String, sourceLocation: SourceLocation = #_sourceLocation, _ holds: () -> Bool
) async throws {
  let clock = ContinuousClock()
  let deadline = clock.now + .seconds(60)
  while !holds() {
    if clock.now > deadline {
      Issue.record("it never happened: \(what)", sourceLocation: sourceLocation)
      throw CancellationError()
    }
    try await Task.sleep(for: .milliseconds(5))
  }
}
