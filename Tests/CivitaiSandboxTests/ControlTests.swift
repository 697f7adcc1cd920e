import Core
import Testing

@testable import CivitaiSandbox

@Suite struct ControlTests {
  /// Sends a command over HTTP and wants it to be done.
  @discardableResult
  private func control(_ server: SandboxServer, _ command: JSON) async throws -> JSON {
    let reply = try await Client.post("\(server.apiURL)/sandbox/control", command)
    #expect(reply.status == 200, "\(reply.text)")
    return try reply.json
  }

  @Test func `a rename changes the model, and the names that are made of it`() async throws {
    try await withSandbox { server in
      try await control(server, ["do": "rename", "model": 1_004, "name": "Southern Lights"])
      let model = try await server.model(1_004)
      #expect(model["name"] == "Southern Lights")
      #expect(
        model.at("modelVersions", 0, "files", 0, "name") == "southernLights_v10.safetensors")
      try await server.control(.rename(model: 1_001, name: "Other"))
      let lora = try await server.model(1_001)
      #expect(lora.at("modelVersions", 0, "files", 0, "name") == "aurora_glow_v2.safetensors")
    }
  }

  @Test func `a replaced file has the same id, another digest, and a date`() async throws {
    try await withSandbox { server in
      let before = try await server.model(1_001).at("modelVersions", 0, "files", 0) ?? nil
      let old = try await server.address(version: 10_011, file: 100_111)
      let answer = try await control(server, ["do": "replace", "file": 100_111])
      #expect(answer["file"] == 100_111)
      let after = try await server.model(1_001).at("modelVersions", 0, "files", 0) ?? nil
      #expect(after["id"] == before["id"] && after["name"] == before["name"])
      #expect(after["hashes"] != before["hashes"] && after["sizeKB"] != before["sizeKB"])
      #expect(after["replacedAt"] == "2026-10-02T12:00:00.000Z")
      #expect(try await Client.get(old).status == 404)
      let new = try await Client.get(try await server.address(version: 10_011, file: 100_111))
      #expect(after["sizeKB"]?.double == Double(new.body.count) / 1_024)
    }
  }

  @Test func `models and versions are deleted`() async throws {
    try await withSandbox { server in
      try await control(server, ["do": "delete", "version": 10_012])
      #expect(try await server.model(1_001)["modelVersions"]?.elements?.count == 1)
      #expect(try await Client.get("\(server.apiURL)/api/v1/model-versions/10012").status == 404)
      try await control(server, ["do": "delete", "model": 1_001])
      #expect(try await Client.get("\(server.apiURL)/api/v1/models/1001").status == 404)
      let list = try await Client.json("\(server.apiURL)/api/v1/models?username=aurora_studio")
      #expect(list["items"]?.elements?.count == 9)
    }
  }

  @Test func `what is published is newest, first, and can be fetched`() async throws {
    try await withSandbox { server in
      let answer = try await control(
        server, ["do": "publish", "model": 1_002, "version": "v2.0", "baseModel": "Illustrious"])
      #expect(answer["version"] == 90_000_001 && answer["file"] == 900_000_011)
      let model = try await server.model(1_002)
      let version = model.at("modelVersions", 0) ?? nil
      #expect(version["id"] == 90_000_001 && version["baseModel"] == "Illustrious")
      #expect(version["publishedAt"] == "2026-10-02T12:00:00.000Z")
      #expect(version.at("files", 0, "name") == "polarNight_v20.safetensors")
      let file = try await server.address(version: 90_000_001, file: 900_000_011)
      #expect(try await Client.get(file).status == 200)
      let made = try await server.control(.publish(model: 1_003, version: "v4", baseModel: nil))
      #expect(made == ControlAnswer(version: 90_000_002, file: 900_000_021))
      let next = try await server.model(1_003)
      #expect(next.at("modelVersions", 0, "baseModel") == "SDXL 1.0")
    }
  }

  @Test func `models are archived, taken down, hidden, retagged and restored`() async throws {
    try await withSandbox { server in
      let url = "\(server.apiURL)/api/download/models/10011"
      try await control(server, ["do": "archive", "model": 1_001])
      #expect(try await Client.get(url).status == 410)
      try await control(server, ["do": "take-down", "model": 1_001])
      #expect(try await server.model(1_001)["mode"] == "TakenDown")
      try await control(server, ["do": "hide", "model": 1_001])
      #expect(try await Client.get("\(server.apiURL)/api/v1/models/1001").status == 404)
      #expect(try await Client.get(url).status == 404)
      try await control(server, ["do": "restore", "model": 1_001])
      try await control(server, ["do": "retag", "model": 1_001, "tags": ["new"]])
      let model = try await server.model(1_001)
      #expect(model["mode"] == nil && model["tags"] == ["new"])
    }
  }

  @Test func `versions are gated, locked and opened`() async throws {
    try await withSandbox { server in
      let url = "\(server.apiURL)/api/download/models/10011"
      let commands: [(JSON, Int)] = [
        (["do": "gate", "version": 10_011, "endsAt": "2099-01-01T00:00:00.000Z"], 403),
        (["do": "gate", "version": 10_011, "permanent": true], 403),
        (["do": "open", "version": 10_011], 307),
        (["do": "require-login", "version": 10_011], 401),
        (["do": "disable-downloads", "version": 10_011], 401),
        (["do": "open", "version": 10_011], 307),
      ]
      for (command, status) in commands {
        try await control(server, command)
        #expect(try await Client.get(url).status == status)
      }
    }
  }

  @Test func `requests are counted by route and status, and by who showed a token`() async throws {
    try await withSandbox { server in
      _ = try await Client.get("\(server.apiURL)/api/v1/models/1001")
      _ = try await Client.get("\(server.apiURL)/api/v1/models/1")
      _ = try await Client.json("\(server.apiURL)/api/v1/me", token: "sandbox-token")
      _ = try await Client.get("\(server.apiURL)/api/v1/model-versions/by-hash/AB12")
      _ = try await Client.get("\(server.apiURL)/favicon.ico")
      let counts = try await Client.json("\(server.apiURL)/sandbox/requests")
      #expect(counts["total"] == 5 && counts["authorizedOnStorage"] == 0)
      let model = counts.at("routes", "GET /api/v1/models/:id") ?? nil
      #expect(model["count"] == 2 && model["statuses"] == ["200": 1, "404": 1])
      #expect(counts.at("routes", "GET /api/v1/me", "authorized") == 1)
      #expect(counts.at("routes", "GET /api/v1/model-versions/by-hash/:hash", "count") == 1)
      #expect(counts.at("routes", "GET elsewhere", "count") == 1)
      try await control(server, ["do": "reset-counts"])
      #expect(server.requests.total == 0)
    }
  }

  @Test func `faults, throttle and quota are set and cleared over HTTP`() async throws {
    try await withSandbox { server in
      let url = "\(server.apiURL)/api/download/models/10011"
      try await control(
        server,
        [
          "do": "fault", "kind": "status", "status": 451, "after": 3, "retryAfter": 1,
          "bytesPerSecond": 9, "milliseconds": 2, "times": 5,
          "rule": ["every": 1, "where": "download", "path": "/models/10011"],
        ])
      #expect(try await Client.get(url).status == 451)
      try await control(server, ["do": "clear"])
      #expect(try await Client.get(url).status == 307)
      try await control(
        server,
        [
          "do": "fault", "kind": "status",
          "rule": ["rate": .decimal(1), "seed": 3, "where": "api"],
        ])
      #expect(try await Client.get("\(server.apiURL)/api/v1/enums").status == 503)
      try await control(server, ["do": "clear"])
      try await control(server, ["do": "fault", "file": 100_111, "kind": "html", "times": 1])
      let address = try await server.address(version: 10_011, file: 100_111)
      #expect(try await Client.get(address).text.contains("Log in"))
      try await control(server, ["do": "throttle", "bytesPerSecond": 100_000_000])
      try await control(server, ["do": "quota", "left": 0])
      #expect(try await Client.get(url).status == 429)
    }
  }

  @Test(arguments: [
    ("{", "the body is not a JSON object"), ("{}", "unknown verb ``"), ("{\"do\":1}", "verb `1`"),
    (#"{"do":"dance"}"#, "unknown verb `dance`; one of: rename"),
    (#"{"do":"rename","model":1001}"#, "`rename` needs `name`"),
    (#"{"do":"rename","name":"x"}"#, "`rename` needs `model`"),
    (#"{"do":"rename","model":1,"name":"x"}"#, "no model `1`"),
    (#"{"do":"replace","file":1}"#, "no file `1`"), (#"{"do":"delete","model":1}"#, "no model `1`"),
    (#"{"do":"open","version":1}"#, "no version `1`"), (#"{"do":"open"}"#, "needs `version`"),
    (#"{"do":"retag","model":1001}"#, "needs `tags`"),
    (#"{"do":"fault","kind":"bang","file":1}"#, "unknown fault `bang`; one of: truncate"),
    (#"{"do":"fault","kind":"stall"}"#, "`fault` needs `file` or `rule`"),
    (#"{"do":"fault","kind":"stall","file":1,"where":"moon"}"#, "instead of `moon`"),
  ])
  func `a command that makes no sense is refused with the reason`(
    body: String, reason: String
  ) async throws {
    try await withSandbox { server in
      let reply = try await Client.send(
        "POST", "\(server.apiURL)/sandbox/control", body: Array(body.utf8))
      #expect(reply.status == 400)
      #expect(try reply.json["error"]?.text?.contains(reason) == true, "\(reply.text)")
    }
  }

  @Test func `other paths of the control route do not exist`() async throws {
    try await withSandbox { server in
      let reply = try await Client.get("\(server.apiURL)/sandbox/nothing")
      #expect(reply.status == 404)
    }
  }
}
