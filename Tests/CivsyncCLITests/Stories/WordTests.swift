import CivitaiSandbox
import Core
import Engine
import Testing

private let collections = """
  collections:
    named:
      models: [1101, 1104, 1001]

  """

/// What only the user can say: accept, rename, prune.
struct `The user's word` {
  @Test func `takes what a creator replaced, for what is named only`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, collections)
      await story.must("apply", "--yes")
      try await sandbox.control(.replace(file: FileID(110_111)))
      try await sandbox.control(.publish(model: ModelID(1001), version: "v9", baseModel: nil))
      story.expect(
        await story.civsync("accept", "1104", "--dry-run"),
        """
        Nothing to do: no creator replaced anything that is meant.
        [exit 0]
        """)
      let before = Photo(story)
      story.expect(
        await story.civsync("accept", "1101", "--yes"),
        """
        Replace 1 file
          ~ loras/pixelforge-v15.safetensors
            Pixel Forge · v1.5; replaced inside its version; 25.5 kB → 26.6 kB

        Plan: 1 replace, 2 keep · fetch 26.6 kB · needs 26.6 kB of FREE free
        Accept complete: 1 replaced · fetched 26.6 kB in TIME · snapshot ID.
        What was taken out of the trees stays in the store.
        `civsync rollback HEAD~1` undoes it.
        [exit 0]
        """)
      // The other news waits for an apply.
      #expect(story.placed().count == 3)
      let plan = await story.must("plan")
      #expect(plan.output.contains("1 create") && !plan.output.contains("your word"))
      await story.must("rollback", "HEAD~1", "--yes")
      #expect(Photo(story) == before)
      await story.must("accept", "--all", "--yes")
      await story.must("accept", code: .usage)
      await story.must("accept", "4711", code: .usage)
    }
  }

  @Test func `follows a rename, and leaves the names of all others`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, collections)
      await story.must("apply", "--yes")
      try await sandbox.control(.rename(model: ModelID(1104), name: "Pixel VAE Remastered"))
      try await sandbox.control(.rename(model: ModelID(1101), name: "Pixel Forge Two"))
      let ran = await story.must("rename", "1104", "--yes")
      #expect(ran.output.contains("> vae/pixelVAE_v10.safetensors → vae/pixelVAERemastered_v10"))
      #expect(ran.output.contains("Rename complete: 1 moved"))
      let plan = await story.must("plan")
      #expect(plan.output.contains("model 1101 is now called"))
      #expect(!plan.output.contains("model 1104"))
      await story.must("rollback", "HEAD~1", "--yes")
      #expect(story.placed().contains("vae/pixelVAE_v10.safetensors"))
    }
  }

  @Test func `prunes what is superseded or withdrawn, offline, and can take it back`() async throws
  {
    let story = try Story()
    try await withSandbox { sandbox in
      try story.manifest(sandbox, collections)
      await story.must("apply", "--yes")
      try await sandbox.control(.publish(model: ModelID(1001), version: "v9", baseModel: nil))
      try await sandbox.control(.deleteModel(ModelID(1104)))
      await story.must("apply", "--yes")
    }
    #expect(story.placed().count == 4)
    await story.must("prune", code: .usage)
    story.expect(
      await story.civsync("prune", "--superseded", "--yes"),
      """
      Remove 1 file
        - loras/aurora_glow_v2.safetensors
          Aurora Glow · v2.0; superseded, and pruned by you

      Plan: 1 remove, 3 keep · removing frees no disk
      Prune complete: 1 removed · snapshot ID.
      What was taken out of the trees stays in the store.
      `civsync rollback HEAD~1` undoes it.
      [exit 0]
      """)
    await story.must("prune", "--superseded", "--withdrawn", "1101", "--yes")
    #expect(story.placed().count == 3)
    await story.must("prune", "--withdrawn", "--yes")
    #expect(story.placed().count == 2)
    story.expect(
      await story.civsync("prune", "--withdrawn", "--yes"),
      """
      Nothing to do: nothing that is meant is only kept.
      [exit 0]
      """)
    await story.must("rollback", "HEAD~2", "--yes")
    #expect(story.placed().count == 4)
  }

  @Test func `does not prune an older version while no newer one is placed`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(
        sandbox, "collections: { c: { users: [pixelsmith], types: [LORA] } }\n")
      await story.must("apply", "--yes", code: .partial)
      let all = story.placed()
      try story.manifest(
        sandbox, "collections: { c: { users: [pixelsmith], types: [LORA], limit: 1 } }\n")
      _ = await story.civsync("apply", "--yes")
      #expect(story.placed() == all)
      let ran = await story.must("prune", "--superseded", "--yes")
      #expect(ran.errors.contains("no newer version of"))
      #expect(story.placed() == all)
      // What is named goes by the user's own word.
      await story.must("prune", "--superseded", "1101", "--yes")
      #expect(story.placed() == all.filter { $0 != "loras/pixelforge-v15.safetensors" })
    }
  }
}
