import CivitaiSandbox
import Core
import Engine
import Foundation
import Testing

struct `Secrets` {
  /// Proves D10.
  @Test func `the token is found nowhere in what is written or printed`() async throws {
    let canary = "canary-\(UInt64.random(in: 1 << 62 ... .max))"
    try await withSandbox {
      $0.tokens = [canary]
    } _: { sandbox in
      let story = try Story(["CIVSYNC_TOKEN": canary])
      try story.manifest(sandbox, "collections: { c: { models: [1001, 1111, 1110, 1416] } }\n")
      var printed = ""
      func run(_ arguments: String...) async {
        let ran = await story.run(arguments)
        printed += ran.output + ran.errors
      }
      var fault = Fault(.status, at: .file(FileID(100_111)), place: .download, times: 1)
      fault.status = 500
      try await sandbox.control(.fault(fault))
      try await sandbox.control(.fault(Fault(.html, at: .file(FileID(111_111)))))
      await run("plan")
      await run("apply", "--yes")
      try await sandbox.control(.clear)
      await run("apply", "--yes")
      #expect(story.placed().contains("loras/members_palette.safetensors"))
      for json in [[], ["--json"]] {
        for command in [["plan"], ["status"], ["log"], ["show"], ["apply", "--yes"]] {
          let ran = await story.run(command + json)
          printed += ran.output + ran.errors
        }
      }
      // The search itself finds what is there.
      #expect(
        try files(of: story, holding: "aurora_glow_v2.safetensors").sorted() == [
          ".civsync/index.sqlite", "civsync.lock",
        ])
      #expect(try files(of: story, holding: canary) == [])
      await run("rollback", "@empty", "--yes")

      #expect(printed.contains("aurora_glow_v2.safetensors"))
      #expect(!printed.contains(canary))
      #expect(try files(of: story, holding: canary) == [])
      let objects = try await git(story, "cat-file", "--batch-all-objects", "--batch")
      #expect(objects.range(of: Data("aurora_glow_v2.safetensors".utf8)) != nil)
      #expect(objects.range(of: Data(canary.utf8)) == nil)

      let requests = sandbox.requests
      #expect(requests.authorizedOnStorage == 0)
      let downloads = requests.routes.filter { $0.key.contains("/api/download/") }.values
      #expect(downloads.contains { $0.authorized > 0 })
      // Metadata is asked anonymously: the account would change it. Only whose token it is, is not.
      let asked = requests.routes.filter { $0.key.contains("/api/v1/") }
      #expect(asked.filter { $0.value.authorized > 0 }.map(\.key) == ["GET /api/v1/me"])
    }
  }

  /// Files of the whole project, hidden ones too, in which a text stands.
  private func files(of story: Story, holding text: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: story.folder.string).filter { name in
      let bytes = FileManager.default.contents(atPath: story.path(name)) ?? Data()
      return bytes.range(of: Data(text.utf8)) != nil
    }
  }
}
