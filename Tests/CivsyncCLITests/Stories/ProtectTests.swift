import CivitaiSandbox
import Core
import Engine
import Foundation
import Testing

struct `Protected files` {
  private static let both = """
    collections:
      base: { models: [1001], protect: true }
      other: { models: [1002] }

    """
  private static let other = "collections: { other: { models: [1002] } }\n"
  private static let path = "loras/aurora_glow_v2.safetensors"

  @Test func `survive their block, a rollback, and go when they are given free`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.both)
      await story.must("apply", "--yes")
      try story.manifest(sandbox, Self.other)
      let plan = await story.must("plan").output
      #expect(
        plan.contains(
          "protected: `Aurora Glow · v2.0` stays although nothing asks for it; `civsync unprotect` "
            + "gives it free"))
      #expect(!plan.contains("Remove"))
      await story.must("apply", "--yes")
      #expect(story.placed() == [Self.path, "loras/polar_night.safetensors"])

      let back = await story.must("rollback", "@empty", "--yes").output
      #expect(story.placed() == [Self.path])
      #expect(back.contains("stays although that snapshot does not have it"))
      await story.must("rollback", "HEAD~1", "--yes")
      await story.must("plan", "--detailed-exitcode")

      let free = await story.must("unprotect", Self.path)
      story.expect(
        free,
        """
        Given free: 1 file
          · loras/aurora_glow_v2.safetensors

        What the manifest does not ask for leaves with the next `civsync apply`.
        Snapshot ID.
        [exit 0]
        """)
      #expect(await story.must("log").output.contains("unprotect: 1 file"))
      await story.must("status")
      #expect(await story.must("plan").output.contains("Remove 1 file"))
      await story.must("apply", "--yes")
      #expect(story.placed() == ["loras/polar_night.safetensors"])
    }
  }

  @Test func `are made by the command too, and by a collection again`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.both)
      await story.must("apply", "--yes")
      let again = await story.must("unprotect", "base")
      #expect(
        again.output.contains(
          "1 file of these is in a collection with `protect: true`: the next `civsync apply` "
            + "protects it again."))
      let same = await story.must("unprotect", "base")
      #expect(same.output == "Nothing to do: 1 file is not protected.\n")
      await story.must("apply", "--yes")
      #expect(
        await story.must("protect", "1001").output
          == "Nothing to do: 1 file is protected already.\n")

      let json = await story.must("protect", "--all", "--json").output
      #expect(json.contains("\"protected\":true,\"changed\":[{\"entry\":{\"model\":1002"))
      #expect(json.contains("\"already\":1,\"protectedAgain\":0"))
      try story.manifest(sandbox, "collections: { c: { models: [1005] } }\n")
      await story.must("apply", "--yes")
      #expect(story.placed().count == 3)
      await story.must("unprotect", "loras/**", "--json")
      await story.must("apply", "--yes")
      #expect(story.placed().count == 1)
    }
  }

  @Test func `that nobody has are told of with near names`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.both)
      await story.must("protect", "--all", code: .failed)
      await story.must("apply", "--yes")
      story.expect(
        await story.civsync("protect", "bsae"),
        """
        [errors]
        error[C110]: `bsae` names nothing that is placed
          note: did you mean collection `base`?
          help: name a collection, a model (`123`, `123@456`), a path or pattern as `civsync plan` prints it, or the first digits of a SHA-256
        [exit 64]
        """)
      await story.must("protect", code: .usage)
      await story.must("protect", "base", "--all", code: .usage)
      let snapshots = await story.must("log").output
      await story.must("protect", "999", code: .usage)
      #expect(await story.must("log").output == snapshots)
    }
  }
}
