import CivitaiSandbox
import Core
import Engine
import Foundation
import Testing

struct `The whole story` {
  @Test func `declare, plan, apply, edit, look, go back and forth`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, storyCollections)
      let nothing = Photo(story)
      story.expect(
        await story.civsync("plan"),
        """
        Create 12 files, 751 kB
          checkpoints/
            + borealisXL_v30.safetensors      260 kB  Borealis XL · v3.0
            + northwindMix_v11.safetensors    150 kB  Northwind Mix · v1.1
          embeddings/
            + ditherWords_v10.safetensors       2 kB  Dither Words · v1.0
          loras/
            + aurora_glow_v2.safetensors       31 kB  Aurora Glow · v2.0
            + fjord_light_il.safetensors       35 kB  Fjord Light · v1.0
            + iso_rooms_v2.safetensors         36 kB  Isometric Rooms · v2.0
            + members_palette.safetensors      20 kB  Members Palette · v1.0
            + pixelforge-v15.safetensors     25.5 kB  Pixel Forge · v1.5
            + polar_night.safetensors          24 kB  Polar Night · v1.0
            + sprite_sheet.safetensors       22.5 kB  Sprite Sheet · v1.0
          text_encoders/
            + miraT5Encoder_v10.safetensors   105 kB  Mira T5 Encoder · v1.0
          vae/
            + borealisVAE_v10.safetensors      40 kB  Borealis VAE · v1.0

        Blocked upstream: 1 entry
          early access until 2099-01-01
            x Neon Alley · v1.0 (1110@11101)

        Plan: 12 create, 1 blocked · fetch 751 kB · needs 751 kB of FREE free
        [exit 0]
        """)
      #expect(!story.exists(".civsync"))
      #expect(!story.exists("models"))
      #expect(Photo(story) == nothing)
      story.expect(
        await story.civsync("apply", "--yes"),
        """
        Create 12 files, 751 kB
          checkpoints/
            + borealisXL_v30.safetensors      260 kB  Borealis XL · v3.0
            + northwindMix_v11.safetensors    150 kB  Northwind Mix · v1.1
          embeddings/
            + ditherWords_v10.safetensors       2 kB  Dither Words · v1.0
          loras/
            + aurora_glow_v2.safetensors       31 kB  Aurora Glow · v2.0
            + fjord_light_il.safetensors       35 kB  Fjord Light · v1.0
            + iso_rooms_v2.safetensors         36 kB  Isometric Rooms · v2.0
            + members_palette.safetensors      20 kB  Members Palette · v1.0
            + pixelforge-v15.safetensors     25.5 kB  Pixel Forge · v1.5
            + polar_night.safetensors          24 kB  Polar Night · v1.0
            + sprite_sheet.safetensors       22.5 kB  Sprite Sheet · v1.0
          text_encoders/
            + miraT5Encoder_v10.safetensors   105 kB  Mira T5 Encoder · v1.0
          vae/
            + borealisVAE_v10.safetensors      40 kB  Borealis VAE · v1.0

        Blocked upstream: 1 entry
          early access until 2099-01-01
            x Neon Alley · v1.0 (1110@11101)

        Plan: 12 create, 1 blocked · fetch 751 kB · needs 751 kB of FREE free
        Blocked, and you can change it: 1 entry
          needs a login; run `civsync login`
            x Members Palette · v1.0 (1111@11111)

        Apply complete: 11 created · fetched 731 kB in TIME · snapshot ID.
        `civsync rollback @empty` undoes it.
        [exit 3]
        """)
      let first = Photo(story)
      #expect(first.files.count == 11)
      story.expect(
        await story.civsync("status"),
        """
        Clean: 11 files as snapshot ID placed them.
        [exit 0]
        """)
      story.expect(
        await story.civsync("plan"),
        """
        Still blocked: 2 entries
          1 login needed, 1 early access

        Nothing to do: 11 files are as the manifest wants them. 2 are blocked.
        [exit 0]
        """)
      #expect(Photo(story) == first)

      try story.manifest(sandbox, editedCollections)
      story.expect(
        await story.civsync("plan"),
        """
        Create 1 file, 32 kB
          loras/
            + candle_light.safetensors  32 kB  Candle Light · v1.0

        Still blocked: 2 entries
          1 login needed, 1 early access

        Remove 2 files
          - checkpoints/borealisXL_v30.safetensors
            Borealis XL · v3.0; no longer selected by the manifest
          - loras/polar_night.safetensors
            Polar Night · v1.0; no longer selected by the manifest

        Plan: 1 create, 2 remove, 9 keep, 2 blocked · fetch 32 kB · needs 32 kB of FREE free · removing frees no disk
        [exit 0]
        """)
      await story.must("apply", "--yes", code: .partial)
      let second = Photo(story)
      #expect(second.names != first.names)
      story.expect(
        await story.civsync("log"),
        """
        ID  2026-01-01 00:06:00  (HEAD) apply: 1 created, 2 removed
        ID  2026-01-01 00:02:00  apply: 11 created
        [exit 0]
        """)
      story.expect(
        await story.civsync("show"),
        """
        Snapshot ID
          apply: 1 created, 2 removed
          fetched 1 file, 32 kB
          time      2026-01-01 00:06:00
          refs      HEAD
          manifests civsync.yaml
          files     10, 479 kB

        Changed since ID: 1 added, 2 removed
          + loras/candle_light.safetensors
            Candle Light · v1.0; 32 kB; 75ba9a1b8b5d
          - checkpoints/borealisXL_v30.safetensors
            Borealis XL · v3.0; 260 kB; 4fb056bcc450
          - loras/polar_night.safetensors
            Polar Night · v1.0; 24 kB; 74d34442e3c4
        [exit 0]
        """)

      story.expect(
        await story.civsync("rollback", "HEAD~1", "--dry-run"),
        """
        Create 2 files, 284 kB
          checkpoints/
            + borealisXL_v30.safetensors  260 kB  (in store) Borealis XL · v3.0
          loras/
            + polar_night.safetensors      24 kB  (in store) Polar Night · v1.0

        Remove 1 file
          - loras/candle_light.safetensors
            Candle Light · v1.0; not in that snapshot

        Plan: 2 create, 1 remove, 9 keep · nothing to fetch (284 kB already in the store) · removing frees no disk
        [exit 0]
        """)
      #expect(Photo(story) == second)
      story.expect(
        await story.civsync("rollback", "HEAD~1", "--yes"),
        """
        Create 2 files, 284 kB
          checkpoints/
            + borealisXL_v30.safetensors  260 kB  (in store) Borealis XL · v3.0
          loras/
            + polar_night.safetensors      24 kB  (in store) Polar Night · v1.0

        Remove 1 file
          - loras/candle_light.safetensors
            Candle Light · v1.0; not in that snapshot

        Plan: 2 create, 1 remove, 9 keep · nothing to fetch (284 kB already in the store) · removing frees no disk
        Rollback to `HEAD~1` complete: 2 created, 1 removed · snapshot ID.
        What was taken out of the trees stays in the store.
        `civsync rollback HEAD~1` undoes this rollback.
        [exit 0]
        """)
      #expect(Photo(story) == first)
      story.expect(
        await story.civsync("rollback", "HEAD~1", "--yes"),
        """
        Create 1 file, 32 kB
          loras/
            + candle_light.safetensors  32 kB  (in store) Candle Light · v1.0

        Remove 2 files
          - checkpoints/borealisXL_v30.safetensors
            Borealis XL · v3.0; not in that snapshot
          - loras/polar_night.safetensors
            Polar Night · v1.0; not in that snapshot

        Plan: 1 create, 2 remove, 9 keep · nothing to fetch (32 kB already in the store) · removing frees no disk
        Rollback to `HEAD~1` complete: 1 created, 2 removed · snapshot ID.
        What was taken out of the trees stays in the store.
        `civsync rollback HEAD~1` undoes this rollback; `civsync rollback ID` goes further back.
        [exit 0]
        """)
      #expect(Photo(story) == second)
      story.expect(
        await story.civsync("rollback", "@empty", "--yes"),
        """
        Remove 10 files
          - checkpoints/northwindMix_v11.safetensors
            Northwind Mix · v1.1; not in that snapshot
          - embeddings/ditherWords_v10.safetensors
            Dither Words · v1.0; not in that snapshot
          - loras/aurora_glow_v2.safetensors
            Aurora Glow · v2.0; not in that snapshot
          - loras/candle_light.safetensors
            Candle Light · v1.0; not in that snapshot
          - loras/fjord_light_il.safetensors
            Fjord Light · v1.0; not in that snapshot
          - loras/iso_rooms_v2.safetensors
            Isometric Rooms · v2.0; not in that snapshot
          - loras/pixelforge-v15.safetensors
            Pixel Forge · v1.5; not in that snapshot
          - loras/sprite_sheet.safetensors
            Sprite Sheet · v1.0; not in that snapshot
          - text_encoders/miraT5Encoder_v10.safetensors
            Mira T5 Encoder · v1.0; not in that snapshot
          - vae/borealisVAE_v10.safetensors
            Borealis VAE · v1.0; not in that snapshot

        Plan: 10 remove · removing frees no disk
        Rollback to `@empty` complete: 10 removed · snapshot ID.
        What was taken out of the trees stays in the store.
        `civsync rollback HEAD~1` undoes this rollback.
        [exit 0]
        """)
      #expect(Photo(story).files.isEmpty)
      await story.must("rollback", "HEAD~1", "--yes")
      #expect(Photo(story) == second)
      story.expect(
        await story.civsync("rollback", "main@{3}", "--dry-run"),
        """
        Create 2 files, 284 kB
          checkpoints/
            + borealisXL_v30.safetensors  260 kB  (in store) Borealis XL · v3.0
          loras/
            + polar_night.safetensors      24 kB  (in store) Polar Night · v1.0

        Remove 1 file
          - loras/candle_light.safetensors
            Candle Light · v1.0; not in that snapshot

        Plan: 2 create, 1 remove, 9 keep · nothing to fetch (284 kB already in the store) · removing frees no disk
        [exit 0]
        """)
      #expect(try await git(story, "fsck", "--strict").isEmpty)
    }
  }

  @Test func `another layout moves files and fetches nothing`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, "collections: { c: { models: [1001, 1003, 1005] } }\n")
      await story.must("apply", "--yes")
      let before = Photo(story)
      let fetched = sandbox.storage.requests
      let text = try #require(story.read("civsync.yaml"))
      try story.write(
        text.replacing("layout: comfyui", with: "layout: \"{type}/{creator}/{file}\""),
        to: "civsync.yaml")
      story.expect(
        await story.civsync("plan"),
        """
        Move 3 files
          > checkpoints/borealisXL_v30.safetensors → Checkpoint/aurora_studio/borealisXL_v30.safetensors
          > loras/aurora_glow_v2.safetensors → LORA/aurora_studio/aurora_glow_v2.safetensors
          > embeddings/snowlightNegative_v11.safetensors → TextualInversion/aurora_studio/snowlightNegative_v11.safetensors

        Plan: 3 move
        [exit 0]
        """)
      await story.must("apply", "--yes")
      story.expect(
        await story.civsync("show"),
        """
        Snapshot ID
          apply: 3 moved
          time      2026-01-01 00:03:00
          refs      HEAD
          manifests civsync.yaml
          files     3, 294 kB

        Changed since ID: 3 moved
          > Checkpoint/aurora_studio/borealisXL_v30.safetensors
            from checkpoints/borealisXL_v30.safetensors
            Borealis XL · v3.0; 260 kB; 4fb056bcc450
          > LORA/aurora_studio/aurora_glow_v2.safetensors
            from loras/aurora_glow_v2.safetensors
            Aurora Glow · v2.0; 31 kB; 4061790b7ce3
          > TextualInversion/aurora_studio/snowlightNegative_v11.safetensors
            from embeddings/snowlightNegative_v11.safetensors
            Snowlight Negative · v1.1; 2.9 kB; 4ade0df4d9d5
        [exit 0]
        """)
      let after = Photo(story)
      #expect(Set(after.names).isDisjoint(with: before.names))
      #expect(Set(after.files.values) == Set(before.files.values))
      #expect(sandbox.storage.requests == fetched)
      await story.must("rollback", "HEAD~1", "--yes")
      #expect(Photo(story) == before)
    }
  }

  @Test func `what is deselected goes out of the trees and comes back from the store`() async throws
  {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, "collections: { c: { models: [1001, 1002] } }\n")
      await story.must("apply", "--yes")
      let both = Photo(story)
      let fetched = sandbox.storage.requests
      try story.manifest(sandbox, "collections: { c: { models: [1001] } }\n")
      story.expect(
        await story.civsync("apply", "--yes"),
        """
        Remove 1 file
          - loras/polar_night.safetensors
            Polar Night · v1.0; no longer selected by the manifest

        Plan: 1 remove, 1 keep · removing frees no disk
        Apply complete: 1 removed · snapshot ID.
        What was taken out of the trees stays in the store.
        `civsync rollback HEAD~1` undoes it.
        [exit 0]
        """)
      #expect(Photo(story).names == ["loras/aurora_glow_v2.safetensors"])
      try story.manifest(sandbox, "collections: { c: { models: [1001, 1002] } }\n")
      story.expect(
        await story.civsync("apply", "--yes"),
        """
        Create 1 file, 24 kB
          loras/
            + polar_night.safetensors  24 kB  (in store) Polar Night · v1.0

        Plan: 1 create, 1 keep · nothing to fetch (24 kB already in the store)
        Apply complete: 1 created · snapshot ID.
        `civsync rollback HEAD~1` undoes it.
        [exit 0]
        """)
      #expect(Photo(story) == both)
      #expect(sandbox.storage.requests == fetched)
    }
  }
}
