import CivitaiSandbox
import Core
import Engine
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
