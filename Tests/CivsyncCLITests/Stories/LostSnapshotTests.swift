import CivitaiSandbox
import Engine
import Foundation
import Testing

struct `A history that lost something` {
  @Test func `of the last snapshot tells which can be read, and the way it names works`()
    async throws
  {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, "collections: { c: { models: [1001] } }\n")
      await story.must("apply", "--yes")
      try story.manifest(sandbox, "collections: { c: { models: [1001, 1002] } }\n")
      await story.must("apply", "--yes")
      let photo = Photo(story)
      let main = try #require(story.read(".civsync/.git/refs/heads/main")).prefix(40)
      try FileManager.default.removeItem(
        atPath: story.path(".civsync/.git/objects/\(main.prefix(2))/\(main.dropFirst(2))"))
      for arguments in [["plan"], ["apply", "--yes"], ["log"]] {
        let ran = await story.run(arguments)
        #expect(ran.code == .failed, "\(arguments)")
        #expect(
          ran.errors.contains("error[C080]: the history cannot be used: the history has lost"))
        #expect(ran.errors.contains("note: the store and the placed files are as they were"))
        #expect(ran.errors.contains("can be read: apply: 1 created"), "\(ran.errors)")
      }
      let ran = await story.run(["plan"])
      let id = try #require(
        ran.errors.firstMatch(of: /update-ref refs\/heads\/main ([0-9a-f]{40})/))
      _ = try await git(story, "update-ref", "refs/heads/main", String(id.1))
      await story.must("apply", "--yes")
      #expect(Photo(story).files == photo.files)
      await story.must("status", "--verify")
      #expect(await story.must("log").output.contains("1 adopted"))
    }
  }

  @Test func `of all snapshots tells what else there is`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, "collections: { c: { models: [1001] } }\n")
      await story.must("apply", "--yes")
      let objects = story.path(".civsync/.git/objects")
      for name in try FileManager.default.contentsOfDirectory(atPath: objects)
      where name.count == 2 {
        try FileManager.default.removeItem(atPath: objects + "/" + name)
      }
      let ran = await story.must("plan", code: .failed)
      #expect(
        ran.errors.contains("put `.civsync/.git` back from a backup, or move it away"),
        "\(ran.errors)")
      try FileManager.default.moveItem(
        atPath: story.path(".civsync/.git"), toPath: story.path("away"))
      await story.must("apply", "--yes")
      await story.must("status")
    }
  }
}
