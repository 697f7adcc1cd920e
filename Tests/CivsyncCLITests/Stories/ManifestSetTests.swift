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

struct `What belongs to civsync` {
  @Test(arguments: [
    ".civsync/project.json", ".civsync-root", "civsync.lock", "civsync.yaml", ".git/HEAD",
    ".civsync-store/x",
  ])
  func `is no place for a model`(place: String) async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.write(
        """
        version: 1
        root: .
        source: { endpoints: ["\(sandbox.apiURL)"] }
        collections:
          a: { models: [{ id: 1004, place: "\(place)" }, 1006] }

        """, to: "civsync.yaml")
      let before = story.read("civsync.yaml")
      let first = await story.civsync("apply", "--yes")
      #expect(first.code == .partial)
      #expect(first.output.contains("is civsync's own"))
      // Recorded or not, it stays blocked: nothing of civsync's is ever moved aside.
      let second = await story.civsync("apply", "--yes")
      #expect(second.code == .partial)
      #expect(second.output.hasPrefix("Still blocked: 1 entry"))
      #expect(story.read("civsync.yaml") == before)
      #expect(await story.civsync("status").code == .ok)
      #expect(!story.exists(".civsync/aside"))
    }
  }

  @Test(arguments: ["/", ".civsync", ".civsync/store/x"])
  func `is no root either`(root: String) async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.write(
        """
        version: 1
        root: \(root)
        source: { endpoints: ["\(sandbox.apiURL)"] }
        collections: { a: { models: [1004] } }

        """, to: "civsync.yaml")
      let ran = await story.civsync("plan")
      #expect(ran.code == .manifestInvalid)
      #expect(ran.errors.hasPrefix("error[C067]: the root of tree `main` cannot be"))
    }
  }
}

extension Story {
  func rename(_ old: String, to new: String) throws {
    try FileManager.default.moveItem(atPath: path(old), toPath: path(new))
  }
}
