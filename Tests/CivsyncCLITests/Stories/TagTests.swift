import CivitaiSandbox
import Core
import Engine
import Foundation
import Testing

struct `Names of snapshots` {
  private static let first = "collections: { a: { models: [1001] } }\n"
  private static let second = "collections: { a: { models: [1002] } }\n"

  private func twoSnapshots(_ sandbox: SandboxServer) async throws -> Story {
    let story = try Story()
    try story.manifest(sandbox, Self.first)
    await story.must("apply", "--yes")
    try story.manifest(sandbox, Self.second)
    await story.must("apply", "--yes")
    return story
  }

  @Test func `are given, listed, gone back to and taken away`() async throws {
    try await withSandbox { sandbox in
      let story = try await twoSnapshots(sandbox)
      story.expect(
        await story.must("tag"),
        """
        No snapshot has a name yet: `civsync tag NAME` gives the last one a name.
        [exit 0]
        """)
      story.expect(
        await story.must("tag", "works", "HEAD~1"),
        """
        Snapshot ID is called `works`.
        [exit 0]
        """)
      await story.must("tag", "works", "HEAD~1")
      await story.must("tag", "today")
      let list = story.transcript(await story.must("tag"))
      #expect(
        list.replacing(/[0-9a-f]{10}/, with: "ID") == """
          today: ID, 2026-01-01 00:02:00, apply: 1 created, 1 removed
          works: ID, 2026-01-01 00:01:00, apply: 1 created
          [exit 0]
          """)
      #expect(await story.must("log").output.contains("(HEAD, today) apply: 1 created, 1 removed"))
      #expect(await story.must("show", "works").output.contains("works"))
      await story.must("diff", "works", "HEAD")
      await story.must("rollback", "works", "--yes")
      #expect(story.placed() == ["loras/aurora_glow_v2.safetensors"])
      story.expect(
        await story.must("tag", "-d", "works"),
        """
        No snapshot is called `works` any more; the snapshot itself stays.
        [exit 0]
        """)
      let gone = await story.must("rollback", "works", "--yes", code: .failed)
      #expect(gone.errors.contains("error[C081]: no such snapshot: `works`"))
    }
  }

  @Test func `that cannot be given say why`() async throws {
    try await withSandbox { sandbox in
      let empty = try Story()
      try empty.manifest(sandbox, Self.first)
      #expect(await empty.must("tag", "x", code: .failed).errors.contains("error[C082]"))
      let story = try await twoSnapshots(sandbox)
      await story.must("tag", "works", "HEAD~1")
      let taken = await story.must("tag", "works", code: .usage)
      #expect(taken.errors.contains("is called `works` already"))
      for name in ["HEAD", "main", "@x", "cafe", "a b", "a..b"] {
        let bad = await story.must("tag", name, code: .usage)
        #expect(
          bad.errors.contains("error[C215]: `\(name)` cannot be the name of a snapshot"), "\(name)")
      }
      #expect(await story.must("tag", "x", "@empty", code: .usage).errors.contains("error[C215]"))
      story.expect(
        await story.must("tag", "-d", "none", code: .failed),
        """
        [errors]
        error[C216]: no snapshot is called `none`
          help: `civsync tag` lists the names
        [exit 1]
        """)
      await story.must("tag", "-d", code: .usage)
    }
  }

  @Test func `are JSON for programs`() async throws {
    try await withSandbox { sandbox in
      let story = try await twoSnapshots(sandbox)
      let added = await story.must("tag", "works", "HEAD~1", "--json").output
      #expect(added.hasPrefix(#"{"version":1,"added":{"name":"works","snapshot":{"id":""#))
      let list = await story.must("tag", "--json").output
      let pattern =
        #/^\{"version":1,"tags":\[\{"name":"works","snapshot":\{"id":"[0-9a-f]{40}","short":"[0-9a-f]{10}","time":"2026-01-01T00:01:00Z","title":"apply: 1 created","refs":\[\],"whole":null\}\}\]\}\n$/#
      #expect(list.firstMatch(of: pattern) != nil, "\(list)")
      #expect(
        await story.must("tag", "-d", "works", "--json").output
          == #"{"version":1,"removed":"works"}"# + "\n")
    }
  }
}
