import CivitaiSandbox
import CivsyncCLI
import Core
import Engine
import Foundation
import GitStore
import SystemIO
import Testing

struct `Collecting` {
  @Test func `shows what would go and what that costs, then does it`() async throws {
    try await withSandbox { sandbox in
      let (story, object) = try await Story.withLeftObject(sandbox)
      story.expectCollected(
        await story.must("gc", "--grace", "0s"),
        """
        Free 1 object, 24 kB
          - Polar Night · v1.0  24 kB  sha256 SHORT

        Stays: 1 object
          = 1: the last snapshot needs them

        Could no longer be gone back to offline: 1 snapshot
          - ID  2026-01-01 00:01:00  apply: 2 created

        Would free 24 kB: 1 of 2 objects · 1 stays · 1 of 2 snapshots kept
        `civsync gc --yes` does it.
        To keep a snapshot give it a name (`civsync tag NAME REV`), or keep more: `keep:` in the manifest.
        [exit 0]
        """)
      #expect(story.exists(object))
      story.expectCollected(
        await story.collect(),
        """
        Freed 1 object, 24 kB
          - Polar Night · v1.0  24 kB  sha256 SHORT

        Stays: 1 object
          = 1: the last snapshot needs them

        No longer gone back to offline: 1 snapshot
          - ID  2026-01-01 00:01:00  apply: 2 created

        Freed 24 kB: 1 of 2 objects · 1 stays · 1 of 2 snapshots kept
        [exit 0]
        """)
      #expect(!story.exists(object))
      await story.expectSound()
      story.expectCollected(
        await story.collect(),
        """
        Stays: 1 object
          = 1: the last snapshot needs them

        Nothing was freed: all of 1 object stays.
        1 snapshot could not be gone back to offline before.
        [exit 0]
        """)
    }
  }

  @Test func `a snapshot whose objects went cannot be gone back to, and that is said`()
    async throws
  {
    try await withSandbox { sandbox in
      let (story, object) = try await Story.withLeftObject(sandbox)
      #expect(await story.must("log", "--json").output.contains(#""whole":true"#))
      await story.collect()
      story.expect(
        await story.civsync("log"),
        """
        ID  2026-01-01 00:02:00  (HEAD) apply: 1 removed
        ID  2026-01-01 00:01:00  (objects missing) apply: 2 created
        [exit 0]
        """)
      #expect(await story.must("log", "--json").output.contains(#""whole":false"#))
      let photo = Photo(story)
      let refused = await story.must("rollback", "HEAD~1", "--yes", code: .failed)
      #expect(refused.errors.contains("error[C064]"), "\(refused.errors)")
      #expect(refused.errors.contains(object.suffix(64)))
      #expect(Photo(story) == photo)
      // What the site still has comes back with the manifest.
      try story.manifest(sandbox, "collections: { c: { models: [1001, 1002] } }\n")
      await story.must("apply", "--yes")
      #expect(story.exists(object))
    }
  }

  @Test func `JSON says the same`() async throws {
    try await withSandbox { sandbox in
      let (story, object) = try await Story.withLeftObject(sandbox)
      let ran = await story.must("gc", "--json", "--grace", "0s", "--offline")
      let text = ran.output.replacing(object.suffix(64), with: "DIGEST")
        .replacing(/"id":"[0-9a-f]{40}","short":"[0-9a-f]{10}"/, with: "ID")
        .replacing(/:[0-9]{5},/, with: ":BYTES,").replacing(story.folder.string, with: "PROJECT")
      #expect(
        text == #"""
          {"version":1,"exit":0,"done":false,"store":"PROJECT/.civsync/store","keep":{"last":1,"withinDays":0,"tags":false},"graceSeconds":0,"objects":2,"freed":[{"sha256":"DIGEST","bytes":BYTES,"title":"Polar Night · v1.0"}],"freedBytes":BYTES,"leftovers":{"count":0,"bytes":0},"stays":[{"reason":"placed","count":1,"bytes":null,"irreplaceable":false}],"snapshots":2,"keptSnapshots":1,"incomplete":0,"losing":[{ID,"time":"2026-01-01T00:01:00Z","title":"apply: 2 created"}],"projects":[],"forgotten":[],"plans":[],"failures":[],"unanswered":null,"stopped":false,"pending":null}

          """#, "\(text)")
    }
  }

  @Test func `without a word in the manifest ten snapshots, 90 days and every tag are kept`()
    async throws
  {
    try await withSandbox { sandbox in
      let (story, object) = try await Story.withLeftObject(sandbox, keep: "")
      let kept = await story.collect()
      #expect(
        kept.output.contains(
          "= 1: snapshots need them that are kept (the last 10, those of 90 days, those with a tag)"
        ),
        "\(kept.output)")
      #expect(story.exists(object))
      await story.must("rollback", "HEAD~1", "--yes")
    }
  }

  enum Kept: String, CaseIterable {
    case last = "keep: { last: 2, within: 0d, tags: none }\n"
    case days = "keep: { last: 1, within: 1d, tags: none }\n"
    case tag = "keep: { last: 1, within: 0d, tags: all }\n"
  }

  @Test(arguments: Kept.allCases)
  func `each of them keeps by itself`(kept: Kept) async throws {
    try await withSandbox { sandbox in
      let (story, object) = try await Story.withLeftObject(sandbox, keep: kept.rawValue)
      if kept == .tag {
        await story.must("tag", "good", "HEAD~1")
      }
      await story.collect()
      #expect(story.exists(object))
      switch kept {
      case .last:
        try story.manifest(
          sandbox, Story.keepsLast + "collections: { c: { models: [1001] } }\n")
      case .days: story.setClock { _ in GitTime(seconds: 1_767_225_600 + 2 * 86_400) }
      case .tag: await story.must("tag", "-d", "good")
      }
      await story.collect()
      #expect(!story.exists(object))
      await story.expectSound()
    }
  }

  @Test func `what was just published waits for the grace period`() async throws {
    try await withSandbox { sandbox in
      let (story, object) = try await Story.withLeftObject(sandbox)
      let status = try #require(try FileSystem().status(story.folder.appending(object)))
      let now = Mutable(status.changed.seconds + 3_599)
      story.setClock { _ in GitTime(seconds: now.value) }
      let young = await story.must("gc", "--yes")
      #expect(
        young.output.contains(
          "= 1, 24 kB: published, or given another name, within the last hour"), "\(young.output)")
      #expect(story.exists(object))
      now.value += 2
      await story.must("gc", "--yes", "--grace", "2h")
      #expect(story.exists(object))
      await story.must("gc", "--yes")
      #expect(!story.exists(object))
      await story.must("gc", "--grace", "soon", code: .usage)
    }
  }

  @Test func `a file outside the store that is the same file keeps its object`() async throws {
    try await withSandbox { sandbox in
      let (story, object) = try await Story.withLeftObject(sandbox)
      let copy = story.folder.appending("elsewhere.safetensors")
      try FileSystem().link(story.folder.appending(object), to: copy)
      let ran = await story.collect("--irreplaceable")
      #expect(
        ran.output.contains("= 1, 24 kB: something outside the store is a name of the same file"))
      #expect(story.exists(object))
      try FileSystem().unlink(copy)
      await story.collect()
      #expect(!story.exists(object))
    }
  }

  @Test func `what an unfinished download left goes after a week, what is set aside stays`()
    async throws
  {
    try await withSandbox { sandbox in
      let (story, _) = try await Story.withLeftObject(sandbox)
      let hex = String(repeating: "ab", count: 32)
      let partial = ".civsync/store/partial/\(hex)"
      try story.write("part", to: partial)
      try story.write("x", to: ".civsync/store/damaged/\(hex)")
      try story.write("x", to: ".civsync/aside/then/mine")
      let now = try #require(try FileSystem().status(story.folder.appending(partial)))
      story.setClock { _ in GitTime(seconds: now.modified.seconds + 6 * 86_400) }
      await story.collect()
      #expect(story.exists(partial))
      story.setClock { _ in GitTime(seconds: now.modified.seconds + 8 * 86_400) }
      let ran = await story.collect()
      #expect(
        ran.output.contains("- 1 download that nobody went on with for a week, 4 B"),
        "\(ran.output)")
      #expect(!story.exists(partial))
      #expect(story.exists(".civsync/store/damaged/\(hex)"))
      #expect(story.exists(".civsync/aside/then/mine"))
    }
  }

  @Test func `without a store or a manifest there is nothing to do`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, "collections: { c: { models: [1001] } }\n")
      for arguments in [["gc"], ["gc", "--yes"]] {
        let ran = await story.run(arguments)
        #expect(ran.code == .ok && ran.output.contains("all of 0 objects"), "\(ran.output)")
        #expect(!story.exists(".civsync"))
      }
      let none = try Story()
      await none.must("gc", code: .manifestInvalid)
    }
  }
}
