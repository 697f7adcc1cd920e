import CivitaiSandbox
import Core
import Engine
import Foundation
import Testing

/// What a project tells the store that it needs.
struct `The file of roots` {
  private func begin(_ sandbox: SandboxServer) async throws -> Story {
    let story = try Story()
    try story.manifest(sandbox, "collections: { c: { models: [1001, 1002] } }\n")
    await story.must("apply", "--yes")
    return story
  }

  private func path(_ story: Story) throws -> String {
    let folder = ".civsync/store/roots"
    let names = try FileManager.default.contentsOfDirectory(atPath: story.path(folder))
    return "\(folder)/\(try #require(names.first))"
  }

  private func digests(_ story: Story) throws -> [Substring] {
    try #require(story.read(path(story))).split(separator: "\n").filter { $0.count == 64 }
  }

  @Test func `names each content once, however often one goes there and back`() async throws {
    try await withSandbox { sandbox in
      let story = try await begin(sandbox)
      let before = try digests(story)
      for _ in 0..<3 {
        await story.must("rollback", "@empty", "--yes")
        await story.must("rollback", "HEAD~1", "--yes")
      }
      #expect(try digests(story) == before && before.count == 2)
    }
  }

  @Test func `is written anew where much of it stands there twice`() async throws {
    try await withSandbox { sandbox in
      let story = try await begin(sandbox)
      let before = try digests(story)
      let twice = String(repeating: "\(before[0])\n", count: 1_100)
      try story.write(try #require(story.read(path(story))) + twice, to: path(story))
      await story.must("rollback", "@empty", "--yes")
      #expect(try digests(story).sorted() == before.sorted())
    }
  }
}
