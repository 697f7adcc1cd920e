import CivitaiSandbox
import Core
import Engine
import Foundation
import GitStore
import Synchronization
import Testing

/// Previews come after the files, and by the same rules.
struct `The pace of previews` {
  private static let files = ["loras/polar_night.safetensors"]
  private static let all = ["loras/polar_night.preview.png", "loras/polar_night.safetensors"]

  /// A story in which the file is placed and its preview is what is left to fetch.
  private func story(_ sandbox: SandboxServer) async throws -> Story {
    let story = try Story()
    let collections = "collections: { c: { models: [1002] } }\n"
    try story.manifest(sandbox, collections)
    await story.must("apply", "--yes")
    try story.manifest(
      sandbox,
      "transfer: { limitRate: { \"22:00-06:00\": pause } }\ndefaults: { previews: 1 }\n"
        + collections)
    try await sandbox.control(.resetCounts)
    return story
  }

  /// 05:59 until the pause was told, then 06:00.
  private static func time(_ told: String) -> GitTime {
    GitTime(seconds: 1_767_225_600 + (told.contains("paused") ? 360 : 359) * 60)
  }

  @Test func `waits for the end of quiet hours`() async throws {
    try await withSandbox { sandbox in
      let story = try await story(sandbox)
      let asked = Mutex<Int?>(nil)
      story.setClock { told in
        if told.contains("paused") {
          asked.withLock { $0 = $0 ?? sandbox.storage.requests }
        }
        return Self.time(told)
      }
      let ran = await story.must("apply", "--yes")
      #expect(ran.errors.contains("note: paused until 06:00, as `limitRate` says\n"))
      #expect(asked.withLock { $0 } == 0)
      #expect(story.placed() == Self.all)
    }
  }

  @Test func `heeds the stop file that is there`() async throws {
    try await withSandbox { sandbox in
      let story = try await story(sandbox)
      try story.write("", to: ".civsync/STOP")
      let ran = await story.must("apply", "--yes", code: .interrupted)
      #expect(ran.errors.contains("error[C178]"))
      #expect(story.placed() == Self.files && sandbox.storage.requests == 0)
      try FileManager.default.removeItem(atPath: story.path(".civsync/STOP"))
      story.setClock { _ in GitTime(seconds: 1_767_225_600 + 12 * 3_600) }
      await story.must("apply", "--yes")
      #expect(story.placed() == Self.all)
    }
  }

  @Test func `heeds the one that comes meanwhile`() async throws {
    try await withSandbox { sandbox in
      let story = try await story(sandbox)
      let stop = story.path(".civsync/STOP")
      story.setClock { told in
        if told.contains("paused") {
          _ = FileManager.default.createFile(atPath: stop, contents: nil)
        }
        return Self.time("")
      }
      let ran = await story.must("apply", "--yes", code: .interrupted)
      #expect(ran.errors.contains("error[C178]"))
      #expect(story.placed() == Self.files && sandbox.storage.requests == 0)
    }
  }
}
