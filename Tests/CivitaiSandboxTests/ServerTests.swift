import Core
import Testing

@testable import CivitaiSandbox

@Suite struct ServerTests {
  /// Only what is asked for is made.
  @Test func `100,000 models are there from the start`() async throws {
    try await withSandbox(.small { $0.models = 100_000 }) { server in
      let page = try await Client.json("\(server.apiURL)/api/v1/models?limit=100&sort=Oldest")
      #expect(page["items"]?.elements?.count == 100)
    }
  }

  @Test func `more models than ids can name are refused`() async throws {
    var options = SandboxOptions()
    options.models = 1_000_001
    await #expect {
      _ = try await SandboxServer.start(options)
    } throws: {
      "\($0)" == "`1000001` models are too many; ask for at most 1000000"
    }
  }

  @Test func `a port that is taken is refused, and nothing stays behind`() async throws {
    try await withSandbox { server in
      let port = server.apiURL.split(separator: ":").last.flatMap { Int($0) } ?? 0
      var options = SandboxOptions()
      options.apiPort = port
      await #expect {
        _ = try await SandboxServer.start(options)
      } throws: {
        "\($0)".hasPrefix("cannot listen on port `\(port)`")
      }
    }
  }

  @Test func `after a stop nothing answers`() async throws {
    var url = ""
    try await withSandbox { server in
      url = server.apiURL
      let reply = try await Client.get("\(url)/api/v1/enums")
      #expect(reply.status == 200)
    }
    await #expect(throws: (any Error).self) { try await Client.get("\(url)/api/v1/enums") }
  }

  @Test func `two sandboxes give the same answers but for their ports`() async throws {
    var texts: [String] = []
    for _ in 0..<2 {
      try await withSandbox { server in
        let text = try await Client.get("\(server.apiURL)/api/v1/models?nsfw=true&sort=Oldest").text
        let plain = text.split(separator: server.apiURL).joined(separator: "API")
        texts.append(plain.split(separator: server.storageURL).joined(separator: "STORAGE"))
      }
    }
    #expect(texts[0] == texts[1])
  }

  @Test func `a large file is served in pieces, from any place`() async throws {
    try await withSandbox(.small { $0.scale = 10_000 }) { server in
      // 26 GB: served without having been made or hashed.
      let address = try await server.address(version: 10_031, file: 100_312)
      let part = try await Client.get(address, headers: ["Range": "bytes=25000000000-25000999999"])
      #expect(part.status == 206 && part.body.count == 1_000_000)
    }
  }
}
