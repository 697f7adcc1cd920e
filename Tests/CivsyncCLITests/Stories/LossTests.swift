import CivitaiSandbox
import Engine
import Foundation
import Testing

struct `What was lost of civsync's own` {
  static let one = "collections:\n  a: { models: [1004, 1006] }\n"

  func remove(_ story: Story, _ path: String) throws {
    try FileManager.default.removeItem(atPath: story.path(path))
  }

  @Test func `the store: placed files go back into it, and can still be gone back to`() async throws
  {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.one)
      await story.must("apply", "--yes")
      let photo = Photo(story)
      try remove(story, ".civsync/store/sha256")
      let status = await story.must("status", code: .drift)
      #expect(status.output.contains("`civsync apply` takes it back"))
      await story.must("rollback", "@empty", "--yes")
      #expect(story.placed().isEmpty)
      await sandbox.stop()
      await story.must("rollback", "HEAD~1", "--yes")
      #expect(Photo(story) == photo)
      try remove(story, ".civsync/store/sha256")
      await story.must("status", code: .drift)
    }
  }

  @Test func `the store, and apply repairs it without a download`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.one)
      await story.must("apply", "--yes")
      try remove(story, ".civsync/store/sha256")
      _ = try await sandbox.control(.resetCounts)
      let ran = await story.must("apply", "--yes")
      #expect(ran.output.contains("gone from the store"))
      #expect(sandbox.storage.requests == 0)
      await story.must("status")
    }
  }

  @Test func `the state file: the trees know whose they are`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.one)
      await story.must("apply", "--yes")
      try remove(story, ".civsync/project.json")
      let plan = await story.must("plan")
      #expect(plan.errors.contains("`project.json` is gone; the project's id is in its trees"))
      await story.must("rollback", "@empty", "--yes")
      await story.must("apply", "--yes")
      #expect(story.exists(".civsync/project.json"))
    }
  }

  @Test func `the history: what stands is adopted, and that is said`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.one)
      await story.must("apply", "--yes")
      try remove(story, ".civsync/.git")
      #expect(await story.must("status").errors.contains("its history is gone"))
      let ran = await story.must("apply", "--yes")
      #expect(ran.errors.contains("its history is gone; what stands is adopted"))
      #expect(ran.output.contains("2 adopted"))
      await story.must("status")
    }
  }

  @Test func `all of it: the way out is named, and works`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.one)
      await story.must("apply", "--yes")
      try remove(story, ".civsync")
      let refused = await story.must("plan", code: .failed)
      #expect(refused.errors.contains("remove `\(story.path("models/.civsync-root"))`"))
      try remove(story, "models/.civsync-root")
      await story.must("apply", "--yes")
      await story.must("status")
    }
  }

  @Test func `a journal that cannot be read names what to remove`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.one)
      await story.must("apply", "--yes")
      try story.write("{", to: ".civsync/journal/switch.json")
      let refused = await story.must("apply", "--yes", code: .failed)
      #expect(refused.errors.contains("remove `.civsync/journal/switch.json`"))
      try remove(story, ".civsync/journal/switch.json")
      await story.must("apply", "--yes")
    }
  }
}
