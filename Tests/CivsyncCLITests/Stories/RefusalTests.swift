import CivitaiSandbox
import Core
import Engine
import Testing

struct `What the site refuses` {
  @Test func `a login is asked for, and a token brings the file`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, "collections: { c: { models: [1001, 1111] } }\n")
      story.expect(
        await story.civsync("apply", "--yes"),
        """
        Create 2 files, 51 kB
          loras/
            + aurora_glow_v2.safetensors   31 kB  Aurora Glow · v2.0
            + members_palette.safetensors  20 kB  Members Palette · v1.0

        Plan: 2 create · fetch 51 kB · needs 51 kB of FREE free
        Blocked, and you can change it: 1 entry
          needs a login; run `civsync login`
            x Members Palette · v1.0 (1111@11111)

        Apply complete: 1 created · fetched 31 kB in TIME · snapshot ID.
        `civsync rollback @empty` undoes it.
        [exit 3]
        """)
      #expect(story.placed() == ["loras/aurora_glow_v2.safetensors"])
      // Known now: neither tried again nor told in full.
      let resolutions = sandbox.resolutions
      story.expect(
        await story.civsync("apply", "--yes"),
        """
        Still blocked: 1 entry
          1 login needed

        Nothing to do: 1 file is as the manifest wants it. 1 is blocked.
        [exit 3]
        """)
      #expect(sandbox.resolutions == resolutions)
      story.setEnvironment("CIVSYNC_TOKEN", "sandbox-token")
      story.expect(
        await story.civsync("apply", "--yes"),
        """
        Create 1 file, 20 kB
          loras/
            + members_palette.safetensors  20 kB  Members Palette · v1.0

        Plan: 1 create, 1 keep · fetch 20 kB · needs 20 kB of FREE free
        Apply complete: 1 created · fetched 20 kB in TIME · snapshot ID.
        `civsync rollback HEAD~1` undoes it.
        [exit 0]
        """)
      #expect(
        story.placed() == [
          "loras/aurora_glow_v2.safetensors", "loras/members_palette.safetensors",
        ])
      #expect(sandbox.requests.authorizedOnStorage == 0)
      // Without the token again it stays: only an edit removes.
      story.setEnvironment("CIVSYNC_TOKEN", nil)
      await story.must("plan", "--detailed-exitcode")
    }
  }

  @Test func `every final refusal is told once and counted afterwards`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(
        sandbox,
        """
        collections:
          c:
            models: [1001, 1110, 1111, 1412, 1413, 1414, 1415, 1416, 1419, 1420, 9999]
            versions: all

        """)
      story.expect(
        await story.civsync("apply", "--yes"),
        """
        Create 6 files, 95.9 kB
          loras/
            + aurora_glow.safetensors       27 kB  Aurora Glow · v1.0
            + aurora_glow_v2.safetensors    31 kB  Aurora Glow · v2.0
            + generation_only.safetensors  5.8 kB  Generation Only · v2
            + lower_hashes.safetensors     6.2 kB  No Digest · lower
            + members_palette.safetensors   20 kB  Members Palette · v1.0
            + no_grant.safetensors         5.9 kB  Generation Only · v1

        Blocked upstream: 14 entries
          early access until 2099-01-01
            x Neon Alley · v1.0 (1110@11101)
          early access, no end told
            x Paid Access · permanent (1412@14121)
            x Paid Access · open end (1412@14122)
          early access until 2099-06-01
            x Early Access · 2024 shape (1413@14131)
          early access until 2026-05-15
            x Early Access · 2023 shape (1413@14132)
          archived by its creator
            x Archived Style (1414)
          taken down
            x Taken Down Style · v1 (1415@14151)
          the site has not scanned it yet; `scan: allow-pending` would take it now
            x Scan Results · pending (1419@14191)
          the site's scan says danger; `scan: allow-danger` would take it all the same
            x Scan Results · danger (1419@14192)
          the site's scan says error; `scan: allow-danger` would take it all the same
            x Scan Results · error (1419@14193)
          the site gives no SHA256, so it cannot be verified
            x No Digest · partial (1420@14201)
            x No Digest · empty (1420@14202)
            x No Digest · absent (1420@14203)
          gone from the site
            x model 9999 (9999)

        Plan: 6 create, 14 blocked · fetch 95.9 kB · needs 95.9 kB of FREE free
        Blocked, and you can change it: 1 entry
          needs a login; run `civsync login`
            x Members Palette · v1.0 (1111@11111)

        Blocked upstream: 2 entries
          the creator has disabled downloads
            x Generation Only · v2 (1416@14161)
          the creator has not granted this account access
            x Generation Only · v1 (1416@14162)

        Apply complete: 3 created · fetched 64.3 kB in TIME · snapshot ID.
        `civsync rollback @empty` undoes it.
        [exit 3]
        """)
      story.expect(
        await story.civsync("plan"),
        """
        Still blocked: 17 entries
          1 login needed, 5 early access, 3 no digest, 2 failed the scan, 1 archived, 1 downloads disabled, 1 gone, 1 not granted, 1 scan pending, 1 taken down

        Nothing to do: 3 files are as the manifest wants them. 17 are blocked.
        [exit 0]
        """)
      let bytes = sandbox.storage.bytes
      await story.must("apply", "--yes", code: .partial)
      #expect(sandbox.storage.bytes == bytes)
    }
  }

  @Test func `the daily quota blocks what is over it until tomorrow`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, "collections: { c: { models: [1001, 1002, 1005] } }\n")
      try await sandbox.control(.quota(1))
      let ran = await story.must("apply", "--yes", code: .partial)
      #expect(
        ran.output.contains("the site's daily download limit is reached; try again tomorrow"))
      #expect(story.placed().count == 1)
      try await sandbox.control(.quota(nil))
      let remembered = await story.must("plan")
      #expect(remembered.output.contains("2 over the site's quota"))
    }
  }

  @Test(arguments: [
    (451, "not offered in this region", CommandExit.partial),
    (403, "the creator has not granted this account access", .ok),
    (410, "archived by its creator", .ok),
  ])
  func `a refusal at the download is a block`(
    status: Int, text: String, code: CommandExit
  ) async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, "collections: { c: { models: [1001, 1002] } }\n")
      var fault = Fault(.status, at: .file(FileID(100_111)), place: .download)
      fault.status = status
      try await sandbox.control(.fault(fault))
      let ran = await story.must("apply", "--yes", code: code)
      #expect(ran.output.contains(text))
      #expect(story.placed() == ["loras/polar_night.safetensors"])
      #expect(sandbox.storage.requests == 1)
    }
  }

  @Test func `a token that the site does not know serves nothing, and is what the run ends with`()
    async throws
  {
    try await withSandbox { sandbox in
      let story = try Story(["CIVSYNC_TOKEN": "no-token-of-yours"])
      try story.manifest(sandbox, "collections: { c: { models: [1111] } }\n")
      let ran = await story.must("apply", "--yes", code: .authentication)
      #expect(ran.output.contains("needs a login"))
      #expect(!(ran.output + ran.errors).contains("no-token-of-yours"))
    }
  }
}
