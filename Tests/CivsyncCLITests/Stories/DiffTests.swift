import CivitaiSandbox
import Core
import Engine
import Foundation
import Testing

struct `What differs` {
  @Test func `two snapshots differ in manifests, facts and files`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, "collections:\n  a: { models: [1001, 1002] }\n")
      await story.must("apply", "--yes")
      try story.manifest(sandbox, "collections:\n  b: { models: [1001, 1005] }\n")
      await story.must("apply", "--yes")
      let text = story.transcript(await story.must("diff", "HEAD~1", "HEAD"))
      #expect(
        text.replacing(/\([0-9a-f]{10}\)/, with: "(ID)") == """
          Manifest civsync.yaml: changed
            @@ -4,4 +4,4 @@
             source:
               endpoints: ["http://API"]
             collections:
            -  a: { models: [1001, 1002] }
            +  b: { models: [1001, 1005] }

          Facts: 1 file
            * loras/aurora_glow_v2.safetensors
              collections: a → b

          Files: 1 added, 1 removed
            + embeddings/snowlightNegative_v11.safetensors
              Snowlight Negative · v1.1; 2.9 kB; 4ade0df4d9d5
            - loras/polar_night.safetensors
              Polar Night · v1.0; 24 kB; 74d34442e3c4

          From HEAD~1 (ID) to HEAD (ID): 1 added, 1 removed; 1 file with other facts; 1 manifest differs.
          [exit 0]
          """)
      await story.must("diff", "HEAD~1", "HEAD", "--detailed-exitcode", code: .changesPending)
      let same = await story.must("diff", "HEAD", "main", "--detailed-exitcode")
      #expect(same.output.contains(/^No difference between HEAD \([0-9a-f]{10}\) and main \(/))
      let empty = await story.must("diff", "@empty", "HEAD", "--json")
      #expect(empty.output.hasPrefix(#"{"version":1,"from":"@empty","to":"HEAD ("#))
      #expect(empty.output.contains(#""hunks":[{"header":"@@ -0,0 +1,"#))
      await story.must("diff", "nowhere", "HEAD", code: .failed)
    }
  }

  @Test func `a snapshot and the manifest differ in what applying would do`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, "collections: { a: { models: [1001] } }\n")
      await story.must("apply", "--yes")
      let same = await story.must("diff", "HEAD", "--detailed-exitcode")
      #expect(same.output.hasPrefix("No difference between HEAD ("))
      #expect(same.output.hasSuffix(" and the manifest.\n"))
      let offline = await story.must("diff", "HEAD", "--offline", "--detailed-exitcode")
      #expect(offline.output == same.output)
      try story.manifest(sandbox, "collections: { a: { models: [1001, 1005] } }\n")
      let other = await story.must("diff", "HEAD", "--detailed-exitcode", code: .changesPending)
      #expect(other.output.contains("\nFiles: 1 added\n"))
      #expect(other.output.contains(" to the manifest: 1 added; 1 manifest differs.\n"))
      #expect(!story.exists("models/embeddings"))
    }
  }
}
