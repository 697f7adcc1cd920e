import CivitaiSandbox
import Core
import Engine
import Foundation
import Testing

struct `What only reading finds` {
  static let aurora = "models/loras/aurora_glow_v2.safetensors"
  static let text = "the content changed; its time was put back"

  func begin(_ sandbox: SandboxServer, link: String = "hardlink") async throws -> Story {
    let story = try Story()
    try story.manifest(
      sandbox, "link: \(link)\ncollections: { c: { models: [1001, 1002] } }\n")
    await story.must("apply", "--yes")
    try await sandbox.control(.resetCounts)
    return story
  }

  @Test func `an edit through a hard link that put size and time back`() async throws {
    try await withSandbox { sandbox in
      let story = try await begin(sandbox)
      let photo = Photo(story)
      try story.edit(Self.aurora, timePutBack: true)
      let edited = try #require(story.data(Self.aurora))
      await story.must("status")
      story.expect(
        await story.civsync("status", "--verify"),
        """
        Modified: 1 file
          ~ loras/aurora_glow_v2.safetensors
            the content changed; its time was put back

        Drift: 1 modified; 1 as snapshot ID placed it.
        `civsync plan` shows what would repair it, `civsync apply` does it.
        With `--verify` they find what only reading tells.
        [errors]
        reading 2 files, 55 kB
        [exit 10]
        """)
      story.expect(
        await story.civsync("plan", "--verify"),
        """
        Repair 1 file
          ! loras/aurora_glow_v2.safetensors
            Aurora Glow · v2.0; the content changed; its time was put back
            your changed file goes to .civsync/aside/

        Plan: 1 repair, 1 keep · fetch 31 kB · needs 31 kB of FREE free
        [errors]
        reading 2 files, 55 kB
        [exit 0]
        """)
      #expect(story.data(Self.aurora) == edited)
      // The object is the same file: it cannot be what the repair is made from.
      await story.must("apply", "--verify", "--yes")
      #expect(sandbox.storage.requests == 1)
      #expect(Photo(story) == photo)
      #expect(story.contents(below: ".civsync/aside") == [edited])
      #expect(story.contents(below: ".civsync/store/damaged") == [edited])
      await story.must("status", "--verify")
    }
  }

  @Test func `a copy is repaired from its object, and that is read too`() async throws {
    try await withSandbox { sandbox in
      let story = try await begin(sandbox, link: "copy")
      let photo = Photo(story)
      let object = try story.object(of: Self.aurora)
      try story.edit(Self.aurora, timePutBack: true)
      let edited = try #require(story.data(Self.aurora))
      #expect(await story.must("plan", "--verify").output.contains("nothing to fetch"))
      try story.edit(object, timePutBack: true)
      #expect(await story.must("plan", "--verify").output.contains("fetch 31 kB"))
      await story.must("apply", "--verify", "--yes")
      #expect(sandbox.storage.requests == 1)
      #expect(Photo(story) == photo)
      #expect(story.contents(below: ".civsync/aside") == [edited])
      await story.must("status", "--verify")
    }
  }

  @Test func `what cannot be fetched again stays, and is no longer taken for intact`() async throws
  {
    try await withSandbox { sandbox in
      let story = try await begin(sandbox)
      try story.edit(Self.aurora, timePutBack: true)
      let edited = try #require(story.data(Self.aurora))
      try await sandbox.control(.requireLogin(version: VersionID(10_011)))
      let ran = await story.must("apply", "--verify", "--yes", code: .partial)
      #expect(ran.output.contains("needs a login"), "\(ran.output)")
      #expect(story.data(Self.aurora) == edited)
      // One look is enough now.
      let status = await story.must("status", code: .drift)
      #expect(status.output.contains("the content changed"))
      try await sandbox.control(.open(version: VersionID(10_011)))
      await story.must("apply", "--refresh", "--yes")
      await story.must("status", "--verify")
      #expect(story.contents(below: ".civsync/aside") == [edited])
    }
  }

  @Test func `a symbolic link to a damaged object`() async throws {
    try await withSandbox { sandbox in
      let story = try await begin(sandbox, link: "symlink")
      let photo = Photo(story)
      try story.edit(try story.object(of: Self.aurora), timePutBack: true)
      await story.must("status")
      let status = await story.must("status", "--verify", "--json", code: .drift)
      #expect(status.output.contains(Self.text))
      await story.must("apply", "--verify", "--yes")
      #expect(Photo(story) == photo)
      await story.must("status", "--verify")
    }
  }

  @Test func `nothing, where all is in order`() async throws {
    try await withSandbox { sandbox in
      let story = try await begin(sandbox)
      let ran = await story.must("status", "--verify")
      #expect(ran.errors == "reading 2 files, 55 kB\n")
      #expect(await story.must("plan", "--verify").output.contains("Nothing to do"))
    }
  }
}
