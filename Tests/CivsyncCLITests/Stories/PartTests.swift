import CivitaiSandbox
import Core
import Engine
import Foundation
import Testing

private let collections = """
  collections:
    follow:
      users: [aurora_studio]
    named:
      models: [1101, 1104]

  """

/// Plans of a part, without a network, and by the lock.
struct `A plan of a part` {
  @Test func `takes what is targeted by collection, model and path`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, collections)
      await story.must("apply", "--yes", "--target", "named")
      #expect(
        story.placed() == ["loras/pixelforge-v15.safetensors", "vae/pixelVAE_v10.safetensors"])
      await story.must("apply", "--yes", "--target", "1001", "--target", "checkpoints/*")
      #expect(story.placed().count == 4)
      await story.must("apply", "--yes", "--exclude", "follow")
      #expect(story.placed().count == 4)
      await story.must("apply", "--yes")
      #expect(story.placed().count == 12)
    }
  }

  @Test func `leaves the rest of an edit to be made`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, collections)
      await story.must("apply", "--yes")
      try story.manifest(
        sandbox, "collections:\n  follow:\n    users: [aurora_studio]\n    types: [LORA]\n")
      await story.must("apply", "--yes", "--target", "vae/*")
      let after = await story.must("plan")
      // What the part left out is still seen as an edit.
      #expect(after.output.contains("- loras/pixelforge-v15.safetensors"))
      #expect(!after.output.contains("- vae/pixelVAE_v10.safetensors"))
      await story.must("apply", "--yes")
      #expect(story.placed().allSatisfy { $0.hasPrefix("loras/") })
    }
  }

  @Test func `holds for companions too`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      let two = "collections:\n  b: { models: [1501] }\n  c: { models: [1502] }\n"
      try story.manifest(sandbox, two)
      await story.must("apply", "--yes")
      try story.manifest(
        sandbox,
        two.replacing("[1501]", with: "[1501], sidecars: [json]").replacing(
          "[1502]", with: "[1502], sidecars: [json]"))
      await story.must("apply", "--yes", "--target", "c")
      let only = story.placed().filter { $0.hasSuffix(".json") }
      #expect(only == ["loras/candle_light.json"])
      await story.must("apply", "--yes")
      try FileManager.default.removeItem(atPath: story.path("models/loras/candle_light.json"))
      let other = await story.must("plan", "--target", "b")
      #expect(other.output.hasPrefix("Nothing to do"))
      let own = await story.must("plan", "--target", "c")
      #expect(own.output.contains("1 sidecar"))
    }
  }

  @Test func `is refused with another manifest after going back to nothing`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, collections)
      await story.must("apply", "--yes")
      await story.must("rollback", "@empty", "--yes")
      await story.must("apply", "--target", "1101", "--yes")
      try story.write(story.read("civsync.yaml") ?? "", to: "other.yaml")
      await story.must("apply", "-f", "other.yaml", "--yes", code: .manifestInvalid)
    }
  }

  @Test func `refuses what names nothing, with what is near`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, collections)
      await story.must("apply", "--yes")
      story.expect(
        await story.civsync("plan", "--target", "name"),
        """
        [errors]
        error[C161]: `--target`: nothing that is declared or placed is meant by `name`
          note: near it: collection `named`
          help: `civsync plan` and `civsync status` show paths, `civsync show` what is placed
        [exit 64]
        """)
      await story.must("plan", "--exclude", "", code: .usage)
      await story.must("plan", "--locked", "--refresh", code: .usage)
    }
  }
}

struct `Without a network` {
  @Test func `a plan says what stands, and blocks what would have to be fetched`() async throws {
    let story = try Story()
    try await withSandbox { sandbox in
      try story.manifest(sandbox, collections)
      await story.must("apply", "--yes")
      await story.must("plan", "--offline")
      try story.manifest(sandbox, collections.replacing("1104]", with: "1104, 1203]"))
    }
    story.expect(
      await story.civsync("plan", "--offline"),
      """
      Blocked, and you can change it: 1 entry
        has to be fetched; run without `--offline`
          x model 1203 (1203)

      Nothing to do: 12 files are as the manifest wants them. 1 is blocked.
      [exit 0]
      """)
    // An edit that removes needs nobody's answer, and what the store has is placed again.
    try story.write(
      (story.read("civsync.yaml") ?? "").replacing("1101, ", with: "").replacing(
        ", 1203", with: ""), to: "civsync.yaml")
    story.expect(
      await story.civsync("apply", "--offline", "--yes"),
      """
      Remove 1 file
        - loras/pixelforge-v15.safetensors
          Pixel Forge · v1.5; no longer selected by the manifest

      Plan: 1 remove, 11 keep · removing frees no disk
      Apply complete: 1 removed · snapshot ID.
      What was taken out of the trees stays in the store.
      `civsync rollback HEAD~1` undoes it.
      [exit 0]
      """)
    await story.must("rollback", "HEAD~1", "--yes")
    #expect(story.placed().count == 12)
  }
}

struct `Following the lock` {
  @Test func `places exactly what another machine had, and asks no catalogue`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, collections)
      await story.must("apply", "--yes")
      try await sandbox.control(.publish(model: ModelID(1001), version: "v9", baseModel: nil))
      try await sandbox.control(.rename(model: ModelID(1104), name: "Another Name"))
      let other = try Story()
      try other.write(story.read("civsync.yaml") ?? "", to: "civsync.yaml")
      try other.write(story.read("civsync.lock") ?? "", to: "civsync.lock")
      let listings = sandbox.requests.routes.filter { $0.key.contains("/api/v1/") }
        .values.reduce(0) { $0 + $1.count }
      await other.must("apply", "--locked", "--yes")
      #expect(Photo(other) == Photo(story))
      let after = sandbox.requests.routes.filter { $0.key.contains("/api/v1/") }
        .values.reduce(0) { $0 + $1.count }
      #expect(after == listings)
      await other.must("plan", "--locked", "--detailed-exitcode")
    }
  }

  @Test func `takes away what the lock no longer has`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      let other = try Story()
      try story.manifest(sandbox, collections)
      await story.must("apply", "--yes")
      try other.write(story.read("civsync.yaml") ?? "", to: "civsync.yaml")
      try other.write(story.read("civsync.lock") ?? "", to: "civsync.lock")
      await other.must("apply", "--locked", "--yes")
      try story.manifest(sandbox, collections.replacing("1101, ", with: ""))
      await story.must("apply", "--yes")
      try other.write(story.read("civsync.yaml") ?? "", to: "civsync.yaml")
      try other.write(story.read("civsync.lock") ?? "", to: "civsync.lock")
      await other.must("apply", "--locked", "--yes")
      #expect(Photo(other) == Photo(story))
    }
  }

  @Test func `is refused when the manifest moved on, and when there is no lock`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, collections)
      await story.must("plan", "--locked", code: .stale)
      await story.must("apply", "--yes")
      // A comment, another root or another order change nothing of what is selected.
      try story.write(
        "# mine\n"
          + (story.read("civsync.yaml") ?? "").replacing("[1101, 1104]", with: "[1104, 1101]"),
        to: "civsync.yaml")
      await story.must("plan", "--locked")
      try story.manifest(sandbox, collections.replacing("1101, ", with: ""))
      story.expect(
        await story.civsync("apply", "--locked", "--yes"),
        """
        [errors]
        error[C164]: the lock does not fit the manifest; nothing was changed
          note: the manifest selects something else than the lock was made from
          help: run `civsync apply` without `--locked`, and commit the lock that it writes
        [exit 6]
        """)
    }
  }
}
