import CivitaiSandbox
import ContentStore
import Core
import Engine
import Foundation
import Testing

/// What a run that was killed, or a machine that stopped, leaves in folders of civsync's own.
struct `What a run that was cut off leaves` {
  private static let asked = "collections: { c: { models: [1001] } }\n"

  @Test func `in the state folder goes with the next that writes, and nothing else does`()
    async throws
  {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.asked)
      await story.must("apply", "--yes")
      let left = [".civsync/.civsync-tmp-1a2b3c", ".civsync/journal/.civsync-tmp-3w5e11264sgsf"]
      let others = [
        ".civsync/.civsync-tmp-Mine", ".civsync/.civsync-tmp-", ".civsync/.civsync-tmp-1.txt",
        ".civsync/.civsync-tmp-12345678901234", ".civsync/aside/.civsync-tmp-1",
        ".civsync/.civsync-tmp-folder/inside", "models/.civsync-tmp-7",
      ]
      for path in left + others { try story.write("x", to: path) }
      for arguments in [["plan"], ["status"], ["log"]] { await story.run(as: arguments) }
      #expect(left.allSatisfy(story.exists))
      await story.must("tag", "kept")
      #expect(!left.contains(where: story.exists))
      #expect(others.allSatisfy(story.exists))
    }
  }

  @Test func `of a manifest that was put back goes when that is gone on with`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.asked)
      await story.must("apply", "--yes")
      try story.manifest(sandbox, Self.asked.replacing("1001", with: "1001, 1002"))
      await story.must("apply", "--yes")
      try story.write("half", to: ".civsync-tmp-manifest")
      await story.must("rollback", "HEAD~1", "--manifest", "--yes")
      #expect(!story.exists(".civsync-tmp-manifest"))
    }
  }

  @Test func `of the roots in a store is written anew before it is relied on`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.asked)
      await story.must("apply", "--yes")
      let id = try #require(story.projectID)
      let path = ".civsync/store/roots/\(id)"
      let before = try #require(story.data(path))
      // The length was there and the bytes were not.
      try Data(before + Data(count: 65)).write(to: URL(filePath: story.path(path)))
      try story.manifest(sandbox, Self.asked.replacing("1001", with: "1001, 1002"))
      await story.must("apply", "--yes")
      let store = ContentStore(root: story.folder.appending(".civsync/store"))
      let root = try #require(try store.root(id)).root.get()
      #expect(root.digests.count == 2)
    }
  }
}
