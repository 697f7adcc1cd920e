import CivitaiSandbox
import Core
import Engine
import Foundation
import Testing

struct `Adding to the manifest` {
  @Test func `shows what it is, edits in place, and the plan has it`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(
        sandbox, "collections:\n  base:\n    # mine\n    models:\n      - 1004  # a VAE\n")
      story.expect(await story.civsync("add", "1001", width: 100), Self.expected)
      #expect(
        story.read("civsync.yaml")?.hasSuffix(
          "    # mine\n    models:\n      - 1004  # a VAE\n      - 1001  # Aurora Glow\n") == true)
      let plan = await story.must("plan")
      #expect(plan.output.contains("2 create"))
      let again = await story.must("add", "1001")
      #expect(again.output.contains("It is in `base` already."))
      #expect(again.output.contains("Nothing to add: the manifest has it all."))
    }
  }

  private static let expected = """
    Aurora Glow
      LORA · by aurora_studio · PG
      Licence: commercial use for selling images, generation on the site.
      · v2.0 (10011), SDXL 1.0, 2025-09-14, the newest
          aurora_glow_v2.safetensors  31 kB  Model SafeTensor
      · v1.0 (10012), SDXL 1.0, 2025-03-02
          aurora_glow.safetensors  27 kB  Model SafeTensor

    Added `1001` to `base` in `civsync.yaml`.
    Next: `civsync plan` shows what would be fetched.
    [exit 0]
    """

  @Test func `takes every form in which people have a model, and creators`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, "collections: {}\n")
      await story.must(
        "add", "https://civitai.com/models/1002/polar-night", "1101@11011", "@northwind",
        "urn:air:sdxl:lora:civitai:1102@11021",
        "https://civitai.com/api/download/models/11041", "https://civitai.red/user/lumen_works",
        "--collection", "mine")
      #expect(
        story.read("civsync.yaml")?.hasSuffix(
          """
          collections:
            mine:
              users:
                - northwind
                - lumen_works
              models:
                - 1002  # Polar Night
                - 1101@11011  # Pixel Forge
                - 1102@11021  # Sprite Sheet
                - 1104@11041  # Pixel VAE

          """) == true, "\(story.read("civsync.yaml") ?? "")")
      await story.must("validate")
    }
  }

  @Test func `a dry run shows the difference and writes nothing`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, "collections:\n  base: { models: [1004] }\n")
      let before = story.read("civsync.yaml")
      let ran = await story.must("add", "1002", "--dry-run")
      #expect(story.read("civsync.yaml") == before)
      #expect(
        ran.output.contains("-  base: { models: [1004] }\n+  base: { models: [1004, 1002] }\n"))
      #expect(ran.output.contains("Nothing was written; run it without `--dry-run`"))
      let json = await story.must("add", "1002", "--dry-run", "--json")
      #expect(
        json.output.contains(#""written":false,"additions":[{"asked":"1002","kind":"models""#))
    }
  }

  @Test func `what is not found ends it, and nothing is written`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, "collections:\n  base: { models: [1004] }\n")
      let before = story.read("civsync.yaml")
      story.expect(
        await story.civsync("add", "1002", "424242", "1001@5", "@nobody_here"),
        """
        [errors]
        error[C233]: `424242` is not on the site

        error[C233]: `1001@5` names a version that model 1001 does not have

        error[C233]: `@nobody_here` is no creator on the site
          help: nothing was added; correct or leave out what was not found
        [exit 1]
        """)
      story.expect(
        await story.civsync("add", "what is this"),
        """
        [errors]
        error[C237]: `what is this` names no model and no creator
          help: write an id, `id@version`, the address of a page, an AIR, or `@creator`; `civsync \
        search` finds ids by words
        [exit 64]
        """)
      #expect(story.read("civsync.yaml") == before)
      await sandbox.stop()
      let away = await story.must("add", "1002", code: .unreachable)
      #expect(away.errors.contains("error[C234]: `1002` could not be looked up"))
    }
  }

  @Test func `says what to write where it does not edit`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(
        sandbox, "collections:\n  a: &a\n    models: [1004]\n  b: *a\n")
      let ran = await story.must("add", "1002", "--collection", "b", code: .failed)
      #expect(
        ran.errors.hasPrefix(
          "error[C235]: `civsync.yaml` is not edited: it is written in a way that civsync does not "
            + "edit\n  note: to add: `models: 1002`\n"), "\(ran.errors)")
      let none = try Story()
      let missing = await none.must("add", "1", code: .manifestInvalid)
      #expect(missing.errors.hasPrefix("error[C232]: there is no manifest to add to"))
    }
  }

  @Test func `keeps a link a link, and the file's mode`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, "collections:\n  base: { models: [1004] }\n")
      let files = FileManager.default
      try files.moveItem(atPath: story.path("civsync.yaml"), toPath: story.path("real.yaml"))
      try files.setAttributes([.posixPermissions: 0o600], ofItemAtPath: story.path("real.yaml"))
      try files.createSymbolicLink(
        atPath: story.path("civsync.yaml"), withDestinationPath: "real.yaml")
      await story.must("add", "1002")
      #expect(
        try files.destinationOfSymbolicLink(atPath: story.path("civsync.yaml")) == "real.yaml")
      #expect(story.read("real.yaml")?.contains("[1004, 1002]") == true)
      let mode = try files.attributesOfItem(atPath: story.path("real.yaml"))[.posixPermissions]
      #expect(mode as? Int == 0o600)
    }
  }
}

struct `Searching the site` {
  @Test func `shows a table with the ids to add`() async throws {
    try await withSandbox { sandbox in
      let story = try Story(["CIVSYNC_ENDPOINTS": sandbox.apiURL])
      story.expect(await story.civsync("search", "pixel", width: 60), Self.expected)
      let json = await story.must("search", "pixel", "--type", "vae", "--json")
      #expect(
        json.output.hasPrefix(#"{"version":1,"exit":0,"more":false,"models":[{"model":1104,"#))
      let few = await story.must(
        "search", "pixel", "--user", "pixelsmith", "--base-model", "SD 1.5", "--sort",
        "most-downloaded", "--limit", "1", "--json")
      let found = try JSONSerialization.jsonObject(with: Data(few.output.utf8)) as? [String: Any]
      let models = try #require(found?["models"] as? [[String: Any]])
      #expect(models.map { $0["model"] as? Int } == [1101] && found?["more"] as? Bool == true)
      let none = await story.must("search", "nothing of that name")
      #expect(none.output.hasPrefix("Nothing was found.\n"))
      let sent = sandbox.requests.routes["GET /api/v1/models"]?.parameters ?? [:]
      #expect(sent["page"] == nil && sent["types=,"] == nil)
    }
  }

  private static let expected = """
    1109  Pixel Wildcards
          Wildcards · Other · by pixelsmith · 5k downloads · v1…
    1104  Pixel VAE
          VAE · SD 1.5 · by pixelsmith · 11k downloads · v1.0 o…
    1101  Pixel Forge
          LORA · SDXL 1.0 · by pixelsmith · 31k downloads · v1.…

    Add one with `civsync add 1109`.
    [exit 0]
    """

  @Test func `lists without words, as far as is wanted`() async throws {
    let many: (inout SandboxOptions) -> Void = { $0.models = 2_000 }
    try await withSandbox(many) { sandbox in
      let story = try Story(["CIVSYNC_ENDPOINTS": sandbox.apiURL])
      func models(_ arguments: String...) async throws -> [[String: Any]] {
        let ran = await story.run(["search", "--json"] + arguments)
        let value = try JSONSerialization.jsonObject(with: Data(ran.output.utf8)) as? [String: Any]
        return try #require(value?["models"] as? [[String: Any]], "\(ran)")
      }
      let tagged = try await models("--tag", "pixel art", "--tag", "interior")
      #expect(tagged.contains { $0["model"] as? Int == 1108 } && tagged.count > 1)
      let vaes = try await models("--type", "vae", "--limit", "1000")
      #expect(vaes.count > 20 && vaes.allSatisfy { $0["modelType"] as? String == "VAE" })
      #expect(Set(vaes.compactMap { $0["model"] as? Int }).count == vaes.count)
      let some = try await models("--base-model", "SDXL 1.0", "--nsfw", "--limit", "250")
      #expect(some.count == 250)
      let own = try await models("--user", "pixelsmith", "--type", "VAE")
      #expect(own.map { $0["model"] as? Int } == [1104])
      let newest = await story.must(
        "search", "--type", "vae", "--sort", "newest", "--limit", "101", code: .usage)
      #expect(newest.errors.contains("--limit is 1 to 100"))
    }
  }

  @Test func `says what is wrong`() async throws {
    try await withSandbox { sandbox in
      let story = try Story(["CIVSYNC_ENDPOINTS": sandbox.apiURL])
      let user = await story.must("search", "x", "--user", "nobody_here", code: .failed)
      #expect(user.errors.hasPrefix("error[C230]: nothing can be searched: the site knows no such"))
      let limit = await story.must("search", "x", "--limit", "0", code: .usage)
      #expect(limit.errors.contains("--limit is 1 to 100"))
      await story.must("search", " ", code: .usage)
      story.setEnvironment("CIVSYNC_ENDPOINTS", "ftp://nowhere")
      story.expect(
        await story.civsync("search", "x"),
        """
        [errors]
        error[C176]: `CIVSYNC_ENDPOINTS` holds what cannot be asked
          help: write `https://` and the host, without name and password
        [exit 64]
        """)
      story.setEnvironment("CIVSYNC_ENDPOINTS", "http://127.0.0.1:1")
      let away = await story.must("search", "x", code: .unreachable)
      #expect(away.errors.contains("error[C231]: the site could not be searched"))
    }
  }
}

struct `What has a newer version` {
  @Test func `is told with what else is not as the site has it, in few calls`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(
        sandbox,
        "collections:\n  a: { models: [1001@10012, 1002, 1004, 1101, 1107, 1502] }\n")
      let none = await story.must("outdated")
      #expect(none.output.contains("Nothing is placed yet"))
      await story.must("apply", "--yes")
      try await sandbox.control(.replace(file: FileID(110_111)))
      try await sandbox.control(.deleteModel(ModelID(1502)))
      try await sandbox.control(.archive(ModelID(1107)))
      let before = Photo(story)
      let calls = sandbox.requests.total
      story.expect(await story.civsync("outdated", width: 80), Self.expected)
      #expect(Photo(story) == before)
      // A list, and twice for each that is in no list.
      #expect(sandbox.requests.total - calls <= 4)
      await story.must("outdated", "--detailed-exitcode", code: .changesPending)
      let json = await story.must("outdated", "--json")
      #expect(json.output.contains(#""change":"newer","newer":{"modelVersion":10011,"#))
      await sandbox.stop()
      let away = await story.must("outdated", code: .unreachable)
      #expect(away.output.contains("and nothing is known of them now."), "\(away.output)")
    }
  }

  private static let expected = """
    Newer versions: 1 model
      ^ Aurora Glow (1001): v1.0 → v2.0 (2025-09-14)

    Replaced by their creators inside a version: 1 model
      ? Pixel Forge (1101): v1.5; `civsync accept 1101` takes what is offered

    No longer to be had from the site: 2 models
      ! Palette Shift (1107): archived by its creator
      ! Candle Light (1502): v1.0 is gone

    4 of 6 placed models not as the site has them. `civsync plan` shows what the
    manifest makes of it.
    [exit 0]
    """
}
