import CivitaiSandbox
import Core
import Engine
import Foundation
import Glibc
import Synchronization
import SystemIO
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
    return try Child(try civsyncProgram(), arguments, in: story.folder.string, environment)
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

  @Test func `a switch that broke off is brought to its end by the next apply`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.asked)
      await story.must("apply", "--yes")
      let before = Photo(story)
      try story.manifest(sandbox, "collections: { c: { models: [1001, 1005] } }\n")
      let calm = try Story()
      try calm.manifest(sandbox, "collections: { c: { models: [1001, 1005] } }\n")
      await calm.must("apply", "--yes")

      story.observe(FailingSwitch())
      story.expect(
        await story.civsync("apply", "--yes"),
        """
        Create 1 file, 2.9 kB
          embeddings/
            + snowlightNegative_v11.safetensors  2.9 kB  Snowlight Negative · v1.1

        Remove 2 files
          - checkpoints/borealisXL_v30.safetensors
            Borealis XL · v3.0; no longer selected by the manifest
          - loras/polar_night.safetensors
            Polar Night · v1.0; no longer selected by the manifest

        Plan: 1 create, 2 remove, 1 keep · fetch 2.9 kB · needs 2.9 kB of FREE free
        [errors]
        error[C057]: the switch could not be carried through: cannot look at `PROJECT/models/loras`: the disk reported an error (EIO); look at the system log (`dmesg`) and check the disk before you go on
          help: remove the cause, then run `civsync apply`: it goes on from there
        [exit 1]
        """)
      story.observe(nil)
      story.expect(
        await story.civsync("status"),
        """
        Missing: 1 file
          - checkpoints/borealisXL_v30.safetensors

        Drift: 1 missing; 2 as snapshot ID placed them.
        1 other file in the trees is not civsync's.
        `civsync plan` shows what would repair it, `civsync apply` does it.
        Warning: an apply begun at 2026-01-01T00:02:00Z did not come to its end; the next `civsync apply` or `civsync rollback` brings it there
        [exit 10]
        """)
      let plan = await story.must("plan")
      #expect(plan.errors.contains("did not come to its end"))
      story.expect(
        await story.civsync("apply", "--yes"),
        """
        Nothing to do: 2 files are as the manifest wants them.
        [errors]
        recovered: the apply begun at 2026-01-01T00:02:00Z was brought to its end
        [exit 0]
        """)
      #expect(Photo(story) == Photo(calm))
      await story.must("status")
      await story.must("rollback", "HEAD~1", "--yes")
      #expect(Photo(story) == before)
    }
  }

  @Test func `a rollback brings a broken switch to its end first`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.asked)
      await story.must("apply", "--yes")
      let before = Photo(story)
      try story.manifest(sandbox, "collections: { c: { models: [1001] } }\n")
      story.observe(FailingSwitch())
      await story.must("apply", "--yes", code: .failed)
      story.observe(nil)
      let ran = await story.must("rollback", "HEAD~1", "--yes")
      #expect(ran.errors.contains("recovered: "))
      #expect(Photo(story) == before)
    }
  }

  @Test(arguments: [
    ("write", "/partial/", ENOSPC, CommandExit.noSpace), ("write", "/partial/", EIO, .failed),
    ("rename", "/journal/", ENOSPC, .failed), ("mkdir", "/sha256/", EACCES, .failed),
    ("fsync", "/store/", EIO, .failed),
  ])
  func `a disk that refuses before the switch leaves everything as it was`(
    call: String, path: String, error: Int32, code: CommandExit
  ) async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, "collections: { c: { models: [1001] } }\n")
      await story.must("apply", "--yes")
      let before = Photo(story)
      try story.manifest(sandbox, Self.asked)
      story.observe(FailingCall(call: call, path: path, error: error))
      await story.must("apply", "--yes", code: code)
      #expect(Photo(story) == before)
      story.observe(nil)
      await story.must("status")
      await story.must("apply", "--yes")
      #expect(story.placed().count == 3)
    }
  }

  @Test func `a lock that cannot be written is made up for`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, "collections: { c: { models: [1001] } }\n")
      story.observe(FailingCall(call: "rename", path: "civsync.lock", error: EROFS))
      let ran = await story.must("apply", "--yes", code: .failed)
      #expect(ran.errors.contains("everything was applied, but the lock"), "\(ran.errors)")
      #expect(story.placed().count == 1)
      #expect(story.read("civsync.lock") == nil)
      story.observe(nil)
      await story.must("apply", "--yes")
      #expect(story.read("civsync.lock")?.contains("model 1001") == true)
    }
  }
}

/// Fails every call of one kind on one kind of path.
private struct FailingCall: SystemCallObserver {
  var call: String
  var path: String
  var error: Int32

  func willCall(_ call: String, path: String) -> Int32? {
    call == self.call && (self.path.isEmpty || path.contains(self.path)) ? error : nil
  }
}

/// Lets the journal be written, and then nothing more in the trees.
private final class FailingSwitch: SystemCallObserver {
  private let hasBegun = Mutex(false)

  func willCall(_ call: String, path: String) -> Int32? {
    hasBegun.withLock { hasBegun in
      if call == "rename", path.contains("/journal/") { hasBegun = true }
      return hasBegun && path.contains("/models/loras") ? EIO : nil
    }
  }
}
