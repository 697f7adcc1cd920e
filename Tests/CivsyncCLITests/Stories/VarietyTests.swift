import CivitaiSandbox
import Core
import Engine
import Foundation
import Testing

struct `All the sandbox has` {
  private static let everything = """
    collections:
      all:
        users: [aurora_studio, pixelsmith, mira_lab, northwind, tinker, lumen_works]
        models: [1404, 1423]
        versions: all
        scan: allow-danger
        files: { all: true }

    """

  @Test(arguments: [
    "comfyui", "a1111", "forge", "stabilitymatrix", "swarmui", "flat",
    "\"{type}/{baseModel}/{creator}/{file}\"",
  ])
  func `is placed under every layout, and again there is nothing to do`(
    layout: String
  ) async throws {
    try await withSandbox { sandbox in
      let story = try Story(["CIVSYNC_TOKEN": "sandbox-token"])
      try story.manifest(sandbox, Self.everything)
      let text = try #require(story.read("civsync.yaml"))
      try story.write(
        text.replacing("layout: comfyui", with: "layout: \(layout)"), to: "civsync.yaml")
      await story.must("apply", "--yes")
      let all = Photo(story)
      #expect(all.files.count > 90)
      for name in all.names {
        #expect(!name.contains { "<>:*\\?\"|".contains($0) }, "\(name)")
        #expect(!name.split(separator: "/").contains { $0.hasPrefix(" ") || $0 == ".." })
      }
      // One name for all file systems, whatever their case or Unicode form.
      let folded = Set(all.names.map { $0.precomposedStringWithCanonicalMapping.lowercased() })
      #expect(folded.count == all.files.count)
      await story.must("status")
      await story.must("plan", "--detailed-exitcode")
      let snapshots = await story.must("log").output
      await story.must("apply", "--yes")
      #expect(await story.must("log").output == snapshots)
      await story.must("rollback", "@empty", "--yes")
      #expect(story.placed().isEmpty)
      await story.must("rollback", "HEAD~1", "--yes")
      #expect(Photo(story) == all)
      #expect(sandbox.requests.authorizedOnStorage == 0)
    }
  }

  @Test(arguments: ["hardlink", "symlink", "copy", "auto"])
  func `can be linked in every way`(link: String) async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(
        sandbox, "link: \(link)\ncollections: { c: { models: [1001, 1002, 1005] } }\n")
      await story.must("apply", "--yes")
      let before = Photo(story)
      #expect(before.files.count == 3)
      let kind =
        try FileManager.default.attributesOfItem(
          atPath: story.path("models/loras/polar_night.safetensors"))[.type] as? FileAttributeType
      #expect((kind == .typeSymbolicLink) == (link == "symlink"))
      await story.must("status")
      await story.must("plan", "--detailed-exitcode")
      try story.write("edited by hand", to: "models/loras/polar_night.safetensors")
      await story.must("status", code: .drift)
      await story.must("apply", "--yes")
      #expect(Photo(story) == before)
      await story.must("rollback", "@empty", "--yes")
      #expect(story.placed().isEmpty)
      await story.must("rollback", "HEAD~1", "--yes")
      #expect(Photo(story) == before)
    }
  }

  @Test func `a lost index and lost memories cost nothing`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, "collections: { c: { models: [1001, 1110, 1111] } }\n")
      await story.must("apply", "--yes", code: .partial)
      let before = Photo(story)
      for name in ["index.sqlite", "blocked.json", "refusals.jsonl", "folders.json"] {
        try? FileManager.default.removeItem(atPath: story.path(".civsync/" + name))
      }
      try FileManager.default.removeItem(atPath: story.path("civsync.lock"))
      await story.must("status")
      await story.must("apply", "--yes", code: .partial)
      #expect(Photo(story) == before)
    }
  }
}

struct `A second endpoint` {
  private func manifest(_ story: Story, _ endpoints: [String], _ models: String) throws {
    let list = endpoints.map { "\"\($0)\"" }.joined(separator: ", ")
    try story.write(
      """
      version: 1
      root: models
      layout: comfyui
      source: { endpoints: [\(list)] }
      collections: { c: { models: [\(models)] } }

      """, to: "civsync.yaml")
  }

  @Test func `serves what is known, and adds and withdraws nothing`() async throws {
    try await withSandbox { second in
      let story = try Story()
      try await withSandbox { first in
        try manifest(story, [first.apiURL, second.apiURL], "1001, 1002")
        await story.must("apply", "--yes")
        try manifest(story, [first.apiURL, second.apiURL], "1001, 1002, 1005")
      }
      let before = Photo(story)
      try await second.control(.deleteModel(ModelID(1002)))
      let plan = await story.civsync("plan")
      story.expect(
        plan,
        """
        Notes
          · a fallback endpoint answered for part of the manifest: nothing is added or withdrawn on its word (1 held back)

        Warning: the site could not answer for everything
          ! model 1002: `http://API/`: could not connect to `127.0.0.1`: Failed to connect to 127.0.0.1 port PORT: Couldn't connect to server
          What is known of these stays as it is.

        Not known: the catalogue did not answer everything; 2 placed files stay as they are.
        [errors]
        retry: `http://API` in TIME: could not connect to `127.0.0.1`: Failed to connect to 127.0.0.1 port PORT: Couldn't connect to server
        retry: `http://API` in TIME: could not connect to `127.0.0.1`: Failed to connect to 127.0.0.1 port PORT: Couldn't connect to server
        [exit 11]
        """)
      #expect(Photo(story) == before)

      // A file that is known and gone from the disk comes from where it still is.
      try FileManager.default.removeItem(
        atPath: story.path("models/loras/aurora_glow_v2.safetensors"))
      try FileManager.default.removeItem(atPath: story.path(".civsync/store/sha256"))
      _ = await story.civsync("apply", "--yes", "--allow-partial")
      #expect(story.placed().contains("loras/aurora_glow_v2.safetensors"))
      #expect(second.storage.requests == 1)
    }
  }
}
