import CivitaiSandbox
import Core
import Engine
import Foundation
import Testing

struct `Two trees from one store` {
  private func manifest(_ story: Story, _ sandbox: SandboxServer, _ trees: String, _ body: String)
    throws
  {
    try story.write(
      "version: 1\nsource: { endpoints: [\"\(sandbox.apiURL)\"] }\ntrees:\n" + trees + body,
      to: "civsync.yaml")
  }

  private static let comfy = "  main: { root: models, layout: comfyui }\n"
  private static let forge = "  forge: { root: forge, layout: forge }\n"
  private static let asked = "collections: { c: { models: [1001, 1003] } }\n"

  @Test func `the same bytes stand in two layouts, and are fetched once`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try manifest(story, sandbox, Self.comfy + Self.forge, Self.asked)
      let plan = await story.must("plan").output
      #expect(plan.contains("Plan: 4 create"))
      #expect(plan.contains("forge:models/Lora/"))
      await story.must("apply", "--yes")
      #expect(sandbox.storage.requests == 2)
      #expect(
        story.placed() == [
          "checkpoints/borealisXL_v30.safetensors", "loras/aurora_glow_v2.safetensors",
        ])
      #expect(
        story.placed("forge") == [
          "models/Lora/aurora_glow_v2.safetensors",
          "models/Stable-diffusion/borealisXL_v30.safetensors",
        ])
      #expect(
        story.contents("models/loras/aurora_glow_v2.safetensors")
          == story.contents("forge/models/Lora/aurora_glow_v2.safetensors"))
      await story.must("status")
      await story.must("plan", "--detailed-exitcode")
      await story.must("rollback", "@empty", "--yes")
      #expect(story.placed().isEmpty && story.placed("forge").isEmpty)
      await story.must("rollback", "HEAD~1", "--yes")
      #expect(story.placed().count == 2 && story.placed("forge").count == 2)
      #expect(sandbox.storage.requests == 2)
    }
  }

  @Test func `a tree that the manifest gives up is emptied, and what was changed goes aside`()
    async throws
  {
    try await withSandbox { sandbox in
      let story = try Story()
      try manifest(story, sandbox, Self.comfy + Self.forge, Self.asked)
      await story.must("apply", "--yes")
      let changed = "models/Lora/aurora_glow_v2.safetensors"
      try story.write("mine now", to: "forge/" + changed)
      try manifest(story, sandbox, Self.comfy, Self.asked)
      #expect(await story.must("plan").output.contains("Remove 2 files"))
      await story.must("apply", "--yes")
      #expect(story.placed("forge").isEmpty)
      #expect(story.placed().count == 2)
      let aside = try #require(
        FileManager.default.subpaths(atPath: story.path(".civsync/aside"))?.first {
          $0.hasSuffix("forge/" + changed)
        })
      #expect(story.read(".civsync/aside/" + aside) == "mine now")
      #expect(!(await story.must("show", "HEAD", "--json").output.contains("\"tree\":\"x\"")))
      await story.must("plan", "--detailed-exitcode")
      // Its root may go now: nothing of it is known any more.
      try FileManager.default.removeItem(atPath: story.path("forge"))
      await story.must("status")
      await story.must("plan", "--detailed-exitcode")
      // And it comes back with the snapshot that had it.
      await story.must("rollback", "HEAD~1", "--yes")
      #expect(story.placed("forge").count == 2)
      #expect(sandbox.storage.requests == 2)
    }
  }

  @Test func `a tree whose disk is gone stops all, also when the manifest gave it up`()
    async throws
  {
    try await withSandbox { sandbox in
      let story = try Story()
      try manifest(story, sandbox, Self.comfy + Self.forge, Self.asked)
      await story.must("apply", "--yes")
      try FileManager.default.moveItem(
        atPath: story.path("forge"), toPath: story.path("unplugged"))
      for text in [Self.comfy + Self.forge, Self.comfy] {
        try manifest(story, sandbox, text, Self.asked)
        let ran = await story.must("apply", "--yes", code: .failed)
        #expect(ran.errors.contains("error[C053]"))
      }
      #expect(!story.exists("forge"))
      #expect(story.placed().count == 2)
      try FileManager.default.moveItem(
        atPath: story.path("unplugged"), toPath: story.path("forge"))
      await story.must("apply", "--yes")
      #expect(story.placed("forge").isEmpty)
    }
  }

  @Test func `from one tree to the other nothing is fetched`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      let both = Self.comfy + Self.forge
      try manifest(
        story, sandbox, both, "collections: { c: { models: [1001], trees: [main] } }\n")
      await story.must("apply", "--yes")
      try manifest(
        story, sandbox, both, "collections: { c: { models: [1001], trees: [forge] } }\n")
      let plan = await story.must("plan").output
      #expect(plan.contains("Plan: 1 create, 1 remove · nothing to fetch"))
      await story.must("apply", "--yes")
      #expect(story.placed().isEmpty)
      #expect(story.placed("forge") == ["models/Lora/aurora_glow_v2.safetensors"])
      #expect(sandbox.storage.requests == 1)
    }
  }

  @Test func `a folder under another name is told how to keep its name`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try manifest(story, sandbox, Self.comfy, Self.asked)
      await story.must("apply", "--yes")
      try manifest(
        story, sandbox, "  comfy: { root: models, layout: comfyui }\n" + Self.forge, Self.asked)
      let ran = await story.must("plan", code: .failed)
      #expect(
        ran.errors.contains("this project knows the folder as tree `main`: keep that name"))
      #expect(story.placed().count == 2)
    }
  }

  @Test func `each tree is linked in its own way`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try manifest(
        story, sandbox,
        """
          main: { root: models, layout: comfyui, link: symlink }
          forge: { root: forge, layout: forge, link: copy }
          third: { root: third, layout: flat }

        """,
        "link: hardlink\ncollections: { c: { models: [1001] }, d: { models: [1002], link: symlink } }\n"
      )
      await story.must("apply", "--yes")
      #expect(try story.kind("models/loras/aurora_glow_v2.safetensors") == .typeSymbolicLink)
      #expect(try story.kind("forge/models/Lora/aurora_glow_v2.safetensors") == .typeRegular)
      #expect(try story.links("forge/models/Lora/aurora_glow_v2.safetensors") == 1)
      #expect(try story.links("third/LORA/aurora_glow_v2.safetensors") > 1)
      #expect(try story.kind("third/LORA/polar_night.safetensors") == .typeSymbolicLink)
      await story.must("status")
      await story.must("plan", "--detailed-exitcode")
    }
  }
}

extension Story {
  func contents(_ relative: String) -> Data? {
    FileManager.default.contents(atPath: path(relative))
  }

  func kind(_ relative: String) throws -> FileAttributeType? {
    try FileManager.default.attributesOfItem(atPath: path(relative))[.type] as? FileAttributeType
  }

  func links(_ relative: String) throws -> Int {
    try #require(
      FileManager.default.attributesOfItem(atPath: path(relative))[.referenceCount] as? Int)
  }
}
