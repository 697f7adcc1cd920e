import CivitaiSandbox
import Core
import Engine
import Foundation
import SystemIO
import Testing

struct `Manifests go back too` {
  private static let first = "collections: { c: { models: [1001] } }\n"
  private static let second = "collections: { c: { models: [1001, 1005] } }\n"

  @Test func `after it, the plan is empty and the manifest is that of the snapshot`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.first)
      let before = try #require(story.read("civsync.yaml"))
      await story.must("apply", "--yes")
      let photo = Photo(story)
      try story.manifest(sandbox, Self.second)
      await story.must("apply", "--yes")

      let dry = await story.must("rollback", "HEAD~1", "--manifest", "--dry-run")
      #expect(
        dry.output.hasPrefix(
          "Put back 1 manifest\n  ~ civsync.yaml\n\nRemove 1 file\n  - embeddings/"))
      #expect(story.read("civsync.yaml") != before)
      let json = await story.must("rollback", "HEAD~1", "--manifest", "--dry-run", "--json")
      #expect(json.output.contains(#""manifests":[{"name":"civsync.yaml","change":"write"}]"#))

      story.expect(
        await story.civsync("rollback", "HEAD~1", "--manifest", "--yes"),
        """
        Put back 1 manifest
          ~ civsync.yaml

        Remove 1 file
          - embeddings/snowlightNegative_v11.safetensors
            Snowlight Negative · v1.1; not in that snapshot

        Plan: 1 remove, 1 keep · removing frees no disk
        Put back 1 manifest
          ~ civsync.yaml

        Rollback to `HEAD~1` complete: 1 removed · snapshot ID.
        What was taken out of the trees stays in the store.
        `civsync rollback HEAD~1` undoes this rollback.
        [exit 0]
        """)
      #expect(story.read("civsync.yaml") == before)
      #expect(Photo(story) == photo)
      await story.must("plan", "--detailed-exitcode")
      let offline = await story.must("plan", "--offline", "--detailed-exitcode")
      #expect(offline.output == "Nothing to do: 1 file is as the manifest wants it.\n")
      await story.must("rollback", "HEAD~1", "--manifest", "--yes")
      #expect(try #require(story.read("civsync.yaml")).contains("1005"))
      await story.must("plan", "--detailed-exitcode")
    }
  }

  @Test func `edits that no snapshot has keep it from happening`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.first)
      await story.must("apply", "--yes")
      try story.manifest(sandbox, Self.second)
      await story.must("apply", "--yes")
      try story.manifest(sandbox, Self.second + "# a thought\n")
      let photo = Photo(story)
      story.expect(
        await story.civsync("rollback", "HEAD~1", "--manifest", "--yes"),
        """
        [errors]
        error[C144]: the manifests hold edits that no snapshot has; nothing was changed
          note: edited: `civsync.yaml`
          help: apply them first, or copy them elsewhere and undo the edits; without `--manifest` they stay as they are
        [exit 1]
        """)
      #expect(Photo(story) == photo)
      await story.must("rollback", "HEAD~1", "--yes")
      #expect(try #require(story.read("civsync.yaml")).contains("a thought"))
      await story.must("rollback", "@empty", "--manifest", "--yes", code: .usage)
    }
  }

  @Test func `an include that no snapshot has is an edit, one that a snapshot has is put back`()
    async throws
  {
    try await withSandbox { sandbox in
      let story = try Story()
      let body = "collections: { c: { models: [1001] } }\n"
      try story.write("collections: { team: { models: [1005] } }\n", to: "team/a.yaml")
      try story.manifest(sandbox, "include: [\"team/*.yaml\"]\n" + body)
      await story.must("apply", "--yes")
      #expect(story.placed().count == 2)
      try story.write("collections: { team: { models: [1003] } }\n", to: "team/a.yaml")
      await story.must("apply", "--yes")
      try story.write("collections: { more: { models: [1002] } }\n", to: "team/b.yaml")
      let refused = await story.must("rollback", "HEAD~1", "--manifest", "--yes", code: .failed)
      #expect(refused.errors.contains("note: edited: `team/b.yaml`\n"))
      try FileManager.default.removeItem(atPath: story.path("team/b.yaml"))
      await story.must("rollback", "HEAD~1", "--manifest", "--yes")
      #expect(try #require(story.read("team/a.yaml")).contains("1005"))
      await story.must("plan", "--detailed-exitcode")
    }
  }

  @Test func `an overlay that came later goes aside`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.first)
      await story.must("apply", "--yes")
      try story.write("collections: { mine: { models: [1005] } }\n", to: "civsync.local.yaml")
      await story.must("apply", "--yes", "--change-manifests")
      #expect(story.placed().count == 2)
      let back = await story.must("rollback", "HEAD~1", "--manifest", "--yes")
      #expect(back.output.contains("- civsync.local.yaml\n    the snapshot had none; it goes to"))
      #expect(!story.exists("civsync.local.yaml"))
      let aside = try FileManager.default.subpathsOfDirectory(atPath: story.path(".civsync/aside"))
      #expect(aside.contains { $0.hasSuffix("/manifests/civsync.local.yaml") })
      await story.must("plan", "--detailed-exitcode")
    }
  }

  @Test func `with equal files only the manifests change`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.first)
      await story.must("apply", "--yes")
      let before = try #require(story.read("civsync.yaml"))
      try story.manifest(sandbox, Self.second)
      await story.must("apply", "--yes")
      await story.must("rollback", "HEAD~1", "--yes")
      #expect(story.read("civsync.yaml") != before)
      let asked = await story.civsync("rollback", "HEAD", "--manifest", answer: "n")
      #expect(asked.code == .failed)
      let ran = await story.must("rollback", "HEAD", "--manifest", "--yes")
      #expect(ran.output.contains("Put back 1 manifest\n  ~ civsync.yaml\n"))
      #expect(story.read("civsync.yaml") == before)
      await story.must("plan", "--detailed-exitcode")
    }
  }

  @Test func `a recovery finishes them, but over no edit`() async throws {
    try await withSandbox { sandbox in
      for edits in [false, true] {
        let story = try Story()
        try story.manifest(sandbox, Self.first)
        let before = try #require(story.read("civsync.yaml"))
        await story.must("apply", "--yes")
        try story.manifest(sandbox, Self.second)
        await story.must("apply", "--yes")
        story.observe(FailingManifest())
        let broken = await story.must("rollback", "HEAD~1", "--manifest", "--yes", code: .failed)
        #expect(broken.errors.contains("error[C145]: the manifest `civsync.yaml` could not be put"))
        #expect(try #require(story.read(".civsync/journal/switch.json")).contains("manifests"))
        story.observe(nil)
        if edits { try story.manifest(sandbox, Self.second + "# a thought\n") }
        let next = await story.must("apply", "--yes", code: .ok)
        #expect(next.errors.contains("was brought to its end"))
        #expect(next.errors.contains("`civsync.yaml` was edited meanwhile") == edits)
        #expect((story.read("civsync.yaml") == before) == !edits)
      }
    }
  }
}

/// Lets no manifest be renamed to its place.
private final class FailingManifest: SystemCallObserver {
  func willCall(_ call: String, path: String) -> Int32? {
    call == "rename" && path.hasSuffix("/civsync.yaml") ? 5 : nil
  }
}
