import CivitaiSandbox
import Core
import Engine
import Foundation
import Glibc
import Synchronization
import SystemIO
import Testing

/// Does something once, when a call is about to be made.
private final class Moment: SystemCallObserver {
  private let isIt: @Sendable (_ call: String, _ path: String) -> Bool
  private let body: @Sendable () -> Void
  private let isOver = Mutex(false)

  init(
    when isIt: @escaping @Sendable (String, String) -> Bool, _ body: @escaping @Sendable () -> Void
  ) {
    self.isIt = isIt
    self.body = body
  }

  func willCall(_ call: String, path: String) -> Int32? {
    guard isIt(call, path) else { return nil }
    let isFirst = isOver.withLock { isOver in
      defer { isOver = true }
      return !isOver
    }
    if isFirst { body() }
    return nil
  }
}

/// Fails whatever concerns a folder of the tree once there is a journal.
private final class NoLoras: SystemCallObserver {
  private let hasBegun = Mutex(false)

  func willCall(_ call: String, path: String) -> Int32? {
    hasBegun.withLock { hasBegun in
      if call == "rename", path.contains("/journal/") { hasBegun = true }
      return hasBegun && path.contains("/models/loras") ? EIO : nil
    }
  }
}

struct `What changes while a command runs, or between two` {
  @Test func `a root that goes while files come stops the apply: nothing is made in its place`()
    async throws
  {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, "collections: { c: { models: [1002] } }\n")
      await story.must("apply", "--yes")
      try story.manifest(sandbox, "collections: { c: { models: [1001, 1002] } }\n")
      let (root, away) = (story.path("models"), story.path("away"))
      @Sendable func isFirstBytes(_ call: String, _ path: String) -> Bool {
        call == "write" && path.contains("/partial/")
      }
      story.observe(
        Moment(when: isFirstBytes) {
          try? FileManager.default.moveItem(atPath: root, toPath: away)
        })
      let refused = await story.must("apply", "--yes", code: .failed)
      #expect(refused.errors.contains("error[C053]"), "\(refused.errors)")
      #expect(!story.exists("models"))
      story.observe(nil)
      try FileManager.default.moveItem(atPath: away, toPath: root)
      await story.must("apply", "--yes")
      await story.must("status", "--verify")
      // What had come was kept.
      #expect(sandbox.storage.requests == 2)
    }
  }

  @Test(arguments: [true, false])
  func `an object that is damaged or removed before a switch goes on is not placed, and fetched`(
    isRemoved: Bool
  ) async throws {
    try await withSandbox { sandbox in
      let body = "collections: { c: { models: [1001, 1002, 1003] } }\n"
      let calm = try Story()
      try calm.manifest(sandbox, body)
      await calm.must("apply", "--yes")
      let story = try Story()
      try story.manifest(sandbox, body)
      story.observe(NoLoras())
      await story.must("apply", "--yes", code: .failed)
      story.observe(nil)
      let aurora = try calm.object(of: "models/loras/aurora_glow_v2.safetensors")
      if isRemoved {
        try FileManager.default.removeItem(atPath: story.path(aurora))
      } else {
        try story.edit(aurora, timePutBack: false)
      }
      let ran = await story.must("apply", "--yes")
      #expect(
        ran.errors.contains(
          "left as it is: loras/aurora_glow_v2.safetensors: the store has its content no more"),
        "\(ran.errors)")
      #expect(Photo(story).files == Photo(calm).files)
      await story.must("status", "--verify")
      await story.must("verify")
    }
  }
}
