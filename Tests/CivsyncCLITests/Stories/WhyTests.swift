import CivitaiSandbox
import Core
import Engine
import Foundation
import Testing

struct `Why a file is there` {
  private static let asked = """
    collections:
      glow:
        models:
          - 1001   # the one that we all use
          - 1110
      pixel: { users: [pixelsmith], types: [TextualInversion] }

    """

  @Test func `the whole answer, offline`() async throws {
    let story = try Story()
    try await withSandbox { sandbox in
      try story.manifest(sandbox, Self.asked)
      await story.must("apply", "--yes")
      try story.manifest(sandbox, Self.asked + "policy: { maxFile: 30GB }\n")
      await story.must("apply", "--yes")
    }
    // The sandbox is gone: nothing can be asked.
    story.expect(
      await story.civsync("why", "loras/aurora_glow_v2.safetensors"),
      """
      Aurora Glow · v2.0
        file      aurora_glow_v2.safetensors (1001@10011+100111)
        asked for civsync.yaml:9:9: collection `glow`, `models`
                  |       - 1001   # the one that we all use
        chosen    the version's own primary file (no `files:`)
        placed    loras/aurora_glow_v2.safetensors
                  path: as the layout `comfyui` says
                  since snapshot ID: apply: 2 created
        state     current: the manifest selects it
        sha256    4061790b7ce3b00a87d37cd632cbd23b98d344502e90cf89f255ebcec00560e6
        size      31 kB
        in store  yes
        page      http://API/models/1001?modelVersionId=10011
        download  http://API/api/download/models/10011?fileId=100111
        origin    fetched by civsync
      [exit 0]
      """)
  }

  @Test func `by every name that a person has for it`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.asked)
      await story.must("apply", "--yes")
      let answer = await story.must("why", "1001").output
      #expect(answer.hasPrefix("Aurora Glow · v2.0\n"))
      for name in [
        "main:loras/aurora_glow_v2.safetensors", "models/loras/aurora_glow_v2.safetensors",
        story.path("models/loras/aurora_glow_v2.safetensors"), "4061790b",
        "4061790B7CE3B00A87D37CD632CBD23B98D344502E90CF89F255EBCEC00560E6", "1001@10011",
        "https://civitai.com/models/1001/any-name?modelVersionId=10011",
        "urn:air:sdxl:lora:civitai:1001@10011", "loras/*glow*", "model:1001",
      ] {
        #expect(await story.must("why", name).output == answer, "\(name)")
      }
      #expect(await story.must("why", "models/loras").output == answer)
      #expect(await story.must("why", "models/loras/").output == answer)
      #expect(await story.must("why", "pixel").output.hasPrefix("Dither Words · v1.0\n"))
    }
  }

  @Test func `what is asked for and kept out is told with its reason`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.asked)
      story.expect(
        await story.civsync("why", "1110"),
        """
        Not placed: model 1110
          asked for civsync.yaml:10:9: collection `glow`, `models`
                    |       - 1110
          why       the manifest asks for it, and it is not placed yet; `civsync plan` shows what becomes of it
        [exit 0]
        """)
      await story.must("apply", "--yes")
      story.expect(
        await story.civsync("why", "1110"),
        """
        Not placed: Neon Alley · v1.0
          asked for civsync.yaml:10:9: collection `glow`, `models`
                    |       - 1110
          why       early access until 2099-01-01
        [exit 0]
        """)
      let json = await story.must("why", "1110", "--json")
      #expect(json.output.contains(#""notPlaced":[{"title":"Neon Alley · v1.0","selectedBy":["#))
      #expect(json.output.contains(#""code":"gated","text":"early access until 2099-01-01"}"#))
    }
  }

  @Test func `what was removed is told with the way back`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.asked)
      await story.must("apply", "--yes")
      try story.manifest(sandbox, "collections: { pixel: { models: [1005] } }\n")
      await story.must("apply", "--yes")
      try story.manifest(sandbox, "collections: { pixel: { models: [1005, 1003] } }\n")
      await story.must("apply", "--yes")
      let first = try #require(await story.must("log").output.split(separator: "\n").last)
      let text = story.transcript(await story.must("why", "loras/aurora_glow_v2.safetensors"))
      #expect(
        text.replacing(first.prefix(10), with: "FIRST") == """
          No longer placed: Aurora Glow · v2.0
            file      aurora_glow_v2.safetensors (1001@10011+100111)
            was at    loras/aurora_glow_v2.safetensors
            removed   by snapshot ID: apply: 1 created, 2 removed
            sha256    4061790b7ce3b00a87d37cd632cbd23b98d344502e90cf89f255ebcec00560e6
            in store  yes
            back      `civsync rollback ID`, or `1001@10011` under `models:`
          [exit 0]
          """)
    }
  }

  @Test func `a file that went and came is there since it came`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      for models in ["1001", "1001, 1005", "1005", "1001, 1005", "1001"] {
        try story.manifest(sandbox, "collections: { c: { models: [\(models)] } }\n")
        await story.must("apply", "--yes")
      }
      let log = await story.must("log").output.split(separator: "\n")
      let since = try #require(log.count == 5 ? log[1].prefix(10) : nil)
      let answer = await story.must("why", "1001").output
      #expect(answer.contains("since snapshot \(since): apply: 1 created\n"), "\(answer)")
    }
  }

  @Test func `what nobody knows ends with 1 and says what to try`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.asked)
      await story.must("apply", "--yes")
      try story.write("mine", to: "models/loras/mine.safetensors")
      story.expect(
        await story.civsync("why", "models/loras/mine.safetensors"),
        """
        [errors]
        error[C142]: nothing is known of `models/loras/mine.safetensors`: no snapshot, no lock and no manifest has it
          note: a file stands there that civsync did not place: it is yours
          help: name a path as `civsync plan` prints it, eight digits or more of a SHA-256, a model's id or address, or a collection
        [exit 1]
        """)
      let near = await story.must("why", "loras/aurora_glow_v3.safetensors", code: .failed)
      #expect(near.errors.contains("perhaps you mean path `loras/aurora_glow_v2.safetensors`"))
      await story.must("why", "999", code: .failed)
      await story.must("why", "", code: .usage)
    }
  }

  @Test func `a manifest with a mistake keeps the records from nobody`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.asked)
      await story.must("apply", "--yes")
      try story.write("version: 1\nroot: [", to: "civsync.yaml")
      let answer = await story.must("why", "1001").output
      #expect(answer.contains("asked for by no line of the manifest as it is now\n"))
      #expect(
        answer.hasSuffix(
          "The manifest cannot be asked: `civsync validate` tells what is wrong with it.\n"))
    }
  }
}
