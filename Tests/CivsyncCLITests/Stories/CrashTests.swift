import CivitaiSandbox
import Core
import Engine
import Foundation
import Glibc
import Testing

struct `Interrupted runs` {
  private static let asked = "collections: { c: { models: [1001, 1002, 1003] } }\n"

  private func options(_ options: inout SandboxOptions) {
    options.scale = 0.5
    options.throttleBytesPerSecond = 400_000
  }

  private func start(_ story: Story, _ arguments: String...) throws -> Child {
    var environment = ["HOME": story.folder.string, "PATH": "/usr/bin:/bin"]
    // What a killed run covered is lost; the others count.
    environment["LLVM_PROFILE_FILE"] =
      ProcessInfo.processInfo.environment["LLVM_PROFILE_FILE"] ?? "/dev/null"
    return try Child(try builtProgram(), arguments, in: story.folder.string, environment)
  }

  /// How much of unfinished files stands on the disk.
  private func partialBytes(_ story: Story) -> Int64 {
    let folder = story.path(".civsync/store/partial")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.reduce(0) { sum, name in
      let facts = try? FileManager.default.attributesOfItem(atPath: folder + "/" + name)
      return sum + ((facts?[.size] as? NSNumber)?.int64Value ?? 0)
    }
  }

  /// The sandbox has noticed that whoever asked is gone.
  private func settle(_ sandbox: SandboxServer) async throws {
    try await eventually("all answers ended") {
      sandbox.requests.routes.values.allSatisfy { $0.active == 0 }
    }
  }

  @Test func `kill -9 in the middle of fetching loses next to nothing`() async throws {
    try await withSandbox(options) { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.asked)
      for bytes in [1, 200_000, 500_000, 900_000] as [Int64] {
        let child = try start(story, "apply", "--yes")
        try await eventually("\(bytes) bytes came") { partialBytes(story) >= bytes }
        child.signal(SIGKILL)
        #expect(try await child.end().wasKilled)
        try await settle(sandbox)
        #expect(story.placed().isEmpty)
      }
      try await sandbox.control(.throttle(nil))
      let ended = try await start(story, "apply", "--yes").end()
      #expect(ended.status == 0, "\(ended.text)")
      try await settle(sandbox)
      let files = Photo(story).files
      #expect(files.count == 3)
      let size = files.values.reduce(0) { $0 + $1.count }
      // What was on its way at each kill comes twice: a few socket buffers.
      #expect(sandbox.storage.bytes >= Int64(size))
      #expect(sandbox.storage.bytes < Int64(size) + 1_000_000)
      await story.must("status")
      _ = try await git(story, "fsck", "--strict")
    }
  }

  @Test func `Ctrl-C once stops cleanly and keeps what came`() async throws {
    try await withSandbox(options) { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.asked)
      let child = try start(story, "apply", "--yes")
      try await eventually("some bytes came") { partialBytes(story) >= 300_000 }
      child.signal(SIGINT)
      let ended = try await child.end()
      #expect(ended.status == 130)
      #expect(!ended.wasKilled)
      #expect(ended.text.contains("stopped"), "\(ended.text)")
      #expect(story.placed().isEmpty)
      let plan = await story.must("plan")
      #expect(plan.output.contains("Plan: 3 create"))
      try await settle(sandbox)
      try await sandbox.control(.throttle(nil))
      try await sandbox.control(.resetCounts)
      await story.must("apply", "--yes")
      let size = Photo(story).files.values.reduce(0) { $0 + $1.count }
      #expect(sandbox.storage.bytes < Int64(size) - 100_000)
    }
  }

  @Test func `a stop file stops it too, and keeps it from beginning`() async throws {
    // Ten seconds' worth: also a machine with much to do looks for the file in that time.
    let long: @Sendable (inout SandboxOptions) -> Void = { options in
      options.scale = 2
      options.throttleBytesPerSecond = 400_000
    }
    try await withSandbox(long) { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.asked)
      let child = try start(story, "apply", "--yes")
      try await eventually("some bytes came") { partialBytes(story) >= 300_000 }
      try story.write("", to: ".civsync/STOP")
      let ended = try await child.end()
      #expect(ended.status == 130, "\(ended.text)")
      #expect(story.placed().isEmpty)
      // It is recorded as what it was, and no file failed.
      let record = story.read(".civsync/runs.jsonl") ?? ""
      #expect(record.contains(#""outcome":"interrupted""#), "\(record)")
      #expect(!story.exists(".civsync/failures.jsonl"))
      try await settle(sandbox)
      try await sandbox.control(.throttle(nil))
      try await sandbox.control(.resetCounts)
      let refused = await story.civsync("apply", "--yes")
      #expect(refused.code == .interrupted && sandbox.storage.requests == 0)
      #expect(
        refused.errors == """
          error[C178]: stopped: `\(story.folder)/.civsync/STOP` is there
            note: nothing was changed; what was fetched is kept
            help: remove it and run the command again

          """)
      // What needs nothing fetched is none of its business.
      await story.must("status")
      try FileManager.default.removeItem(atPath: story.path(".civsync/STOP"))
      await story.must("apply", "--yes")
      let size = Photo(story).files.values.reduce(0) { $0 + $1.count }
      #expect(sandbox.storage.bytes < Int64(size) - 100_000)
    }
  }

  @Test func `kill -9 in the middle of a switch is made up for`() async throws {
    try await withSandbox { sandbox in
      let small = "collections: { c: { users: [northwind] } }\n"
      let large = "collections: { c: { users: [northwind, aurora_studio] } }\n"
      var wanted: [String: Photo] = [:]
      for body in [small, large] {
        let calm = try Story()
        try calm.manifest(sandbox, body)
        await calm.must("apply", "--yes")
        wanted[body] = Photo(calm)
      }
      let story = try Story()
      try story.manifest(sandbox, small)
      await story.must("apply", "--yes")
      for body in [large, small, large, small] {
        try story.manifest(sandbox, body)
        let child = try start(story, "apply", "--yes")
        // Whatever moment this meets, the next run must make it right.
        try await eventually("the switch began") {
          story.exists(".civsync/journal/switch.json") || Photo(story).names == wanted[body]?.names
        }
        child.signal(SIGKILL)
        _ = try await child.end()
        await story.must("apply", "--yes")
        #expect(Photo(story) == wanted[body])
        await story.must("status")
        await story.must("plan", "--detailed-exitcode")
      }
      _ = try await git(story, "fsck", "--strict")
    }
  }
}
