import CivitaiSandbox
import Core
import Engine
import Foundation
import Testing

struct `Files declared by their digest` {
  private static let mine = "my own lora, trained by hand"
  private static let digest = "c73de9a594c0bf74939ac0e2a748c4a1c1af48898ed9ca2eeede3716aca5348d"

  private func declare(_ story: Story, _ sandbox: SandboxServer, _ objects: String...) throws {
    try story.manifest(
      sandbox, "collections:\n  mine:\n    objects:\n" + objects.map { "      - \($0)\n" }.joined())
  }

  /// The digest of a model's file, and where the sandbox serves it.
  private func served(_ sandbox: SandboxServer) async throws -> (digest: String, url: String) {
    let story = try Story()
    try story.manifest(sandbox, "collections: { c: { models: [1002] } }\n")
    let plan = await story.must("plan", "--json").output
    let digest = try #require(plan.firstMatch(of: /"sha256":"([0-9a-f]{64})"/)).1
    let ids = try #require(plan.firstMatch(of: /"version":([0-9]+),"file":([0-9]+)/))
    return (
      String(digest), "\(sandbox.apiURL)/api/download/models/\(ids.1)?fileId=\(ids.2)"
    )
  }

  @Test func `are blocked by us until they are there, then adopted, moved and released`()
    async throws
  {
    try await withSandbox { sandbox in
      let story = try Story()
      try declare(story, sandbox, "{ sha256: \(Self.digest), place: loras/mine.safetensors }")
      let blocked = await story.must("apply", "--yes", code: .partial).output
      #expect(blocked.contains("is neither in the store nor at its place, and has no `url`"))
      try story.write(Self.mine, to: "models/loras/mine.safetensors")
      let plan = await story.must("plan").output
      #expect(plan.contains("Adopt 1 file of yours with the wanted content"))
      #expect(!plan.contains(" 0 B"))
      await story.must("apply", "--yes")
      await story.must("plan", "--detailed-exitcode")
      #expect(story.exists(".civsync/store/sha256/c7/\(Self.digest)"))

      try declare(story, sandbox, "{ sha256: \(Self.digest), place: loras/renamed.safetensors }")
      #expect(await story.must("plan").output.contains("loras/mine.safetensors → loras/renamed"))
      await story.must("apply", "--yes")
      #expect(story.placed() == ["loras/renamed.safetensors"])

      // What is in the store serves a second place without anything else.
      try declare(
        story, sandbox, "{ sha256: \(Self.digest), place: loras/renamed.safetensors }",
        "{ sha256: \(Self.digest), place: vae/twin.safetensors }")
      await story.must("apply", "--yes")
      #expect(story.read("models/vae/twin.safetensors") == Self.mine)
      #expect(sandbox.requests.routes.keys.allSatisfy { !$0.contains("download") })
    }
  }

  @Test func `are fetched from their address, and the token stays with the first host`()
    async throws
  {
    try await withSandbox { sandbox in
      let (digest, url) = try await served(sandbox)
      let story = try Story(["CIVSYNC_TOKEN": "sandbox-token"])
      try declare(
        story, sandbox, "{ sha256: \(digest), place: loras/polar.safetensors, url: \"\(url)\" }")
      let plan = await story.must("plan").output
      #expect(plan.contains("polar.safetensors  ?"))
      #expect(!plan.contains(" 0 B"))
      await story.must("apply", "--yes")
      #expect(story.placed() == ["loras/polar.safetensors"])
      #expect(sandbox.requests.authorizedOnStorage == 0)
      #expect(try #require(story.read("civsync.lock")).contains("url \"\(url)\""))
      await story.must("plan", "--detailed-exitcode")

      // The manifest's own word takes it away again; the store still has it.
      try story.manifest(sandbox, "collections: { c: { models: [1001] } }\n")
      await story.must("apply", "--yes")
      #expect(story.placed() == ["loras/aurora_glow_v2.safetensors"])
      let before = sandbox.storage.requests
      try declare(story, sandbox, "{ sha256: \(digest), place: loras/polar.safetensors }")
      await story.must("apply", "--yes")
      #expect(story.placed() == ["loras/polar.safetensors"])
      #expect(sandbox.storage.requests == before)
    }
  }

  @Test func `a login page is refused, a wrong content too, and what is gone is blocked`()
    async throws
  {
    try await withSandbox { sandbox in
      let (digest, url) = try await served(sandbox)
      let story = try Story()
      let wanted = "{ sha256: \(digest), place: loras/polar.safetensors, url: \"\(url)\" }"
      try await sandbox.control(.fault(Fault(.html, at: .every(1))))
      try declare(story, sandbox, wanted)
      let page = await story.must("apply", "--yes", code: .verificationFailed)
      #expect(page.output.contains("polar"))
      try await sandbox.control(.clear)

      let other = "{ sha256: \(Self.digest), place: loras/x.safetensors, url: \"\(url)\" }"
      try declare(story, sandbox, other)
      await story.must("apply", "--yes", code: .verificationFailed)
      #expect(story.placed().isEmpty)

      try declare(
        story, sandbox,
        "{ sha256: \(digest), place: loras/y.safetensors, "
          + "url: \"\(sandbox.apiURL)/api/v1/models/999999\" }")
      let gone = await story.must("apply", "--yes", code: .partial).output
      #expect(
        gone.contains(
          """
          Blocked, and you can change it: 1 entry
            `127.0.0.1` does not have it (HTTP 404); name another `url:`, or put the file at its place
              x loras/y.safetensors · \(digest.prefix(12))

          """), "\(gone)")
      // Another address is tried at once.
      try declare(story, sandbox, wanted)
      await story.must("apply", "--yes")
      #expect(story.placed() == ["loras/polar.safetensors"])
    }
  }
}
