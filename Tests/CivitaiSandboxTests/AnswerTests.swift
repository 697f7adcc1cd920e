import Core
import Testing

@testable import CivitaiSandbox

@Suite struct AnswerTests {
  @Test func `allowCommercialUse has three shapes`() async throws {
    try await withSandbox { server in
      let page = try await Client.json(
        "\(server.apiURL)/api/v1/models?ids=1401,1402,1001&sort=Oldest")
      let shown = page["items"]?.elements?.map { $0["allowCommercialUse"] }
      #expect(shown == [["Image", "RentCivit"], "Sell", "{Image,RentCivit}"])
      #expect(try await server.model(1_402)["allowCommercialUse"] == ["Image", "RentCivit"])
    }
  }

  @Test func `nulls are in lists and dropped in the model's own answer`() async throws {
    try await withSandbox { server in
      let page = try await Client.json("\(server.apiURL)/api/v1/models?ids=1403")
      let listed = page.at("items", 0) ?? nil
      for key in ["description", "stats", "tags", "mode", "userId"] {
        #expect(listed[key] == .null, "\(key)")
      }
      #expect(listed.at("creator", "image") == .null)
      #expect(listed.at("modelVersions", 0, "publishedAt") == .null)
      #expect(listed.at("modelVersions", 0, "images") == .null)
      #expect(listed.at("modelVersions", 0, "files", 0, "metadata") == .null)
      let own = try await server.model(1_403)
      #expect(own["description"] == nil && own.at("creator", "image") == nil)
      #expect(!String(decoding: own.serialized, as: UTF8.self).contains("null"))
    }
  }

  @Test func `versions without files are in lists, not in the model's own answer`() async throws {
    try await withSandbox { server in
      let page = try await Client.json("\(server.apiURL)/api/v1/models?ids=1422")
      #expect(page.at("items", 0, "modelVersions")?.elements?.count == 4)
      let own = try await server.model(1_422)
      #expect(own["modelVersions"]?.elements?.count == 3)
      #expect(own.at("modelVersions", 0, "publishedAt") == nil)
      #expect(own.at("modelVersions", 1, "publishedAt") == "2026-01-31T12:00:00.1234")
    }
  }

  @Test func `a version's own answer has air, usageControl, paidAccess and model`() async throws {
    try await withSandbox { server in
      let url = "\(server.apiURL)/api/v1/model-versions/"
      let gated = try await Client.json(url + "11101")
      #expect(gated["air"] == "urn:air:other:lora:civitai:1110@11101")
      #expect(gated["usageControl"] == "Download" && gated["modelId"] == 1_110)
      #expect(gated["paidAccess"] == ["permanent": false, "endsAt": "2099-01-01T00:00:00.000Z"])
      #expect(gated.at("model", "type") == "LORA")
      let disabled = try await Client.json(url + "14161")
      #expect(disabled["usageControl"] == "Generation")
      #expect(try await Client.get(url + "77").status == 404)
      #expect(try await Client.get(url + "x").status == 400)
    }
  }

  @Test func `gates of every generation are shown`() async throws {
    try await withSandbox { server in
      let paid = try await server.model(1_412)
      #expect(paid.at("modelVersions", 0, "paidAccess", "permanent") == true)
      #expect(paid.at("modelVersions", 1, "paidAccess") == ["permanent": false])
      let early = try await server.model(1_413)
      #expect(early.at("modelVersions", 0, "earlyAccessDeadline") == "2099-06-01T00:00:00.000Z")
      #expect(early.at("modelVersions", 1, "earlyAccessTimeFrame") == 14)
      #expect(early.at("modelVersions", 1, "availability") == "EarlyAccess")
    }
  }

  @Test func `archived models have no files, taken-down ones no images`() async throws {
    try await withSandbox { server in
      let archived = try await server.model(1_414)
      #expect(archived["mode"] == "Archived")
      #expect(archived.at("modelVersions", 0, "files") == [])
      let down = try await server.model(1_415)
      #expect(down["mode"] == "TakenDown" && down.at("modelVersions", 0, "images") == [])
      #expect(down.at("modelVersions", 0, "files")?.elements?.count == 1)
    }
  }

  @Test func `checksums may be missing, lower case or incomplete, sizes null or wrong`()
    async throws
  {
    try await withSandbox { server in
      let model = try await server.model(1_420)
      let hashes = (0..<4).map { model.at("modelVersions", $0, "files", 0, "hashes") }
      #expect(hashes[0]?["SHA256"] == nil && hashes[0]?["CRC32"] != nil)
      #expect(hashes[1] == [:] && hashes[2] == nil)
      let lower = hashes[3]?["SHA256"]?.text ?? ""
      #expect(lower.count == 64 && lower == lower.lowercased())
      let sizes = try await server.model(1_421)
      #expect(sizes.at("modelVersions", 0, "files", 0, "replacedAt") != nil)
      #expect(sizes.at("modelVersions", 1, "files", 0, "sizeKB") == nil)
      let shown = sizes.at("modelVersions", 2, "files", 0, "sizeKB")?.double ?? 0
      #expect(abs(shown - 12.5 - 12_700.0 / 1_024) < 1)
    }
  }

  @Test func `the digest that is shown is that of the bytes that come`() async throws {
    try await withSandbox { server in
      let file = try await server.model(1_001).at("modelVersions", 0, "files", 0) ?? nil
      let reply = try await Client.get(try await server.address(version: 10_011, file: 100_111))
      let kept = MadeModels.all[0].versions[0].files[0].content
      let content = FileContent(
        seed: kept.seed, size: Int64(reply.body.count), kind: kept.kind)
      #expect(reply.body == content.bytes(at: 0, count: reply.body.count))
      let digest = try content.sha256().hex.uppercased()
      #expect(file.at("hashes", "SHA256")?.text == digest)
      #expect(file.at("hashes", "AutoV2")?.text == String(digest.prefix(10)))
      #expect(file["sizeKB"]?.double == Double(reply.body.count) / 1_024)
    }
  }

  private func primary(_ server: SandboxServer, _ token: String?) async throws -> JSON? {
    let model = try await Client.json("\(server.apiURL)/api/v1/models/1003", token: token)
    let files = model.at("modelVersions", 0, "files")?.elements ?? []
    return files.first { $0["primary"] == true }?["id"]
  }

  @Test func `with a token another file is primary; a bad token is none`() async throws {
    try await withSandbox { server in
      let anonymous = try await primary(server, nil)
      #expect(anonymous == 100_311)
      #expect(try await primary(server, "sandbox-token") == 100_313)
      #expect(try await primary(server, "wrong") == 100_311)
      let url = "\(server.apiURL)/api/v1/me"
      #expect(try await Client.get(url).status == 401)
      #expect(try await Client.get(url, headers: ["Authorization": "Bearer wrong"]).status == 401)
      #expect(try await Client.get(url, headers: ["Authorization": "Basic x"]).status == 401)
      #expect(try await Client.json(url, token: "sandbox-token")["username"] == "sandbox_user")
    }
  }

  @Test func `versions are found by hash, one or many`() async throws {
    try await withSandbox { server in
      let base = "\(server.apiURL)/api/v1/model-versions/by-hash"
      let hashes = try await server.model(1_001).at("modelVersions", 0, "files", 0, "hashes") ?? nil
      for name in ["SHA256", "AutoV2", "AutoV3", "CRC32", "BLAKE3", "AutoV1"] {
        let hash = hashes[name]?.text?.lowercased() ?? ""
        #expect(try await Client.json("\(base)/\(hash)")["id"] == 10_011, "\(name)")
      }
      #expect(try await Client.get("\(base)/0123").status == 404)
      let sha = hashes["SHA256"] ?? nil
      let many = try await Client.post(base, [sha, "00"]).json
      #expect(many.elements?.count == 1)
      #expect(many.at(0, "downloadUrl")?.text?.hasPrefix("https://undefined/") == true)
      let ids = try await Client.post("\(base)/ids", [sha]).json
      #expect(ids == [["modelVersionId": 10_011, "modelId": 1_001, "hash": sha]])
      let tooMany = JSON.array(Array(repeating: "A", count: 101))
      #expect(try await Client.post(base, tooMany).status == 400)
      #expect(try await Client.post(base, ["a": 1]).status == 400)
    }
  }

  @Test func `a hash shared by versions finds the oldest published one`() async throws {
    try await withSandbox { server in
      let linked = try await server.model(1_417).at("modelVersions", 0, "files", 1) ?? nil
      #expect(linked["downloadUrl"]?.text?.contains("/10041?fileId=100411") == true)
      let hash = linked.at("hashes", "SHA256")?.text ?? ""
      let found = try await Client.json("\(server.apiURL)/api/v1/model-versions/by-hash/\(hash)")
      #expect(found["id"] == 10_041)
    }
  }

  @Test(arguments: [
    ("enums", 200, "ModelType"), ("creators?limit=2&page=2", 200, "\"totalPages\":3"),
    ("creators?page=99", 200, "\"items\":[]"), ("tags?limit=5", 200, "totalItems"),
    ("images", 200, "items"), ("collections", 200, "items"), ("collections/5", 200, "itemCount"),
    ("collections/x", 400, "number"), ("models/1", 404, "No model"), ("models/x", 400, "number"),
    ("nothing", 404, "Not found"),
  ])
  func `the other endpoints answer`(path: String, status: Int, text: String) async throws {
    try await withSandbox { server in
      let reply = try await Client.get("\(server.apiURL)/api/v1/\(path)")
      #expect(reply.status == status && reply.text.contains(text))
      #expect(reply.headers["content-type"] == "application/json; charset=utf-8")
    }
  }

  @Test func `unknown types, fields and names are served as they are`() async throws {
    try await withSandbox { server in
      let unknown = try await server.model(1_405)
      #expect(unknown["type"] == "HoloScene" && unknown["quorum"] == 3)
      #expect(unknown.at("modelVersions", 0, "baseModel") == "Nebula 1")
      #expect(unknown.at("modelVersions", 0, "files", 0, "type") == "Hologram")
      let reserved = try await server.model(1_409)
      #expect(reserved["name"] == " A/B: <Test> * ..")
      #expect(reserved.at("modelVersions", 1, "files", 0, "name") == "..")
      #expect(try await server.model(1_404)["creator"] == nil)
      #expect(try await Client.get("\(server.apiURL)/nothing").status == 404)
      #expect(try await Client.post("\(server.apiURL)/api/v1/models", [:]).status == 405)
    }
  }
}
