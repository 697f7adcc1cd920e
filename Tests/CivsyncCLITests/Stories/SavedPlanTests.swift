import CivitaiSandbox
import Core
import Engine
import Foundation
import Testing

private let collections = """
  collections:
    named:
      models: [1101, 1104, 1001]

  """

struct `A saved plan` {
  @Test func `is carried out as it is, once, without asking`() async throws {
    try await withSandbox { sandbox in
      let story = try Story(["CIVSYNC_TOKEN": "sandbox-canary"])
      try story.manifest(sandbox, collections)
      let shown = await story.must("plan", "-o", "plan.json")
      #expect(shown.output.contains("Saved: `civsync apply plan.json`"))
      let text = try #require(story.read("plan.json"))
      #expect(!text.contains("canary"))
      // News after the plan was made are none of its business.
      try await sandbox.control(.publish(model: ModelID(1001), version: "v9", baseModel: nil))
      story.expect(
        await story.civsync("show", "plan.json"),
        """
        Create 3 files, 89.1 kB
          loras/
            + aurora_glow_v2.safetensors    31 kB  Aurora Glow · v2.0
            + pixelforge-v15.safetensors  25.5 kB  Pixel Forge · v1.5
          vae/
            + pixelVAE_v10.safetensors    32.5 kB  Pixel VAE · v1.0

        Plan: 3 create · fetch 89.1 kB · needs 89.1 kB
        [exit 0]
        """)
      await story.must("apply", "plan.json")
      #expect(story.placed().count == 3)
      let again = await story.must("apply", "plan.json", code: .stale)
      #expect(again.errors.contains("it was carried out already"))
      // It can still be read.
      await story.must("show", "plan.json")
      // Nor is it good for another try after a way back to nothing.
      await story.must("rollback", "@empty", "--yes")
      await story.must("apply", "plan.json", code: .stale)
      #expect(story.placed().isEmpty)
    }
  }

  @Test func `of every kind of action does what the plan would have done`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, collections)
      await story.must("apply", "--yes")
      try await sandbox.control(.replace(file: FileID(110_111)))
      try await sandbox.control(.publish(model: ModelID(1001), version: "v9", baseModel: nil))
      try story.manifest(
        sandbox,
        """
        collections:
          named:
            models: [1101, { id: 1001, place: "loras/aurora/" }, 1203]
            replaced: take
            superseded: replace

        """)
      try story.write("edited", to: "models/loras/pixelforge-v15.safetensors")
      let direct = await story.must("plan")
      await story.must("plan", "-o", "p.json")
      let saved = await story.must("show", "p.json")
      #expect(
        saved.output.replacing(/\ of\ [0-9.]+\ .B\ free/, with: "")
          == direct.output.replacing(/\ of\ [0-9.]+\ .B\ free/, with: ""))
      await story.must("apply", "p.json")
      let json = await story.must("plan", "--json")
      #expect(json.output.contains("\"hasChanges\":false"))
    }
  }

  @Test func `is refused when anything that it is bound to has moved`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, collections)
      await story.must("plan", "-o", "first.json")
      // A file where the plan saw nothing.
      try story.write("mine", to: "models/vae/pixelVAE_v10.safetensors")
      story.expect(
        await story.civsync("apply", "first.json"),
        """
        [errors]
        error[C175]: the saved plan no longer fits; nothing was changed
          note: at `vae/pixelVAE_v10.safetensors` stood nothing, and now another file of 4 B
          help: make it anew with `civsync plan -o`
        [exit 6]
        """)
      #expect(story.placed() == ["vae/pixelVAE_v10.safetensors"])
      try FileManager.default.removeItem(atPath: story.path("models/vae/pixelVAE_v10.safetensors"))
      // Another edit of the manifest.
      let text = try #require(story.read("civsync.yaml"))
      try story.write("# a word\n" + text, to: "civsync.yaml")
      let edited = await story.must("apply", "first.json", code: .stale)
      #expect(edited.errors.contains("`civsync.yaml` was edited"))
      try story.write(text, to: "civsync.yaml")
      // A snapshot that came between.
      await story.must("apply", "--yes", "--target", "1101")
      let later = await story.must("apply", "first.json", code: .stale)
      #expect(later.errors.contains("the last snapshot was none and is "))
      #expect(later.errors.contains("the lock is another one"))
      await story.must("show", "first.json")
    }
  }

  @Test func `of a part stays one`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, collections)
      await story.must("plan", "-o", "p.json", "--target", "1104")
      await story.must("apply", "p.json")
      #expect(story.placed() == ["vae/pixelVAE_v10.safetensors"])
      await story.must("plan", "-o", "p.json", "--exclude", "1101")
      await story.must("apply", "p.json")
      #expect(story.placed().count == 2)
    }
  }

  @Test func `that is none, damaged or of another version is told`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, collections)
      await story.must("apply", "nowhere.json", code: .usage)
      await story.must("apply", "civsync.yaml", code: .usage)
      let kept = await story.must("plan", "-o", "civsync.yaml", code: .usage)
      #expect(kept.errors.contains("C174"))
      await story.must("plan", "-o", "p.json")
      await story.must("apply", "p.json", "--target", "1101", code: .usage)
      let text = try #require(story.read("p.json"))
      try story.write(
        text.replacing("\"version\" : 1\n}", with: "\"version\" : 9\n}"), to: "newer.json")
      let newer = await story.must("apply", "newer.json", code: .stale)
      #expect(newer.errors.contains("is of version 9"))
      await story.must("show", "newer.json", code: .stale)
      try story.write(
        text.replacing("\"kind\" : \"create\"", with: "\"kind\" : \"what\""), to: "bad.json")
      let bad = await story.must("apply", "bad.json", code: .usage)
      #expect(bad.errors.contains("C171"))
      try story.write(String(text.prefix(text.count / 2)), to: "half.json")
      await story.must("apply", "half.json", code: .usage)
      #expect(story.placed().isEmpty)
      #expect(!story.exists(".civsync/plans.jsonl"))
    }
  }
}
