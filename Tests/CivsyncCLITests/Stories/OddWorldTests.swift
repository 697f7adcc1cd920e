import CivitaiSandbox
import Core
import Engine
import Foundation
import GitStore
import SystemIO
import Testing

/// What the world around a tree can be like.
struct `In a world that is not as one would have it` {
  private let models = "collections: { c: { models: [1001, 1002] } }\n"

  @Test func `names that are no text are the user's, counted and left alone`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, models)
      try story.write("mine", to: "models/loras/mine.txt")
      await story.must("apply", "--yes")
      let folder = story.path("models/loras") + "/"
      let names: [[UInt8]] = [[0xff, 0xfe, 0x2e, 0x73], Array("caf".utf8) + [0xe9]]
      for name in names {
        let path = Array(folder.utf8) + name + [0]
        let descriptor = unsafe path.withUnsafeBufferPointer { bytes in
          unsafe bytes.withMemoryRebound(to: CChar.self) { unsafe creat($0.baseAddress!, 0o644) }
        }
        try #require(descriptor >= 0)
        close(descriptor)
      }
      let shown = await story.must("status")
      #expect(shown.output.contains("3 other files"), "\(shown.output)")
      try story.manifest(sandbox, "collections: { c: { models: [1002] } }\n")
      await story.must("apply", "--yes")
      await story.must("rollback", "@empty", "--yes")
      await story.must("scan", "models", "--offline")
      let listing = try FileSystem().listing(of: try #require(AbsolutePath(folder)))
      #expect(Set(names).isSubset(of: listing.items.map { Array(listing.name(of: $0)) }))
    }
  }

  @Test func `a clock that jumps back a year changes no decision`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, models)
      await story.must("apply", "--yes")
      let photo = Photo(story)
      story.setClock { _ in GitTime(seconds: 1_700_000_000, offsetMinutes: 0) }
      await story.must("status", "--verify")
      try story.manifest(sandbox, "collections: { c: { models: [1002] } }\n")
      await story.must("apply", "--yes")
      await story.must("rollback", "HEAD~1", "--yes")
      #expect(Photo(story).files == photo.files)
      story.setClock { _ in GitTime(seconds: 4_000_000_000, offsetMinutes: 0) }
      await story.must("apply", "--yes")
      await story.must("verify")
      await story.must("log")
    }
  }

  /// A process of its own: the limit holds for the whole of it.
  @Test(
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/prlimit"), "needs prlimit"))
  func `so few open files that nothing can come are said before anything is tried`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, models)
      func civsync(_ limit: String) throws -> Child {
        try Child(
          "/usr/bin/prlimit", ["--nofile=\(limit)", try builtProgram(), "apply", "--yes"],
          in: story.folder.string, ["HOME": story.folder.string, "LC_ALL": "C"])
      }
      let refused = try await civsync("24:40").end()
      #expect(refused.status == 1)
      #expect(
        refused.text.contains(
          "error[C226]: this process may have 40 open files, and needs 64 to fetch"),
        "\(refused.text)")
      #expect(sandbox.storage.requests == 0)
      // What may be had for the asking is asked for.
      let ended = try await civsync("24:64").end()
      #expect(ended.status == 0, "\(ended.text)")
      await story.must("status", "--verify")
    }
  }
}
