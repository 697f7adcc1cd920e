import CivitaiSandbox
import Core
import Engine
import Foundation
import SystemIO
import Testing

struct `A command that waits for another run` {
  private func start(_ story: Story, _ arguments: String...) throws -> Child {
    try Child(
      try builtProgram(), arguments, in: story.folder.string,
      ["HOME": story.folder.string, "CIVSYNC_CATALOGUE_AGE": "0", "LC_ALL": "C"])
  }

  @Test func `does so also for the first apply, which makes the snapshot that it needs`()
    async throws
  {
    func slow(_ options: inout SandboxOptions) { options.throttleBytesPerSecond = 20_000 }
    try await withSandbox(slow) { sandbox in
      let story = try Story()
      try story.manifest(sandbox, "collections: { c: { models: [1001] } }\n")
      // Where nothing runs and nothing is there it is said at once, and nothing is made.
      let early = try await start(story, "rollback", "@empty", "--yes", "--lock-timeout", "1m")
        .end()
      #expect(early.status == 1 && early.text.contains("error[C082]"), "\(early.text)")
      #expect(!story.exists(".civsync"))
      let apply = try start(story, "apply", "--yes")
      try await eventually("it fetches") {
        !story.contents(below: ".civsync/store/partial").isEmpty
      }
      #expect(!story.exists(".civsync/.git/refs/heads/main"))
      let refused = try await start(story, "rollback", "@empty", "--yes").end()
      #expect(refused.status == 1 && refused.text.contains("error[C082]"), "\(refused.text)")
      let commands = [
        try start(story, "rollback", "@empty", "--yes", "--lock-timeout", "1m"),
        try start(story, "tag", "first", "--lock-timeout", "1m"),
      ]
      #expect(try await apply.end().status == 0)
      for command in commands {
        let ended = try await command.end()
        #expect(ended.status == 0, "\(ended.text)")
      }
    }
  }
}
