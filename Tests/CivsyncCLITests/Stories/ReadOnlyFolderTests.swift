import CivitaiSandbox
import Engine
import SystemIO
import Testing

/// A folder that nothing can be made in, as on a read-only mount.
private struct ReadOnly: SystemCallObserver {
  /// `EROFS`
  static let code: Int32 = 30
  var folder: String

  func willCall(_ call: String, path: String) -> Int32? {
    path.contains("/\(folder)/\(TemporaryNames.prefix)") ? Self.code : nil
  }
}

struct `A folder of a tree that cannot be changed` {
  @Test func `is found before the commit point, and nothing is changed`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, "collections:\n  a: { models: [1006] }\n")
      await story.must("apply", "--yes")
      try story.write("mine", to: "models/vae/mine.txt")
      try story.manifest(sandbox, "collections:\n  a: { models: [1004, 1003, 1006] }\n")
      let before = Photo(story)
      story.observe(ReadOnly(folder: "vae"))
      let refused = await story.must("apply", "--yes", code: .failed)
      #expect(
        story.transcript(refused).contains(
          "error[C059]: the switch cannot be made: `PROJECT/models/vae` cannot be changed: "))
      #expect(Photo(story) == before)
      story.observe(nil)
      await story.must("status")
      await story.must("apply", "--yes")
      #expect(story.exists("models/vae/borealisVAE_v10.safetensors"))
    }
  }
}
