import CivitaiSandbox
import Core
import Engine
import Foundation
import Testing

struct `The index is a cache` {
  enum Loss: String, CaseIterable {
    case none, deleted, corrupt, swapped
  }

  /// A long story, with something done to the index before each of its steps.
  /// - Returns: what every step printed.
  func tell(_ loss: Loss) async throws -> [String] {
    var printed: [String] = []
    try await withSandbox { sandbox in
      let story = try Story()
      func step(_ arguments: String...) async throws {
        try lose(loss, story)
        let ran = await story.run(arguments)
        printed.append(
          story.transcript(ran).split(separator: "\n")
            .filter { line in
              // Without the index a file is read again: that alone may be told.
              !["note: the index is damaged", "reading ", "[errors]"].contains {
                line.hasPrefix($0)
              }
            }
            .joined(separator: "\n")
            .replacing(/"snapshot":"[0-9a-f]+"/, with: "\"snapshot\":ID"))
      }
      try story.manifest(sandbox, storyCollections)
      try await step("apply", "--yes")
      try await step("status")
      try story.manifest(sandbox, editedCollections)
      try await step("plan")
      try await step("apply", "--yes")
      try await step("plan")
      let aurora = "models/loras/aurora_glow_v2.safetensors"
      try story.touch(aurora)
      try await step("status", "--verify")
      try story.edit(aurora, timePutBack: false)
      try await step("status", "--json")
      try await step("apply", "--yes")
      try await step("rollback", "HEAD~2", "--yes")
      let night = "models/loras/polar_night.safetensors"
      let bytes = try #require(story.data(night))
      try await step("rollback", "@empty", "--yes")
      try story.write("", to: night)
      try bytes.write(to: URL(filePath: story.path(night)))
      try story.manifest(sandbox, storyCollections)
      try await step("apply", "--yes")
      try await step("status")
      try await step("log")
      try await step("plan", "--json")
      printed.append("\(Photo(story).names)")
    }
    return printed
  }

  private func lose(_ loss: Loss, _ story: Story) throws {
    let state = story.path(".civsync")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: state)) ?? []
    let index = names.filter { $0.hasPrefix("index.sqlite") && !$0.contains("corrupt") }
    switch loss {
    case .none: break
    case .deleted:
      for name in index { try FileManager.default.removeItem(atPath: state + "/" + name) }
    case .corrupt:
      for name in index {
        try Data(repeating: 0x5a, count: 9_000).write(to: URL(filePath: state + "/" + name))
      }
    case .swapped:
      // One that is in order, and of another time.
      let kept = state + "/../kept.sqlite"
      if index.contains("index.sqlite"), !FileManager.default.fileExists(atPath: kept) {
        try FileManager.default.copyItem(atPath: state + "/index.sqlite", toPath: kept)
      }
      for name in index { try FileManager.default.removeItem(atPath: state + "/" + name) }
      if FileManager.default.fileExists(atPath: kept) {
        try FileManager.default.copyItem(atPath: kept, toPath: state + "/index.sqlite")
      }
    }
  }

  /// Proves D8.
  @Test func `gone, corrupt or old at every step, and all is told as with it`() async throws {
    let expected = try await tell(.none)
    #expect(expected.count == 15)
    for loss in Loss.allCases where loss != .none {
      let told = try await tell(loss)
      for (step, (before, after)) in zip(expected, told).enumerated() {
        #expect(before == after, "step \(step), the index \(loss.rawValue)")
      }
    }
  }
}
