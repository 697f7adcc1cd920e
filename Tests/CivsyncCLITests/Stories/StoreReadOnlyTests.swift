import CivitaiSandbox
import DiskTestSupport
import Engine
import Foundation
import Testing

@Suite(.enabled(if: SmallDisk.Kind.available.contains(.tmpfs)))
struct `A store that may be read and not written to` {
  private func begun(_ sandbox: SandboxServer, _ disk: SmallDisk) async throws -> Story {
    let story = try Story()
    try story.manifest(
      sandbox, "store: \(disk.path)/store\ncollections: { c: { models: [1001] } }\n")
    await story.must("apply", "--yes")
    return story
  }

  @Test func `is told by the plan, as long as there is something to do`() async throws {
    let disk = try SmallDisk(.tmpfs, megabytes: 4)
    try await withSandbox { sandbox in
      let story = try await begun(sandbox, disk)
      try disk.setReadOnly(true)
      defer { try? disk.setReadOnly(false) }
      #expect(await !story.must("plan").output.contains("not written to"))
      try story.manifest(
        sandbox, "store: \(disk.path)/store\ncollections: { c: { models: [1001, 1002] } }\n")
      let plan = await story.must("plan")
      #expect(
        plan.output.contains("the store `\(disk.path)/store` may be read and not written to"),
        "\(plan.output)")
      #expect(await story.must("plan", "--json").output.contains(#""code":"store-read-only""#))
      let photo = Photo(story)
      let ran = await story.must("apply", "--yes", code: .failed)
      #expect(ran.errors.contains("error[C"), "\(ran.errors)")
      #expect(Photo(story) == photo)
      try disk.setReadOnly(false)
      #expect(await !story.must("plan").output.contains("not written to"))
      await story.must("apply", "--yes")
    }
  }

  @Test func `lets a plan be saved, which says what that means`() async throws {
    let disk = try SmallDisk(.tmpfs, megabytes: 4)
    try await withSandbox { sandbox in
      let story = try await begun(sandbox, disk)
      try story.manifest(
        sandbox, "store: \(disk.path)/store\ncollections: { c: { models: [1001, 1002] } }\n")
      try FileManager.default.removeItem(atPath: disk.path + "/store/LOCK")
      try disk.setReadOnly(true)
      let saved = await story.must("plan", "-o", "p.json")
      #expect(saved.errors.contains("may not be written to, so the plan is not noted in it"))
      try disk.setReadOnly(false)
      await story.must("apply", "p.json")
      #expect(story.placed().count == 2)
    }
  }
}
