import CivitaiSandbox
import Core
import Engine
import Testing

private let collections = """
  collections:
    follow:
      users: [aurora_studio]
      exclude: { models: [1003, 1004, 1006, 1008, 1010] }
    named:
      models: [1101, 1104, 1107, 1108, 1502]
    pair:
      models: [{ id: 1309, versions: all }]

  """

struct `What creators do between two plans` {
  @Test func `only adds: nothing that was placed goes`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, collections)
      await story.must("apply", "--yes")
      let before = Photo(story)

      try await sandbox.control(.rename(model: ModelID(1104), name: "Pixel VAE Remastered"))
      try await sandbox.control(.replace(file: FileID(110_711)))
      try await sandbox.control(.replace(file: FileID(110_111)))
      try await sandbox.control(.deleteModel(ModelID(1502)))
      try await sandbox.control(.deleteVersion(VersionID(13_091)))
      try await sandbox.control(.publish(model: ModelID(1001), version: "v3.0", baseModel: nil))
      try await sandbox.control(.hide(ModelID(1002)))
      try await sandbox.control(.archive(ModelID(1107)))
      try await sandbox.control(.gate(version: VersionID(10_071), endsAt: nil, permanent: false))
      try await sandbox.control(.retag(model: ModelID(1009), tags: ["other"]))
      story.expect(
        await story.civsync("plan"),
        """
        Notes
          · model 1104 is now called `Pixel VAE Remastered` upstream; it keeps the name `Pixel VAE` here

        Create 1 file, 249 kB
          loras/
            + auroraGlow_v30.safetensors  249 kB  Aurora Glow · v3.0

        Marked, with their files untouched
          1 superseded by a newer version: Aurora Glow · v2.0
          5 withdrawn upstream: Polar Night · v1.0, Glacier Detail · v1.2, Palette Shift · v1.0, Northwind Mix · v1.1, Candle Light · v1.0

        Needs your word: 1 file replaced by the creator inside a version
          ? Pixel Forge · v1.5 (1101@11011+110111)
            kept    70302499c24a
            offered c73851a2572f
          Kept until you `civsync accept` what is offered, or set `replaced: take`.

        Plan: 1 create, 12 keep, 1 needs your word · fetch 249 kB · needs 249 kB of FREE free
        [exit 0]
        """)
      story.expect(
        await story.civsync("apply", "--yes"),
        """
        Notes
          · model 1104 is now called `Pixel VAE Remastered` upstream; it keeps the name `Pixel VAE` here

        Create 1 file, 249 kB
          loras/
            + auroraGlow_v30.safetensors  249 kB  Aurora Glow · v3.0

        Marked, with their files untouched
          1 superseded by a newer version: Aurora Glow · v2.0
          5 withdrawn upstream: Polar Night · v1.0, Glacier Detail · v1.2, Palette Shift · v1.0, Northwind Mix · v1.1, Candle Light · v1.0

        Needs your word: 1 file replaced by the creator inside a version
          ? Pixel Forge · v1.5 (1101@11011+110111)
            kept    70302499c24a
            offered c73851a2572f
          Kept until you `civsync accept` what is offered, or set `replaced: take`.

        Plan: 1 create, 12 keep, 1 needs your word · fetch 249 kB · needs 249 kB of FREE free
        Apply complete: 1 created · fetched 249 kB in TIME · snapshot ID.
        `civsync rollback HEAD~1` undoes it.
        [exit 0]
        """)
      let after = Photo(story)
      for (name, content) in before.files { #expect(after.files[name] == content) }
      #expect(after.files.count == before.files.count + 1)
      story.expect(
        await story.civsync("plan"),
        """
        Notes
          · model 1104 is now called `Pixel VAE Remastered` upstream; it keeps the name `Pixel VAE` here

        Needs your word: 1 file replaced by the creator inside a version
          ? Pixel Forge · v1.5 (1101@11011+110111)
            kept    70302499c24a
            offered c73851a2572f
          Kept until you `civsync accept` what is offered, or set `replaced: take`.

        Nothing to do: 13 files are as the manifest wants them. 1 needs your word.
        [exit 0]
        """)

      // The way back has the records of that day, and needs nothing of the site.
      await story.must("rollback", "HEAD~1", "--yes")
      #expect(Photo(story) == before)
    }
  }

  @Test func `a replaced file waits for a word, and is taken with one`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      let asked = "collections: { c: { models: [1101, 1102] } }\n"
      try story.manifest(sandbox, asked)
      await story.must("apply", "--yes")
      let before = Photo(story)
      try await sandbox.control(.replace(file: FileID(110_111)))
      story.expect(
        await story.civsync("plan"),
        """
        Needs your word: 1 file replaced by the creator inside a version
          ? Pixel Forge · v1.5 (1101@11011+110111)
            kept    70302499c24a
            offered c73851a2572f
          Kept until you `civsync accept` what is offered, or set `replaced: take`.

        Nothing to do: 2 files are as the manifest wants them. 1 needs your word.
        [exit 0]
        """)
      await story.must("plan", "--detailed-exitcode")
      await story.must("apply", "--yes")
      #expect(Photo(story) == before)

      try story.manifest(sandbox, "defaults: { replaced: take }\n" + asked)
      story.expect(
        await story.civsync("plan"),
        """
        Replace 1 file
          ~ loras/pixelforge-v15.safetensors
            Pixel Forge · v1.5; replaced inside its version; 25.5 kB → 26.6 kB

        Plan: 1 replace, 1 keep · fetch 26.6 kB · needs 26.6 kB of FREE free
        [exit 0]
        """)
      await story.must("apply", "--yes")
      let after = Photo(story)
      #expect(after.names == before.names)
      #expect(after != before)
      await story.must("plan", "--detailed-exitcode")
      await story.must("rollback", "HEAD~1", "--yes")
      #expect(Photo(story) == before)
    }
  }

  @Test func `superseded versions stay, or make way for their successors`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, "collections: { c: { models: [1001, 1002] } }\n")
      await story.must("apply", "--yes")
      try await sandbox.control(.publish(model: ModelID(1001), version: "v3.0", baseModel: nil))
      await story.must("apply", "--yes")
      let both = Photo(story)
      #expect(both.files.count == 3)

      try story.manifest(
        sandbox, "defaults: { superseded: replace }\ncollections: { c: { models: [1001, 1002] } }\n"
      )
      story.expect(
        await story.civsync("plan"),
        """
        Remove 1 file
          - loras/aurora_glow_v2.safetensors
            Aurora Glow · v2.0; superseded by version 90000001

        Plan: 1 remove, 2 keep · removing frees no disk
        [exit 0]
        """)
      await story.must("apply", "--yes")
      #expect(Photo(story).files.count == 2)
      let published = try await sandbox.control(
        .publish(model: ModelID(1002), version: "v2.0", baseModel: nil))
      #expect(published.file != nil)
      story.expect(
        await story.civsync("apply", "--yes"),
        """
        Replace 1 file
          ~ loras/polarNight_v20.safetensors
            instead of loras/polar_night.safetensors
            Polar Night · v2.0; version v1.0 → v2.0; 24 kB → 298 kB

        Plan: 1 replace, 1 keep · fetch 298 kB · needs 298 kB of FREE free
        Apply complete: 1 replaced · fetched 298 kB in TIME · snapshot ID.
        What was taken out of the trees stays in the store.
        `civsync rollback HEAD~1` undoes it.
        [exit 0]
        """)
      #expect(Photo(story).files.count == 2)
      #expect(Photo(story).files["loras/polar_night.safetensors"] == nil)
    }
  }

  @Test func `a successor that does not come leaves the older version in place`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(
        sandbox, "defaults: { superseded: replace }\ncollections: { c: { models: [1002] } }\n")
      await story.must("apply", "--yes")
      let before = Photo(story)
      let published = try await sandbox.control(
        .publish(model: ModelID(1002), version: "v2.0", baseModel: nil))
      let file = try #require(published.file)
      var fault = Fault(.status, at: .file(file))
      fault.status = 500
      try await sandbox.control(.fault(fault))
      await story.must("apply", "--yes", code: .unreachable)
      #expect(Photo(story) == before)
      await story.must("apply", "--yes", "--allow-partial", code: .unreachable)
      #expect(Photo(story).files == before.files)
      try await sandbox.control(.clear)
      await story.must("apply", "--yes")
      #expect(story.placed().count == 1)
      #expect(story.placed() != before.names)
    }
  }

  @Test func `a creator who cannot be found any more takes nothing along`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, "collections: { c: { users: [aurora_studio], types: [LORA] } }\n")
      await story.must("apply", "--yes")
      let before = Photo(story)
      for model in [1001, 1002, 1009] as [Int64] {
        try await sandbox.control(.deleteModel(ModelID(model)))
      }
      story.expect(
        await story.civsync("plan"),
        """
        Marked, with their files untouched
          3 withdrawn upstream: Aurora Glow · v2.0, Polar Night · v1.0, Fjord Light · v1.0

        Nothing to do: 3 files are as the manifest wants them.
        [exit 0]
        """)
      await story.must("apply", "--yes")
      #expect(Photo(story).files == before.files)
    }
  }
}
