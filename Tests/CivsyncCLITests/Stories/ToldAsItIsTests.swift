import CivitaiSandbox
import Core
import Engine
import Foundation
import Glibc
import Synchronization
import SystemIO
import Testing

/// Fails whatever concerns the tree once there is a journal: no step is done.
private final class NoTree: SystemCallObserver {
  private let hasBegun = Mutex(false)

  func willCall(_ call: String, path: String) -> Int32? {
    hasBegun.withLock { hasBegun in
      if call == "rename", path.contains("/journal/") { hasBegun = true }
      return hasBegun && path.contains("/models/") ? EIO : nil
    }
  }
}

struct `What commands tell` {
  private static func asked(_ models: String) -> String {
    "collections: { c: { models: [\(models)] } }\n"
  }

  private func interrupt(_ story: Story, _ arguments: String...) async {
    story.observe(NoTree())
    await story.run(as: arguments, code: .failed)
    story.observe(nil)
  }

  @Test func `status calls nothing clean that waits to be brought to its end`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.asked("1001"))
      await story.must("apply", "--yes")
      try story.manifest(sandbox, Self.asked("1001, 1002"))
      await interrupt(story, "apply", "--yes")
      story.expect(
        await story.civsync("status"),
        """
        Interrupted: 1 file as snapshot ID placed it, and a change is to be brought to its end.
        Warning: an apply begun at 2026-01-01T00:02:00Z did not come to its end; the next `civsync apply` or `civsync rollback` brings it there
        [exit 0]
        """)
      let json = await story.must("status", "--json").output
      #expect(json.contains(#""clean":false"#), "\(json)")
      await story.must("apply", "--yes")
      let clean = await story.must("status").output
      #expect(clean.hasPrefix("Clean: 2 files"), "\(clean)")
    }
  }

  @Test func `an interrupted rollback is called one`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.asked("1001"))
      await story.must("apply", "--yes")
      await interrupt(story, "rollback", "@empty", "--yes")
      let told = await story.must("status").output
      #expect(told.contains("Warning: a rollback begun at 2026-01-01T00:02:00Z did"), "\(told)")
      let ran = await story.must("rollback", "HEAD", "--yes")
      #expect(
        ran.errors.contains(
          "recovered: the rollback begun at 2026-01-01T00:02:00Z was brought to its end"),
        "\(ran.errors)")
    }
  }

  @Test func `an apply that ends after it recovered does not deny that`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.asked("1001"))
      await story.must("apply", "--yes")
      try story.manifest(sandbox, Self.asked("1001, 1002"))
      await interrupt(story, "apply", "--yes")
      try story.manifest(endpoint: "http://127.0.0.1:9", Self.asked("1001, 1002, 1003"))
      let ran = await story.must("apply", "--yes", "--max-retries", "0", code: .unreachable)
      #expect(ran.errors.contains("recovered: the apply"), "\(ran.errors)")
      #expect(ran.errors.contains("nothing was changed after the recovery"), "\(ran.errors)")
      let again = await story.must("apply", "--yes", "--max-retries", "0", code: .unreachable)
      #expect(again.errors.contains("nothing was changed\n"), "\(again.errors)")
    }
  }

  @Test func `a rollback offers no snapshot that cannot be gone back to`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      var night = ""
      for models in ["1001", "1001, 1002", "1001, 1005", "1001, 1004"] {
        try story.manifest(sandbox, Self.asked(models))
        await story.must("apply", "--yes")
        if models.hasSuffix("1002") {
          night = try story.object(of: "models/loras/polar_night.safetensors")
        }
      }
      try FileManager.default.removeItem(atPath: story.path(night))
      let first = try #require(
        await story.must("log").output.split(separator: "\n").last?.split(separator: " ").first)
      let told = await story.must("rollback", "HEAD~1", "--yes").output
      #expect(told.contains("; `civsync rollback \(first)` goes further back."), "\(told)")
      await story.must("rollback", String(first), "--yes")
    }
  }

  @Test func `verify goes on without a tree that is not there`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.asked("1001"))
      await story.must("apply", "--yes")
      try FileManager.default.moveItem(
        atPath: story.path("models"), toPath: story.path("elsewhere"))
      try FileManager.default.createDirectory(
        atPath: story.path("models"), withIntermediateDirectories: true)
      let ran = await story.must("verify").output
      #expect(ran.hasPrefix("Read 1 object, 31 kB, in "), "\(ran)")
      #expect(
        ran.contains(
          "The tree `main` at `\(story.path("models"))` was left out: its marker `.civsync-root` is "
            + "gone; is its disk mounted?\n"), "\(ran)")
      let json = await story.must("verify", "--json").output
      #expect(json.contains(#""leftOut":[{"tree":"main","root":"#), "\(json)")
      // It would link places anew.
      let repair = await story.must("verify", "--repair", "--yes", code: .failed)
      #expect(repair.errors.contains("error[C053]"), "\(repair.errors)")
    }
  }
}
