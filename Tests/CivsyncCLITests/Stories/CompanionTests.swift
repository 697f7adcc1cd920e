import CivitaiSandbox
import Core
import Engine
import Foundation
import Glibc
import Synchronization
import SystemIO
import Testing

struct `Sidecars and previews` {
  private static let all =
    "{ sidecars: [civitai.info, json, cm-info.json, metadata.json], previews: 2 }"

  private func manifest(
    _ story: Story, _ sandbox: SandboxServer, _ rest: String, defaults: String = Self.all
  ) throws {
    try story.manifest(sandbox, "defaults: \(defaults)\ncollections: { c: \(rest) }\n")
  }

  private func json(_ story: Story, _ path: String) throws -> [String: Any] {
    let text = try #require(story.read(path))
    return try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  private let pixel = "models/loras/pixelforge-v15"

  @Test func `stand beside the file under the names that tools know`() async throws {
    try await withSandbox { sandbox in
      let story = try Story(["CIVSYNC_TOKEN": "sandbox-token"])
      try manifest(story, sandbox, "{ models: [1101], nsfw: PG }")
      story.expect(
        await story.civsync("apply", "--yes"),
        """
        Create 1 file, 25.5 kB
          loras/
            + pixelforge-v15.safetensors  25.5 kB  Pixel Forge · v1.5

        Beside the files
          + with 4 sidecars and 2 previews

        Plan: 1 create, 6 companions · fetch 25.5 kB · needs 25.5 kB of FREE free
        Apply complete: 1 created, 4 sidecars and 2 previews made · fetched 25.5 kB in TIME · snapshot ID.
        `civsync rollback @empty` undoes it.
        [exit 0]
        """)
      #expect(
        story.placed() == [
          "loras/pixelforge-v15.civitai.info", "loras/pixelforge-v15.cm-info.json",
          "loras/pixelforge-v15.json", "loras/pixelforge-v15.metadata.json",
          "loras/pixelforge-v15.preview.2.png", "loras/pixelforge-v15.preview.png",
          "loras/pixelforge-v15.safetensors",
        ])
      // The film and the R picture are passed by: a PNG and a JPEG are left.
      let first = try #require(
        FileManager.default.contents(atPath: story.path(pixel + ".preview.png")))
      #expect(first.starts(with: [0x89, 0x50, 0x4e, 0x47]))
      let second = try #require(
        FileManager.default.contents(atPath: story.path(pixel + ".preview.2.png")))
      #expect(second.starts(with: [0xff, 0xd8, 0xff]))
      let facts = try FileManager.default.attributesOfItem(atPath: story.path(pixel + ".json"))
      #expect((facts[.posixPermissions] as? NSNumber)?.intValue == 0o644)
      #expect((facts[.referenceCount] as? NSNumber)?.intValue == 1)

      let a1111 = try json(story, pixel + ".json")
      #expect(a1111["activation text"] as? String == "pixelforge, 8-bit")
      #expect(a1111["sd version"] as? String == "SDXL")
      #expect(a1111["description"] as? String == "Made by the sandbox.")
      let info = try json(story, pixel + ".civitai.info")
      #expect(info["id"] as? Int == 11_011 && info["modelId"] as? Int == 1_101)
      #expect((info["model"] as? [String: Any])?["name"] as? String == "Pixel Forge")
      #expect((info["files"] as? [Any])?.count == 1)
      let connected = try json(story, pixel + ".cm-info.json")
      #expect(connected["ThumbnailImageUrl"] as? String == "\(sandbox.storageURL)/i/110113.png")
      let manager = try json(story, pixel + ".metadata.json")
      let file = try FileManager.default.attributesOfItem(
        atPath: story.path(pixel + ".safetensors"))
      #expect(manager["size"] as? Int == (file[.size] as? NSNumber)?.intValue)
      for path in story.placed() where !path.hasSuffix(".safetensors") {
        let text = story.read("models/" + path) ?? ""
        #expect(!text.contains(story.folder.string) && !text.contains("sandbox-token"))
      }
      #expect(sandbox.requests.authorizedOnStorage == 0)

      let asked = sandbox.storage.requests
      story.expect(
        await story.civsync("apply", "--yes"),
        """
        Nothing to do: 1 file is as the manifest wants it.
        [exit 0]
        """)
      #expect(sandbox.storage.requests == asked)
      story.expect(
        await story.civsync("status"),
        """
        Clean: 7 files as snapshot ID placed them.
        [exit 0]
        """)
    }
  }

  @Test func `are in a plan as data`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try manifest(
        story, sandbox, "{ models: [1002] }", defaults: "{ sidecars: [json], previews: 1 }")
      let ran = await story.must("plan", "--json")
      let plan = try #require(
        try JSONSerialization.jsonObject(with: Data(ran.output.utf8)) as? [String: Any])
      let companions = try #require(plan["companions"] as? [[String: Any]])
      #expect(companions.map { $0["kind"] as? String } == ["json", "preview"])
      #expect(companions.map { $0["source"] as? String } == ["generated", "network"])
      #expect(companions[1]["url"] as? String == "\(sandbox.storageURL)/i/100211.png")
      #expect((companions[0]["place"] as? [String: String])?["path"] == "loras/polar_night.json")
      #expect((plan["summary"] as? [String: Any])?["companions"] as? Int == 2)
    }
  }

  @Test func `are the user's once they are edited, and foreign files stay`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.write("my own picture", to: pixel + ".preview.png")
      try manifest(story, sandbox, "{ models: [1101] }")
      await story.must("apply", "--yes")
      #expect(story.read(pixel + ".preview.png") == "my own picture")
      try story.write("{\"notes\": \"mine\"}", to: pixel + ".json")
      story.expect(
        await story.civsync("status"),
        """
        Clean: 5 files as snapshot ID placed them.
        1 sidecar or preview changed by you: kept as you left them.
        1 other file in the trees is not civsync's.
        [exit 0]
        """)
      let ran = await story.must("apply", "--yes")
      #expect(ran.output.hasPrefix("Nothing to do"))
      #expect(story.read(pixel + ".json") == "{\"notes\": \"mine\"}")
      #expect(story.read(pixel + ".preview.png") == "my own picture")

      // With the file go those that civsync made; the edited one is kept aside, the foreign stays.
      try manifest(story, sandbox, "{ models: [1002] }", defaults: "{}")
      story.expect(
        await story.civsync("apply", "--yes"),
        """
        Create 1 file, 24 kB
          loras/
            + polar_night.safetensors  24 kB  Polar Night · v1.0

        Beside the files
          - 4 sidecars and 1 preview removed
          > loras/pixelforge-v15.json: changed by you, goes aside

        Remove 1 file
          - loras/pixelforge-v15.safetensors
            Pixel Forge · v1.5; no longer selected by the manifest

        Plan: 1 create, 1 remove, 5 companions · fetch 24 kB · needs 24 kB of FREE free · removing frees no disk
        Kept aside: 1 file that you had changed
          > .civsync/aside/20260101-000400/main/loras/pixelforge-v15.json

        Apply complete: 1 created, 1 removed, 4 sidecars and 1 preview removed · fetched 24 kB in TIME · snapshot ID.
        What was taken out of the trees stays in the store.
        `civsync rollback HEAD~1` undoes it.
        [exit 0]
        """)
      #expect(
        story.placed() == ["loras/pixelforge-v15.preview.png", "loras/polar_night.safetensors"])
    }
  }

  @Test func `are put back when they are missing, and come back offline`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try manifest(story, sandbox, "{ models: [1101] }")
      await story.must("apply", "--yes")
      let whole = Photo(story)
      // What the site says today does not matter to what is pinned.
      try await sandbox.control(.images(version: 11_011, [ImageRecord(.png)]))
      try FileManager.default.removeItem(atPath: story.path(pixel + ".json"))
      try FileManager.default.removeItem(atPath: story.path(pixel + ".preview.png"))
      story.expect(
        await story.civsync("status"),
        """
        Missing: 2 files
          - loras/pixelforge-v15.json
          - loras/pixelforge-v15.preview.png

        Drift: 2 missing; 5 as snapshot ID placed them.
        `civsync plan` shows what would repair it, `civsync apply` does it.
        [exit 10]
        """)
      story.expect(
        await story.civsync("apply", "--yes"),
        """
        Beside the files
          ! 1 sidecar and 1 preview put back

        Plan: 1 keep, 2 companions
        Apply complete: 1 sidecar and 1 preview put back · snapshot ID.
        [exit 0]
        """)
      #expect(Photo(story) == whole)

      try manifest(story, sandbox, "{ models: [1101] }", defaults: "{}")
      story.expect(
        await story.civsync("apply", "--yes"),
        """
        Beside the files
          - 4 sidecars and 2 previews removed

        Plan: 1 keep, 6 companions
        Apply complete: 4 sidecars and 2 previews removed · snapshot ID.
        `civsync rollback HEAD~1` undoes it.
        [exit 0]
        """)
      #expect(story.placed() == ["loras/pixelforge-v15.safetensors"])
      await sandbox.stop()
      story.expect(
        await story.civsync("rollback", "HEAD~1", "--yes"),
        """
        Beside the files
          + with 4 sidecars and 2 previews

        Plan: 1 keep, 6 companions
        Rollback to `HEAD~1` complete: 4 sidecars and 2 previews made · snapshot ID.
        `civsync rollback HEAD~1` undoes this rollback; `civsync rollback ID` goes further back.
        [exit 0]
        """)
      #expect(Photo(story) == whole)
      await story.must("rollback", "@empty", "--yes")
      #expect(story.placed().isEmpty)
      await story.must("rollback", "HEAD~1", "--yes")
      #expect(Photo(story) == whole)
    }
  }

  @Test func `come beside what is placed already, and move with it`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try manifest(story, sandbox, "{ models: [1101] }", defaults: "{}")
      await story.must("apply", "--yes")
      try manifest(story, sandbox, "{ models: [1101] }", defaults: "{ sidecars: [json] }")
      story.expect(
        await story.civsync("apply", "--yes"),
        """
        Beside the files
          + with 1 sidecar

        Plan: 1 keep, 1 companion
        Apply complete: 1 sidecar made · snapshot ID.
        `civsync rollback HEAD~1` undoes it.
        [exit 0]
        """)
      try story.write("{\"notes\": \"mine\"}", to: pixel + ".json")
      try manifest(
        story, sandbox, "{ models: [1101], place: \"by/{creator}/{file}\" }",
        defaults: "{ sidecars: [json] }")
      story.expect(
        await story.civsync("apply", "--yes"),
        """
        Move 1 file
          > loras/pixelforge-v15.safetensors → by/pixelsmith/pixelforge-v15.safetensors

        Beside the files
          > 1 sidecar along with the files

        Plan: 1 move, 1 companion
        Apply complete: 1 moved, 1 sidecar moved along · snapshot ID.
        `civsync rollback HEAD~1` undoes it.
        [exit 0]
        """)
      #expect(
        story.placed() == [
          "by/pixelsmith/pixelforge-v15.json", "by/pixelsmith/pixelforge-v15.safetensors",
        ])
      #expect(story.read("models/by/pixelsmith/pixelforge-v15.json") == "{\"notes\": \"mine\"}")
      #expect(!story.exists("models/loras"))
    }
  }

  @Test func `a picture that cannot be had is told of and not asked for again`() async throws {
    try await withSandbox { sandbox in
      let kinds = [ImageRecord.Kind.missing, .page, .huge, .text, .png]
      try await sandbox.control(.images(version: 10_021, kinds.map { ImageRecord($0) }))
      let story = try Story()
      try manifest(story, sandbox, "{ models: [1002] }", defaults: "{ previews: 5 }")
      story.expect(
        await story.civsync("apply", "--yes"),
        """
        Create 1 file, 24 kB
          loras/
            + polar_night.safetensors  24 kB  Polar Night · v1.0

        Beside the files
          + with 5 previews

        Plan: 1 create, 5 companions · fetch 24 kB · needs 24 kB of FREE free
        Apply complete: 1 created, 1 preview made · fetched 24 kB in TIME · snapshot ID.
        `civsync rollback @empty` undoes it.
        [errors]
        note: a preview could not be had: Polar Night · v1.0: a web page or message came instead of a picture (`http://STORAGE/i/100212-page.png`)
        note: a preview could not be had: Polar Night · v1.0: it is larger than 21 MB (`http://STORAGE/i/100213-huge.png`)
        note: a preview could not be had: Polar Night · v1.0: it is no picture (`http://STORAGE/i/100214-text.png`)
        note: and 1 more preview could not be had
        [exit 0]
        """)
      #expect(
        story.placed() == ["loras/polar_night.preview.5.png", "loras/polar_night.safetensors"])
      let asked = sandbox.storage.requests
      let again = await story.must("apply", "--yes")
      #expect(again.output.hasPrefix("Nothing to do") && sandbox.storage.requests == asked)

      try await sandbox.control(.images(version: 10_021, kinds.map { _ in ImageRecord(.jpeg) }))
      // Another address is another picture: it is tried.
      let renewed = await story.must("apply", "--yes")
      #expect(renewed.output.contains("4 previews made"))
      #expect(story.placed().count == 6)
    }
  }

  @Test func `a picture that failed is tried again when that is asked for`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try manifest(story, sandbox, "{ models: [1002] }", defaults: "{ previews: 1 }")
      var fault = Fault(.status, at: .every(1), place: .storage)
      fault.path = "/i/"
      try await sandbox.control(.fault(fault))
      await story.must("apply", "--yes")
      #expect(story.placed() == ["loras/polar_night.safetensors"])
      try await sandbox.control(.clear)
      let calm = await story.must("plan")
      #expect(calm.output.hasPrefix("Nothing to do"))
      await story.must("apply", "--yes", "--refresh")
      #expect(story.placed().contains("loras/polar_night.preview.png"))
    }
  }

  @Test func `a switch that breaks off among companions is brought to its end`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try manifest(story, sandbox, "{ models: [1101, 1002] }")
      story.observe(FailingCompanion())
      await story.must("apply", "--yes", code: .failed)
      story.observe(nil)
      let ran = await story.must("apply", "--yes")
      #expect(ran.errors.contains("recovered: ") && ran.output.hasPrefix("Nothing to do"))
      #expect(story.placed().count == 14)
      await story.must("status")
    }
  }
}

/// Once the switch has begun, nothing can be done with the name of one preview.
private final class FailingCompanion: SystemCallObserver {
  private let hasBegun = Mutex(false)

  func willCall(_ call: String, path: String) -> Int32? {
    hasBegun.withLock { hasBegun in
      if call == "rename", path.contains("/journal/") { hasBegun = true }
      return hasBegun && path.hasSuffix("polar_night.preview.png") ? EIO : nil
    }
  }
}
