import CivitaiSandbox
import Core
import Engine
import Foundation
import GitStore
import Testing

struct `Limits of the machine` {
  private static let two = "collections: { c: { models: [1001, 1002] } }\n"
  private static let reserve = "limits: { disk: 5GB }\n" + two

  private func small(_ options: inout SandboxOptions) { options.scale = 0.1 }

  @Test func `a plan that would take the reserve does not fit`() async throws {
    try await withSandbox(small) { sandbox in
      let story = try Story()
      try story.manifest(sandbox, "limits: { disk: 900PB }\n" + Self.two)
      let plan = await story.must("plan", code: .noSpace).output
      #expect(plan.contains("900 PB are to stay free as `limits` says"), "\(plan)")
      let refused = await story.must("apply", "--yes", code: .noSpace).errors
      #expect(refused.contains("error[C063]") && refused.contains("900 PB are to stay free"))
      #expect(await story.must("plan", "--json", code: .noSpace).output.contains("reserveBytes"))
      let fitted = await story.must("apply", "--yes", "--fit", code: .partial)
      #expect(story.placed().isEmpty, "\(fitted.output)")
      // What needs no room is done all the same.
      try story.manifest(sandbox, Self.two)
      await story.must("apply", "--yes")
      try story.manifest(
        sandbox, "limits: { disk: 900PB }\ncollections: { c: { models: [1001] } }\n")
      await story.must("apply", "--yes")
      #expect(story.placed().count == 1)
    }
  }

  @Test func `a disk that fills up pauses the run, which goes on when there is room`() async throws
  {
    try await withSandbox(small) { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.reserve)
      story.setFreeSpace { told in
        ByteCount(told.contains("paused") ? 6_000_000_000 : 3_200_000_000)
      }
      let ran = await story.must("apply", "--yes")
      #expect(
        ran.errors.contains(
          "note: paused: 3.2 GB free on the disk of the store, 5 GB are to stay free; goes on when "
            + "there is room, Ctrl-C stops and keeps what came\n"))
      #expect(ran.errors.contains("note: goes on: there is room again\n"))
      #expect(story.placed().count == 2)
      await story.must("status", "--verify")
    }
  }

  @Test func `without room for ten minutes it ends, and what came is kept`() async throws {
    // So slow that no machine is late to look: the whole would take minutes.
    let slow: @Sendable (inout SandboxOptions) -> Void = {
      $0.scale = 2
      $0.throttleBytesPerSecond = 8_000
    }
    try await withSandbox(slow) { sandbox in
      let story = try Story()
      try story.manifest(sandbox, "transfer: { connectionsPerFile: 1 }\n" + Self.reserve)
      // There is room until something is on its way.
      story.setFreeSpace { _ in
        let asked = sandbox.requests.routes.contains { $0.key.hasPrefix("storage ") }
        return ByteCount(asked ? 1 : 6_000_000_000)
      }
      story.setClock { told in
        GitTime(seconds: 1_767_225_600 + (told.contains("paused") ? 601 : 0))
      }
      let ended = await story.must("apply", "--yes", code: .noSpace)
      #expect(ended.errors.contains("error[C201]"), "\(ended.errors)")
      #expect(story.placed().isEmpty && !story.exists("civsync.lock"))
      story.setFreeSpace { _ in ByteCount(6_000_000_000) }
      try await sandbox.control(.throttle(nil))
      await story.must("apply", "--yes")
      await story.must("status", "--verify")
      #expect(story.placed().count == 2)
    }
  }

  @Test func `above the limit for memory one file comes at a time`() async throws {
    let slow: @Sendable (inout SandboxOptions) -> Void = {
      $0.scale = 0.05
      $0.throttleBytesPerSecond = 200_000
    }
    try await withSandbox(slow) { sandbox in
      let story = try Story()
      try story.manifest(
        sandbox,
        "limits: { memory: 500MB }\n"
          + "collections: { c: { models: [1001, 1002, 1003, 1004] } }\n")
      story.setMemory { _ in ByteCount(600_000_000) }
      let ran = await story.must("apply", "--yes")
      #expect(ran.errors.split(separator: "one file at a time").count == 2, "\(ran.errors)")
      let most = sandbox.requests.routes.filter { $0.key.hasPrefix("storage ") }
        .values.map(\.mostActive).max()
      #expect(most == 1)
    }
  }
}
