import CivitaiSandbox
import Engine
import Foundation
import Testing

struct `One project, one set of manifests` {
  @Test func `another manifest is refused until it is meant`() async throws {
    let sandbox = try await SandboxServer.start(SandboxOptions())
    let story = try Story()
    try story.manifest(sandbox, "collections:\n  a: { models: [1004] }\n")
    #expect(await story.civsync("apply", "--yes").code == .ok)
    let other = try #require(story.read("civsync.yaml")).replacing("1004", with: "1006")
    try story.write(other, to: "other.yaml")
    let refused = await story.civsync("plan", "-f", "other.yaml")
    #expect(refused.code == .manifestInvalid)
    #expect(
      refused.errors == """
        error[C066]: the project's last snapshot was made from another manifest
          note: then: `civsync.yaml`
          note: now: `other.yaml`
          help: add `--change-manifests` if that is meant, or give this one a project of its own with `--project`

        """)
    #expect(await story.civsync("apply", "--yes", "-f", "other.yaml").code == .manifestInvalid)
    let meant = await story.civsync("apply", "--yes", "-f", "other.yaml", "--change-manifests")
    #expect(meant.code == .ok)
    #expect(story.placed() == ["controlnet/auroraEdges_v10.safetensors"])
    #expect(await story.civsync("plan", "-f", "other.yaml").code == .ok)
    await sandbox.stop()
  }

  @Test func `a root that moved with its files is recorded where it is now`() async throws {
    let sandbox = try await SandboxServer.start(SandboxOptions())
    let story = try Story()
    try story.manifest(sandbox, "collections:\n  a: { models: [1004] }\n")
    #expect(await story.civsync("apply", "--yes").code == .ok)
    let moved = try #require(story.read("civsync.yaml")).replacing(
      "root: models", with: "root: new")
    try story.write(moved, to: "civsync.yaml")
    let refused = await story.civsync("plan")
    #expect(refused.code == .manifestInvalid)
    #expect(
      story.transcript(refused).contains(
        "help: move the folder: `mv PROJECT/models PROJECT/new`"))
    try story.rename("models", to: "new")
    #expect(await story.civsync("apply", "--yes").code == .ok)
    #expect(story.placed("new") == ["vae/borealisVAE_v10.safetensors"])
    let status = await story.civsync("status")
    #expect(status.code == .ok)
    #expect(status.output.hasPrefix("Clean: 1 file as snapshot"))
    await sandbox.stop()
  }
}

extension Story {
  func rename(_ old: String, to new: String) throws {
    try FileManager.default.moveItem(atPath: path(old), toPath: path(new))
  }
}
