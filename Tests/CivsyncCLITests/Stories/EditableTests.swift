import CivitaiSandbox
import Core
import Engine
import Foundation
import SystemIO
import Testing

struct `Files that tools may write to` {
  static let aurora = "models/loras/aurora_glow_v2.safetensors"
  static let editable = "editable: [LORA]\n"

  func manifest(_ head: String, _ models: String = "1001, 1002") -> String {
    "\(head)collections: { c: { models: [\(models)] } }\n"
  }

  private func status(_ story: Story, _ file: String) throws -> FileStatus {
    let path = try #require(AbsolutePath(story.path(file)))
    return try #require(try FileSystem().status(path))
  }

  @Test(arguments: ["", "link: hardlink\n", "link: symlink\n"])
  func `are files of their own that can be written to, whatever the way to link`(
    link: String
  ) async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, manifest(link + Self.editable))
      await story.must("apply", "--yes")
      let placed = try status(story, Self.aurora)
      #expect(placed.kind == .file && placed.links == 1 && placed.mode == 0o644)
      await story.must("status", "--verify")
      let plan = await story.must("plan")
      #expect(plan.output.contains("Nothing to do"), "\(plan.output)")
    }
  }

  @Test func `are the tool's to change: nothing is repaired, and nothing is drift`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, manifest(Self.editable))
      await story.must("apply", "--yes")
      try story.edit(Self.aurora, timePutBack: false)
      let edited = try #require(story.data(Self.aurora))
      let shown = await story.must("status")
      #expect(shown.output.contains("1 editable file edited"), "\(shown.output)")
      let plan = await story.must("plan", "--detailed-exitcode")
      #expect(plan.output.contains("was edited, and stays so (`editable`)"), "\(plan.output)")
      await story.must("apply", "--yes")
      #expect(story.data(Self.aurora) == edited)
      #expect(!story.exists(".civsync/aside"))
      await story.must("verify")
      try FileManager.default.removeItem(atPath: story.path(Self.aurora))
      await story.must("apply", "--yes")
      let fresh = try #require(story.data(Self.aurora))
      #expect(fresh != edited)
    }
  }

  @Test func `whose time was put back count as edited where they are read`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, manifest(Self.editable))
      await story.must("apply", "--yes")
      try story.edit(Self.aurora, timePutBack: true)
      let shown = await story.must("status", "--verify")
      #expect(shown.output.contains("1 editable file edited"), "\(shown.output)")
    }
  }

  @Test(arguments: ["hardlink", "symlink"])
  func `become files of their own where they were links`(link: String) async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, manifest("link: \(link)\n"))
      await story.must("apply", "--yes")
      let photo = Photo(story)
      try story.manifest(sandbox, manifest("link: \(link)\n" + Self.editable))
      let plan = await story.must("plan")
      #expect(plan.output.contains("becomes a file of its own"), "\(plan.output)")
      await story.must("apply", "--yes")
      let placed = try status(story, Self.aurora)
      #expect(placed.kind == .file && placed.links == 1 && placed.mode == 0o644)
      #expect(Photo(story) == photo)
      #expect(!story.exists(".civsync/aside"))
      try story.edit(Self.aurora, timePutBack: false)
      await story.must("verify")
      await story.must("rollback", "HEAD~1", "--yes")
      #expect(Photo(story) == photo)
    }
  }

  @Test func `that were edited go aside when they leave`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, manifest(Self.editable))
      await story.must("apply", "--yes")
      try story.edit(Self.aurora, timePutBack: false)
      let edited = try #require(story.data(Self.aurora))
      try story.manifest(sandbox, manifest(Self.editable, "1002"))
      await story.must("apply", "--yes")
      #expect(!story.exists(Self.aurora))
      #expect(story.contents(below: ".civsync/aside").contains(edited))
    }
  }

  @Test func `of the user's own share nothing with the store when they are adopted by link`()
    async throws
  {
    try await withSandbox { sandbox in
      let first = try Story()
      try first.manifest(sandbox, manifest(""))
      await first.must("apply", "--yes")
      let story = try Story()
      try FileManager.default.createDirectory(
        atPath: story.path("models/loras"), withIntermediateDirectories: true)
      try #require(first.data(Self.aurora)).write(to: URL(filePath: story.path(Self.aurora)))
      try story.manifest(sandbox, manifest(Self.editable, "1001"))
      await story.must("apply", "--yes", "--adopt", "link")
      #expect(try status(story, Self.aurora).links == 1)
      try story.edit(Self.aurora, timePutBack: false)
      await story.must("verify")
    }
  }
}
