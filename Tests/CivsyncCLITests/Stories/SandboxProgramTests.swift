import Core
import Foundation
import Glibc
import Testing

struct `The sandbox as a program` {
  @Test func `says when it is ready, serves civsync, and ends on SIGTERM`() async throws {
    let story = try Story()
    let sandbox = try Child(
      builtProgram("civitai-sandbox"), ["--ready-file", "ready", "--scale", "0.05"],
      in: story.folder.string, ProcessInfo.processInfo.environment)
    try await eventually("the sandbox is ready") { story.read("ready") != nil }
    let line = try #require(story.read("ready"))
    let match = try #require(
      line.firstMatch(of: /ready api=(http:\/\/127\.0\.0\.1:\d+) storage=http:\/\/localhost:\d+\n/))
    try story.manifest(endpoint: String(match.1), "collections:\n  a: { models: [1004] }\n")
    await story.must("apply", "--yes")
    sandbox.signal(SIGTERM)
    let ended = try await sandbox.end()
    #expect(ended.status == 0)
    #expect(!ended.wasKilled)
    #expect(ended.text == line)
  }

  @Test(arguments: [
    (["--port", "70000"], "Error: a port is a number from 0 to 65535"),
    (["--scale", "0"], "Error: `--scale` is a factor above 0, up to 1000000"),
    (["--throttle", "0"], "Error: `--throttle` is a number of bytes above 0"),
    (["--models=-1"], "Error: `--models` cannot be negative"),
    (
      ["--catalogue", "nowhere"],
      "error: cannot read the catalogue folder `nowhere`: it does not exist; check the path"
    ),
  ])
  func `refuses options that make no sense`(arguments: [String], text: String) async throws {
    let story = try Story()
    let ended = try await Child(
      builtProgram("civitai-sandbox"), arguments, in: story.folder.string,
      ProcessInfo.processInfo.environment
    ).end()
    #expect(ended.status != 0)
    #expect(ended.text.hasPrefix(text + "\n"), "\(ended.text)")
  }
}
