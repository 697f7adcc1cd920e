import CivitaiSandbox
import Core
import Engine
import Foundation
import SystemIO
import Testing

struct `Two projects with one store` {
  @Test func `that fetch the same wait for each other, and it comes once`() async throws {
    func throttled(_ options: inout SandboxOptions) { options.throttleBytesPerSecond = 100_000 }
    try await withSandbox(throttled) { sandbox in
      let stories = [try Story(), try Story()]
      let store = stories[0].path("store")
      for story in stories {
        try story.manifest(
          sandbox, "store: \(store)\ncollections: { c: { models: [1001, 1002] } }\n")
      }
      async let first = stories[0].civsync("apply", "--yes")
      async let second = stories[1].civsync("apply", "--yes")
      for ran in [await first, await second] { #expect(ran.code == .ok, "\(ran.errors)") }
      #expect(stories[0].placed() == stories[1].placed() && !stories[0].placed().isEmpty)
      let size = Photo(stories[0]).files.values.reduce(0) { $0 + $1.count }
      #expect(sandbox.storage.bytes == Int64(size))
      for story in stories { await story.must("status", "--verify") }
    }
  }
}

/// Only root can become another user.
private let canBecomeNobody =
  geteuid() == 0 && FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv")

@Suite(.enabled(if: canBecomeNobody, "needs root and setpriv"))
struct `A store of another user's` {
  private static let nobody: UInt32 = 65_534

  @Test func `is tried before the plan, which says that links will be symbolic; and so they are`()
    async throws
  {
    try await withSandbox { sandbox in
      let owner = try Story()
      let store = owner.path("store")
      try owner.manifest(sandbox, "store: \(store)\ncollections: { c: { models: [1001, 1002] } }\n")
      await owner.must("apply", "--yes")
      try Self.open(owner.folder.string, toAll: store)
      let story = try Story()
      try story.manifest(sandbox, "store: \(store)\ncollections: { c: { models: [1001] } }\n")
      try #require(unsafe chown(story.folder.string, Self.nobody, Self.nobody) == 0)
      let plan = try await asNobody(story, "plan")
      #expect(
        plan.contains("tree `main` gets symbolic links: the store's files are another user's"))
      let ran = try await asNobody(story, "apply", "--yes")
      #expect(ran.contains("in tree `main` 1 file is a symbolic link, not a hard link"), "\(ran)")
      #expect(ran.contains("operation not permitted"), "\(ran)")
      #expect(try await asNobody(story, "status", "--verify").contains("Clean: 1 file"))
      #expect(sandbox.storage.requests == 2)
    }
  }

  /// What two users share has folders that both may write to; its objects stay as they are.
  private static func open(_ folder: String, toAll store: String) throws {
    for path in [folder, store] { try #require(unsafe chmod(path, 0o777) == 0) }
    for name in try FileManager.default.subpathsOfDirectory(atPath: store) {
      let path = try #require(AbsolutePath(store + "/" + name))
      guard try FileSystem().status(path)?.kind == .folder else { continue }
      try FileSystem().setMode(path, 0o777)
    }
  }

  private func asNobody(_ story: Story, _ arguments: String...) async throws -> String {
    let child = try Child(
      "/usr/bin/setpriv",
      ["--reuid=\(Self.nobody)", "--regid=\(Self.nobody)", "--clear-groups", try builtProgram()]
        + arguments, in: story.folder.string,
      ["HOME": story.folder.string, "CIVSYNC_CATALOGUE_AGE": "0", "LC_ALL": "C"])
    let ended = try await child.end()
    #expect(ended.status == 0, "\(arguments): \(ended.text)")
    return ended.text
  }
}
