import CivitaiSandbox
import Core
import Engine
import Foundation
import Glibc
import Synchronization
import SystemIO
import Testing

struct `Broken switches` {
  private static let asked = "collections: { c: { models: [1001, 1002, 1003] } }\n"

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

        Plan: 1 create, 2 remove, 1 keep · fetch 2.9 kB · needs 2.9 kB of FREE free · removing frees no disk
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

  @Test func `what turns up in a place between plan and switch is left alone`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.asked)
      story.observe(
        Intruder {
          try? story.write("just saved", to: "models/loras/polar_night.safetensors")
        })
      story.expect(
        await story.civsync("apply", "--yes"),
        """
        Create 3 files, 315 kB
          checkpoints/
            + borealisXL_v30.safetensors  260 kB  Borealis XL · v3.0
          loras/
            + aurora_glow_v2.safetensors   31 kB  Aurora Glow · v2.0
            + polar_night.safetensors      24 kB  Polar Night · v1.0

        Plan: 3 create · fetch 315 kB · needs 315 kB of FREE free
        Left as they are: 1 place that changed meanwhile
          x loras/polar_night.safetensors: something appeared there meanwhile (the content changed); move it away and apply again

        Apply complete: 2 created · fetched 315 kB in TIME · snapshot ID.
        `civsync rollback @empty` undoes it.
        [exit 3]
        """)
      #expect(story.read("models/loras/polar_night.safetensors") == "just saved")
      story.observe(nil)
      let log = await story.must("log").output
      #expect(log.contains("apply: 2 created"), "\(log)")
      story.expect(
        await story.civsync("plan"),
        """
        Blocked, and you can change it: 1 entry
          a file that civsync did not place is in the way at `loras/polar_night.safetensors`; move it or set `place:`
            x Polar Night · v1.0 (1002@10021)

        Nothing to do: 2 files are as the manifest wants them. 1 is blocked.
        [exit 0]
        """)
      await story.must("rollback", "@empty", "--yes")
      #expect(story.read("models/loras/polar_night.safetensors") == "just saved")
    }
  }

  @Test(arguments: [
    ("write", "/partial/", ENOSPC, CommandExit.noSpace), ("write", "/partial/", EIO, .failed),
    ("rename", "/journal/", ENOSPC, .noSpace), ("mkdir", "/sha256/", EACCES, .failed),
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

/// Does something once, at the moment when the journal is written.
private final class Intruder: SystemCallObserver {
  private let act: @Sendable () -> Void
  private let isDone = Mutex(false)

  init(_ act: @escaping @Sendable () -> Void) { self.act = act }

  func willCall(_ call: String, path: String) -> Int32? {
    guard call == "rename", path.contains("/journal/") else { return nil }
    let isFirst = isDone.withLock { done in
      defer { done = true }
      return !done
    }
    if isFirst { act() }
    return nil
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
