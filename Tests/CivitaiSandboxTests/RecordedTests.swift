import Core
import FoundationEssentials
import Testing

@testable import CivitaiSandbox

@Suite struct RecordedTests {
  /// Made up after the shapes of 2023 and 2026: files without ids, addressed by type and format.
  private static let modern = """
    {"id": 9001, "name": "Recorded Mix", "type": "Checkpoint", "odd": {"kept": 1.50},
     "creator": {"username": "somebody"}, "tags": ["one"], "nsfwLevel": 1, "poi": false,
     "modelVersions": [
      {"id": 90011, "name": "v2", "baseModel": "SDXL 1.0", "publishedAt": "2026-01-01T00:00:00Z",
       "files": [
        {"sizeKB": 2000000.5, "name": "mix_v2.safetensors", "type": "Model", "primary": true,
         "metadata": {"format": "SafeTensor", "fp": "fp16", "size": "full"},
         "hashes": {"SHA256": "00", "AutoV2": "00", "SHA256_12": "00", "Future": "kept"}},
        {"sizeKB": 300000, "name": "vae.safetensors", "type": "VAE",
         "metadata": {"format": "SafeTensor"}, "hashes": {"SHA256": "00"}}]},
      {"id": 90012, "name": "v1", "earlyAccessDeadline": "2099-01-01T00:00:00Z",
       "files": [{"id": 5, "name": "mix.ckpt", "type": "Model"}]}]}
    """
  private static let old = """
    {"id": 9000, "name": "Old", "type": "LORA", "nsfw": true, "modelVersions": [
      {"id": 90001, "name": "v1", "paidAccess": {"permanent": false, "endsAt": null}, "files": [
       {"id": 7, "name": "w.json", "sizeKB": 10, "hashes": {"SHA256": "00"}}]},
      {"id": 90002, "files": [{"id": 8, "name": "a.zip"}, {"id": 9, "name": "b.gguf"},
       {"id": 10, "name": "c.onnx"}, {"id": 11, "name": "d.txt"}]}]}
    """

  private func withFolder(_ body: (String) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.path + "/sandbox-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (name, text) in [
      ("model-a.json", Self.modern), ("model-b.json", Self.old), ("broken.json", "{"),
      ("version.json", "{\"id\": 1}"), ("half.json", #"{"id":3,"modelVersions":[{}]}"#),
      ("notes.md", "nothing"),
    ] {
      _ = FileManager.default.createFile(atPath: folder + "/" + name, contents: Data(text.utf8))
    }
    do { try await body(folder) } catch {
      try? FileManager.default.removeItem(atPath: folder)
      throw error
    }
    try FileManager.default.removeItem(atPath: folder)
  }

  private static func options(_ folder: String) -> SandboxOptions {
    .small {
      $0.catalogueDirectory = folder
      $0.scale = nil
    }
  }

  private func withRecorded(_ body: (SandboxServer) async throws -> Void) async throws {
    try await withFolder { folder in
      try await withSandbox(Self.options(folder), body)
    }
  }

  @Test func `a recorded response is served as it is, but for sizes and digests`() async throws {
    try await withRecorded { server in
      let model = try await server.model(9_001)
      #expect(String(decoding: model.serialized, as: UTF8.self).contains(#""odd":{"kept":1.50}"#))
      let file = model.at("modelVersions", 0, "files", 0) ?? nil
      #expect(file["id"] == nil && file["name"] == "mix_v2.safetensors")
      #expect(file.at("hashes", "Future") == "kept")
      let sha = file.at("hashes", "SHA256")?.text ?? ""
      #expect(file.at("hashes", "SHA256_12")?.text == String(sha.prefix(12)))
      #expect(abs((file["sizeKB"]?.double ?? 0) - 2_000.0005) < 0.01)
      let listed = try await Client.json("\(server.apiURL)/api/v1/models?ids=9001&nsfw=true")
      #expect(listed.at("items", 0) == model)
      #expect(server.notes.count == 3)
    }
  }

  @Test func `files without an id are fetched by type and format, or as the primary`() async throws
  {
    try await withRecorded { server in
      let model = try await server.model(9_001)
      let base = "\(server.apiURL)/api/download/models/90011"
      for (index, url) in [base, base + "?type=VAE&format=SafeTensor"].enumerated() {
        let redirect = try await Client.get(url)
        let reply = try await Client.get(redirect.headers["location"] ?? "")
        let file = model.at("modelVersions", 0, "files", index) ?? nil
        #expect(Double(reply.body.count) / 1_024 == file["sizeKB"]?.double)
      }
      let gated = try await Client.get("\(server.apiURL)/api/download/models/90012?fileId=5")
      #expect(gated.status == 403)
    }
  }

  @Test func `commands change recorded models too`() async throws {
    try await withRecorded { server in
      try await server.control(.rename(model: 9_001, name: "New Name"))
      try await server.control(.retag(model: 9_001, tags: ["two"]))
      try await server.control(.deleteVersion(90_012))
      try await server.control(.publish(model: 9_001, version: "v3", baseModel: nil))
      try await server.control(.replace(file: 8))
      let model = try await server.model(9_001)
      #expect(model["name"] == "New Name" && model["tags"] == ["two"])
      let ids = model["modelVersions"]?.elements?.map { $0["id"] }
      #expect(ids == [90_000_001, 90_011])
      #expect(model.at("modelVersions", 0, "files", 0, "hashes", "SHA256")?.text?.count == 64)
      #expect(try await server.model(9_000).at("modelVersions", 1, "files", 0, "replacedAt") != nil)
      try await server.control(.archive(9_001))
      #expect(try await server.model(9_001).at("modelVersions", 1, "files") == [])
      let version = try await Client.json("\(server.apiURL)/api/v1/model-versions/90001")
      #expect(version["paidAccess"] == ["permanent": false, "endsAt": nil])
      #expect(version["modelId"] == 9_000)
    }
  }

  @Test func `adult models are listed only where they are asked for`() async throws {
    try await withRecorded { server in
      let url = "\(server.apiURL)/api/v1/models?sort=Oldest"
      let decent = try await Client.json(url)
      #expect(decent["items"]?.elements?.count == 1)
      #expect(try await Client.json(url + "&nsfw=true")["items"]?.elements?.count == 2)
    }
  }

  @Test func `a folder that is missing or empty is refused with the reason`() async throws {
    var options = SandboxOptions()
    options.catalogueDirectory = "/nonexistent"
    await #expect {
      _ = try await SandboxServer.start(options)
    } throws: {
      "\($0)".hasPrefix("cannot read the catalogue folder `/nonexistent`: it does not exist")
    }
    let empty = FileManager.default.temporaryDirectory.path + "/sandbox-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: empty, withIntermediateDirectories: true)
    options.catalogueDirectory = empty
    await #expect {
      _ = try await SandboxServer.start(options)
    } throws: {
      "\($0)".hasPrefix("no model response in")
    }
    try FileManager.default.removeItem(atPath: empty)
  }

  @Test(.enabled(if: ProcessInfo.processInfo.environment["CIVSYNC_RECORDED_DIR"] != nil))
  func `every real recorded model is served and can be fetched`() async throws {
    let folder = try #require(ProcessInfo.processInfo.environment["CIVSYNC_RECORDED_DIR"])
    try await withSandbox(Self.options(folder)) { server in
      let list = try await Client.json("\(server.apiURL)/api/v1/models?nsfw=true&sort=Oldest")
      let models = list["items"]?.elements ?? []
      #expect(models.count >= 3)
      for version in models.flatMap({ $0["modelVersions"]?.elements ?? [] }) {
        for file in version["files"]?.elements ?? [] {
          let recorded = file["downloadUrl"]?.text ?? ""
          let query = recorded.split(separator: "?").dropFirst().first.map { "?\($0)" } ?? ""
          let id = version["id"]?.integer ?? 0
          let url = "\(server.apiURL)/api/download/models/\(id)\(query)"
          let redirect = try await Client.get(url)
          #expect(redirect.status == 307, "\(url)")
          let reply = try await Client.get(redirect.headers["location"] ?? "")
          #expect(Double(reply.body.count) / 1_024 == file["sizeKB"]?.double)
        }
      }
    }
  }
}
