import CivitaiSandbox
import Core
import Engine
import Foundation
import Testing

struct `The store, looked into` {
  private static let one = "collections: { a: { models: [1001, 1002] } }\n"

  private func applied(_ sandbox: SandboxServer) async throws -> Story {
    let story = try Story()
    try story.manifest(sandbox, Self.one)
    await story.must("apply", "--yes")
    return story
  }

  @Test func `tells where an object is, by the first digits of its digest`() async throws {
    try await withSandbox { sandbox in
      let story = try await applied(sandbox)
      let object = try story.object(of: "models/loras/polar_night.safetensors")
      let hex = String(object.suffix(64))
      for text in [hex, String(hex.prefix(12)), hex.uppercased()] {
        #expect(await story.must("store", "path", text).output == story.path(object) + "\n")
      }
      #expect(
        await story.must("store", "path", hex, "--json").output
          == #"{"version":1,"sha256":"\#(hex)","path":"\#(story.path(object))"}"# + "\n")
      story.expect(
        await story.must("store", "path", "0123456789", code: .failed),
        """
        [errors]
        error[C207]: the store has no object whose digest begins with `0123456789`
          note: the store is `PROJECT/.civsync/store`
          help: `civsync store stats` tells what it has
        [exit 1]
        """)
      for text in ["abc", "xyz1", hex + "0"] {
        let bad = await story.must("store", "path", text, code: .usage)
        #expect(bad.errors.contains("error[C206]: `\(text)` is no SHA-256"))
      }
      // Another object whose digest begins likewise.
      let other = String(hex.prefix(12)) + String(repeating: "0", count: 52)
      try story.write("x", to: ".civsync/store/sha256/\(hex.prefix(2))/\(other)")
      let twice = await story.must("store", "path", String(hex.prefix(12)), code: .failed)
      #expect(twice.errors.contains("error[C207]: `\(hex.prefix(12))` stands for 2 objects"))
      #expect(await story.must("store", "path", hex).output == story.path(object) + "\n")
    }
  }

  @Test func `tells what it holds`() async throws {
    try await withSandbox { sandbox in
      let fresh = try Story()
      try fresh.manifest(sandbox, Self.one)
      #expect(await fresh.must("store", "stats").output.contains("0 objects (0 B)"))
      #expect(!fresh.exists(".civsync"))

      let story = try await applied(sandbox)
      try story.edit("models/loras/polar_night.safetensors", timePutBack: false)
      try story.write("part", to: ".civsync/store/partial/\(String(repeating: "ab", count: 32))")
      try story.write("bad", to: ".civsync/store/damaged/\(String(repeating: "cd", count: 32))")
      try FileManager.default.removeItem(
        atPath: story.path("models/loras/aurora_glow_v2.safetensors"))
      let text = story.transcript(await story.must("store", "stats"))
        .replacing(/[0-9]{4}-[0-9-]+ [0-9:]+/, with: "TIME")
      #expect(
        text == """
          Store PROJECT/.civsync/store
            2 objects (55 kB), 1 of them with a further name (in a tree, or elsewhere)
            written from TIME to TIME
            1 object (4 B) on the way, not whole yet
            1 object (24 kB) changed since, by size or time: `civsync status --verify` reads what is placed of them
            1 file (3 B) set aside as damaged, in `damaged/`
          [exit 0]
          """, "\(text)")
      let json = await story.must("store", "stats", "--json").output
      #expect(json.contains(#""unlinked":1,"changed":{"count":1,"#), "\(json)")
      #expect(json.contains(#""partial":{"count":1,"bytes":4},"damaged":{"count":1,"bytes":3}"#))
    }
  }
}
