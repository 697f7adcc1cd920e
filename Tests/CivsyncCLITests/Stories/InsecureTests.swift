import CivitaiSandbox
import Core
import Engine
import Testing

/// The sandbox stands as a proxy for every host, so that names of other machines can be used.
struct `Plain http to other machines` {
  private static let one = "collections: { c: { models: [1001] } }\n"

  private func story(_ sandbox: SandboxServer) throws -> Story {
    try Story(["http_proxy": sandbox.apiURL, "CIVSYNC_TOKEN": "sandbox-token"])
  }

  @Test func `is refused without the key, and the key is named`() async throws {
    try await withSandbox { sandbox in
      let story = try story(sandbox)
      try story.manifest(endpoint: "http://10.9.8.7", Self.one)
      let refused = await story.must("plan", code: .manifestInvalid).errors
      #expect(refused.contains("error[M021]") && refused.contains("`insecure: true`"))
      #expect(sandbox.requests.routes.isEmpty)
    }
  }

  @Test func `works with it, and the token stays at home`() async throws {
    try await withSandbox { sandbox in
      let story = try story(sandbox)
      story.setEnvironment("CIVSYNC_TOKEN_HOSTS", "http://10.9.8.7")
      try story.manifest(endpoint: "http://10.9.8.7", "insecure: true\n" + Self.one)
      await story.must("apply", "--yes")
      #expect(story.placed() == ["loras/aurora_glow_v2.safetensors"])
      #expect(!sandbox.requests.routes.keys.contains { $0.contains("/me") })
      #expect(sandbox.requests.authorizedOnStorage == 0)
    }
  }

  @Test func `leads from a public host to no private one`() async throws {
    try await withSandbox { sandbox in
      let story = try story(sandbox)
      try story.manifest(endpoint: "http://models.example", "insecure: true\n" + Self.one)
      let failed = await story.must("apply", "--yes", code: .failed).output
      #expect(failed.contains("private"), "\(failed)")
      #expect(story.placed().isEmpty)
      #expect(sandbox.storage.requests == 0)
    }
  }

  @Test func `leads from this machine to no other without the key`() async throws {
    let away: @Sendable (inout SandboxOptions) -> Void = {
      $0.shownStorage = "http://files.example"
    }
    try await withSandbox(away) { sandbox in
      let story = try story(sandbox)
      try story.manifest(sandbox, Self.one)
      let failed = await story.must("apply", "--yes", code: .failed).output
      #expect(failed.contains("http"), "\(failed)")
      #expect(sandbox.requests.routes.keys.allSatisfy { !$0.contains("files.example") })
    }
  }
}
