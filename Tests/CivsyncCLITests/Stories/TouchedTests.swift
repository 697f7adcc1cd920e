import CivitaiSandbox
import Core
import Engine
import Foundation
import Testing

struct `Files whose time was changed` {
  static let aurora = "models/loras/aurora_glow_v2.safetensors"
  static let night = "models/loras/polar_night.safetensors"
  static let links = ["hardlink", "symlink", "copy"]
  /// What stands in the way of a look, one of a kind for each kind of link.
  static let touched = "reading 1 file whose time changed"

  func begin(_ sandbox: SandboxServer, _ link: String) async throws -> Story {
    let story = try Story()
    try story.manifest(sandbox, manifest(link, "1001, 1002"))
    await story.must("apply", "--yes")
    try await sandbox.control(.resetCounts)
    return story
  }

  func manifest(_ link: String, _ models: String) -> String {
    "link: \(link)\ncollections: { c: { models: [\(models)] } }\n"
  }

  @Test(arguments: Self.links)
  func `are read once, and are intact when the content is`(link: String) async throws {
    try await withSandbox { sandbox in
      let story = try await begin(sandbox, link)
      let photo = Photo(story)
      try story.touch(link == "symlink" ? story.object(of: Self.aurora) : Self.aurora)
      let first = await story.must("status")
      #expect(first.errors.contains(Self.touched), "\(first.errors)")
      #expect(first.output.contains("Clean: 2 files"))
      // From then on the index answers.
      for command in [["status"], ["plan"], ["apply", "--yes"]] {
        let ran = await story.run(command)
        #expect(ran.code == .ok)
        #expect(ran.errors == "")
        #expect(ran.output.contains("Clean: 2 files") || ran.output.contains("Nothing to do"))
      }
      #expect(sandbox.storage.requests == 0)
      #expect(Photo(story) == photo)
    }
  }

  @Test(arguments: Self.links)
  func `are modified when the content is another one of the same size`(link: String) async throws {
    try await withSandbox { sandbox in
      let story = try await begin(sandbox, link)
      let photo = Photo(story)
      let edited = link == "symlink" ? try story.object(of: Self.aurora) : Self.aurora
      try story.edit(edited, timePutBack: false)
      let bytes = try #require(story.data(edited))
      let status = await story.must("status", code: .drift)
      #expect(status.errors.contains(Self.touched), "\(status.errors)")
      #expect(status.output.contains("Modified: 1 file"))
      let plan = await story.must("plan")
      #expect(plan.output.contains("Repair 1 file"))
      await story.must("apply", "--yes")
      #expect(Photo(story) == photo)
      // A copy is repaired from the object; where they were one, it is fetched anew.
      #expect(sandbox.storage.requests == (link == "copy" ? 0 : 1))
      #expect(
        story.contents(below: link == "symlink" ? ".civsync/store/damaged" : ".civsync/aside")
          .contains(bytes))
      await story.must("status")
    }
  }

  @Test(arguments: Self.links)
  func `go and come back without a download and with nothing set aside`(link: String) async throws {
    try await withSandbox { sandbox in
      let story = try await begin(sandbox, link)
      let photo = Photo(story)
      try story.touch(try story.object(of: Self.night))
      if link == "copy" { try story.touch(Self.night) }
      try story.manifest(sandbox, manifest(link, "1001"))
      await story.must("apply", "--yes")
      #expect(story.placed() == ["loras/aurora_glow_v2.safetensors"])
      #expect(!story.exists(".civsync/aside"))
      try story.touch(".civsync/store/" + object(story, named: photo))
      try story.manifest(sandbox, manifest(link, "1001, 1002"))
      let back = await story.must("apply", "--yes")
      #expect(back.output.contains("nothing to fetch"), "\(back.output)")
      #expect(Photo(story) == photo)
      #expect(sandbox.storage.requests == 0)
      await story.must("status")
      await story.must("rollback", "@empty", "--yes")
      #expect(story.placed() == [])
      #expect(!story.exists(".civsync/aside"))
    }
  }

  /// The path in the store of the object that only the picture still has.
  private func object(_ story: Story, named photo: Photo) throws -> String {
    let store = story.path(".civsync/store")
    let wanted = try #require(photo.files["loras/polar_night.safetensors"])
    let all = FileManager.default.subpaths(atPath: store) ?? []
    return try #require(
      all.first { FileManager.default.contents(atPath: store + "/" + $0) == wanted })
  }

  @Test func `a damaged object is not taken for intact, whatever leads to it`() async throws {
    try await withSandbox { sandbox in
      let story = try await begin(sandbox, "symlink")
      try story.edit(try story.object(of: Self.night), timePutBack: false)
      await sandbox.stop()
      await story.must("status", code: .drift)
      // Nothing to repair it from: it stays as it is, and is said to be.
      await story.must("rollback", "HEAD", "--yes", code: .failed)
      await story.must("status", code: .drift)
    }
  }
}
