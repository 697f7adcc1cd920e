import CivitaiSandbox
import Core
import Engine
import Foundation
import Testing

/// Where real responses of the site are recorded, if they are there.
private let recorded = ProcessInfo.processInfo.environment["CIVSYNC_RECORDED_DIR"]

struct `Real metadata` {
  @Test(.enabled(if: recorded != nil, "CIVSYNC_RECORDED_DIR names no folder"))
  func `the main job works on recorded responses`() async throws {
    try await withSandbox {
      $0.scale = nil
      $0.catalogueDirectory = recorded
    } _: { sandbox in
      let story = try Story()
      try story.manifest(
        sandbox,
        """
        collections:
          real:
            models: [21, 118427, 260267]
            versions: all

        """)
      story.expect(
        await story.civsync("plan"),
        """
        Create 6 files, 23.4 MB
          checkpoints/
            + animagineXLV31_v30.safetensors          6.9 MB  Animagine XL V3.1 · v3.0
            + animagineXLV31_v30Base.safetensors      6.9 MB  Animagine XL V3.1 · v3.0-base
            + animagineXLV31_v31.safetensors          6.9 MB  Animagine XL V3.1 · v3.1
            + pixelArt_v1.ckpt                        2.1 MB  Pixel Art  · V1
          loras/
            + PerfectEyesXL.safetensors               228 kB  Perfect Eyes XL · v1.0
            + PerfectEyesXL_V3_Bloodshot.safetensors  228 kB  Perfect Eyes XL · V3_Bloodshot

        Plan: 6 create · fetch 23.4 MB · needs 23.4 MB of FREE free
        [exit 0]
        """)
      await story.must("apply", "--yes")
      let all = Photo(story)
      #expect(all.files.count > 3)
      await story.must("plan", "--detailed-exitcode")
      await story.must("status")

      try story.manifest(sandbox, "collections: { real: { models: [118427] } }\n")
      await story.must("apply", "--yes")
      #expect(story.placed().count < all.files.count)
      await story.must("rollback", "HEAD~1", "--yes")
      #expect(Photo(story) == all)
      #expect(sandbox.requests.authorizedOnStorage == 0)
    }
  }
}
