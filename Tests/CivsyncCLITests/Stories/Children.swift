import Core
import Foundation
import Glibc
import Testing

/// A program that runs beside the test.
final class Child: Sendable {
  struct Ended: Sendable {
    var status: Int32
    var wasKilled: Bool
    var output: Data
    var text: String { String(decoding: output, as: UTF8.self) }
  }

  private let process = Process()
  private let ends: AsyncStream<Ended>

  /// Standard output and standard error come as one.
  init(
    _ program: String, _ arguments: [String], in folder: String, _ environment: [String: String]
  ) throws {
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.currentDirectoryURL = URL(filePath: folder)
    process.environment = environment
    let output = FileManager.default.temporaryDirectory
      .appendingPathComponent("civsync-child-\(UInt64.random(in: .min ... .max))")
    _ = FileManager.default.createFile(atPath: output.path, contents: nil)
    let handle = try FileHandle(forWritingTo: output)
    process.standardOutput = handle
    process.standardError = handle
    process.standardInput = FileHandle.nullDevice
    let (ends, continuation) = AsyncStream.makeStream(of: Ended.self)
    self.ends = ends
    process.terminationHandler = { process in
      let data = (try? Data(contentsOf: output)) ?? Data()
      try? FileManager.default.removeItem(at: output)
      continuation.yield(
        Ended(
          status: process.terminationStatus,
          wasKilled: process.terminationReason == .uncaughtSignal, output: data))
      continuation.finish()
    }
    try process.run()
  }

  var isRunning: Bool { process.isRunning }

  func signal(_ number: Int32) { kill(process.processIdentifier, number) }

  /// The most files that were open at one time, until it ended.
  func mostOpenFiles() async -> Int {
    var most = 0
    while process.isRunning {
      let names = try? FileManager.default.contentsOfDirectory(
        atPath: "/proc/\(process.processIdentifier)/fd")
      most = max(most, names?.count ?? 0)
      try? await Task.sleep(for: .milliseconds(50))
    }
    return most
  }

  func end() async throws -> Ended {
    for await ended in ends { return ended }
    throw CancellationError()
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
