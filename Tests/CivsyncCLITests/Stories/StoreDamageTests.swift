import CivitaiSandbox
import Core
import Engine
import Foundation
import SystemIO
import Testing

struct `Damaged objects and what follows` {
  static let aurora = "models/loras/aurora_glow_v2.safetensors"
  static let link = "link: hardlink\n"
  static let both = link + "collections: { c: { models: [1001, 1002] } }\n"
  static let one = link + "collections: { c: { models: [1002] } }\n"

  /// A story in which an object stands in the store alone and was written to by somebody who may.
  func damaged(_ sandbox: SandboxServer, timePutBack: Bool) async throws -> Story {
    let story = try Story()
    try story.manifest(sandbox, Self.both)
    await story.must("apply", "--yes")
    let object = try story.object(of: Self.aurora)
    try story.manifest(sandbox, Self.one)
    await story.must("apply", "--yes")
    try story.edit(object, timePutBack: timePutBack)
    // Who puts the time back is found by reading alone; from then on one look tells.
    if timePutBack { await story.must("verify", code: .verificationFailed) }
    try await sandbox.control(.resetCounts)
    return story
  }

  @Test(arguments: [false, true])
  func `apply does not place one again: it is fetched anew, and what it held is kept`(
    timePutBack: Bool
  ) async throws {
    try await withSandbox { sandbox in
      let story = try await damaged(sandbox, timePutBack: timePutBack)
      try story.manifest(sandbox, Self.both)
      await story.must("apply", "--yes")
      #expect(sandbox.storage.requests == 1)
      await story.must("status", "--verify")
      await story.must("verify")
      #expect(story.contents(below: ".civsync/store/damaged").count == 1)
    }
  }

  @Test(arguments: [false, true])
  func `rollback does not place one: it changes nothing and names it, and a repair opens the way`(
    timePutBack: Bool
  ) async throws {
    try await withSandbox { sandbox in
      let story = try await damaged(sandbox, timePutBack: timePutBack)
      let photo = Photo(story)
      let refused = await story.must("rollback", "HEAD~1", "--yes", code: .failed)
      #expect(refused.errors.contains("error[C064]"), "\(refused.errors)")
      #expect(refused.errors.contains("aurora_glow_v2.safetensors"), "\(refused.errors)")
      #expect(Photo(story) == photo)
      await story.must("verify", "--repair", "--yes")
      await sandbox.stop()
      await story.must("rollback", "HEAD~1", "--yes")
      #expect(story.exists(Self.aurora))
      await story.must("status", "--verify")
    }
  }

  @Test func `a download that fails leaves the damaged file where links lead`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, "link: symlink\ncollections: { c: { models: [1001] } }\n")
      await story.must("apply", "--yes")
      let object = try story.object(of: Self.aurora)
      try story.edit(object, timePutBack: false)
      let edited = try #require(story.data(object))
      try await sandbox.control(.requireLogin(version: VersionID(10_011)))
      await story.must("apply", "--yes", code: .partial)
      #expect(story.data(Self.aurora) == edited)
      await story.must("status", code: .drift)
      await story.must("rollback", "HEAD", "--yes", code: .failed)
    }
  }

  /// Every so many calls, because each costs several commands.
  private static let points = 24

  @Test func `a repair that dies anywhere is carried through by the next one`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.both)
      await story.must("apply", "--yes")
      let photo = Photo(story)
      let sound = try #require(story.data(Self.aurora))
      try FileManager.default.createDirectory(
        atPath: story.path(".civsync/aside/mine"), withIntermediateDirectories: true)
      try sound.write(to: URL(filePath: story.path(".civsync/aside/mine/copy")))
      await sandbox.stop()
      func repair(_ observer: Dying?) async throws -> Ran {
        story.observe(observer)
        let ran = await story.run(["verify", "--repair", "--offline", "--yes"])
        story.observe(nil)
        return ran
      }
      try story.edit(Self.aurora, timePutBack: true)
      let whole = Dying(after: .max)
      #expect(try await repair(whole).code == .ok)
      let calls = whole.calls
      #expect(calls > 100)
      for number in 0..<Self.points {
        // Another content each time, so that none of them passes for another's.
        try story.edit(Self.aurora, timePutBack: number.isMultiple(of: 2), at: number)
        let edited = try #require(story.data(Self.aurora))
        let budget = calls * number / Self.points
        let died = try await repair(Dying(after: budget))
        #expect(died.code != .ok, "after \(budget) calls: \(died.output)")
        #expect(
          story.contents(below: ".civsync").contains(edited) || story.data(Self.aurora) == edited,
          "after \(budget) calls the edit is lost")
        let next = try await repair(nil)
        #expect(next.code == .ok, "after \(budget) calls: \(next.output)\(next.errors)")
        // Where the object was whole already, only the place is left to be mended.
        await story.must("apply", "--offline", "--yes")
        #expect(Photo(story) == photo, "after \(budget) calls")
        #expect(
          story.contents(below: ".civsync/aside").contains(edited),
          "after \(budget) calls the edit is not kept")
        await story.must("verify")
        await story.must("status", "--verify")
      }
    }
  }
}

/// Lets so many calls through and fails all later ones, as if the process had been killed.
private final class Dying: SystemCallObserver {
  private let limit: Int
  private let made = Locked(0)

  init(after limit: Int) { self.limit = limit }

  var calls: Int { made.withLock { $0 } }

  func willCall(_ call: String, path: String) -> Int32? {
    made.withLock { made in
      made += 1
      return made > limit ? 5 : nil
    }
  }
}
