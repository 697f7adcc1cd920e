import Core
import Testing

@testable import CivitaiSandbox

@Suite struct PictureTests {
  private func pictures(_ server: SandboxServer, version: Int64) async throws -> [JSON] {
    let shown = try await Client.json("\(server.apiURL)/api/v1/model-versions/\(version)")
    return shown["images"]?.elements ?? []
  }

  @Test func `a version shows a real PNG and a real JPEG`() async throws {
    try await withSandbox { server in
      let shown = try await pictures(server, version: 10_021)
      #expect(shown.map { $0["type"] } == ["image", "image"])
      let png = try await Client.get(shown[0]["url"]?.text ?? "")
      #expect(png.headers["content-type"] == "image/png" && png.body.starts(with: [0x89, 0x50]))
      let jpeg = try await Client.get(shown[1]["url"]?.text ?? "")
      #expect(jpeg.headers["content-type"] == "image/jpeg")
      #expect(jpeg.body.starts(with: [0xFF, 0xD8, 0xFF]) && jpeg.body.suffix(2) == [0xFF, 0xD9])
    }
  }

  @Test func `a version with a film and a picture beyond PG says so`() async throws {
    try await withSandbox { server in
      let shown = try await pictures(server, version: 11_011)
      #expect(shown.map { $0["type"] } == ["video", "image", "image", "image"])
      #expect(shown.map { $0["nsfwLevel"] } == [1, 4, 1, 1])
      #expect(
        try await Client.get(shown[0]["url"]?.text ?? "").headers["content-type"] == "video/mp4")
    }
  }

  @Test func `pictures that are none are what they are told to be`() async throws {
    try await withSandbox { server in
      let list: JSON = [["kind": "missing"], ["kind": "page", "nsfwLevel": 8], ["kind": "text"]]
      let command: JSON = ["do": "images", "version": 10_021, "images": list]
      #expect(try await Client.post("\(server.apiURL)/sandbox/control", command).status == 200)
      try await server.control(
        .images(version: 10_071, [ImageRecord(.huge)]))
      let shown = try await pictures(server, version: 10_021)
      #expect(shown.map { $0["nsfwLevel"] } == [1, 8, 1])
      let missing = try await Client.get(shown[0]["url"]?.text ?? "")
      #expect(missing.status == 404)
      let page = try await Client.get(shown[1]["url"]?.text ?? "")
      #expect(page.status == 200 && page.text.contains("<html"))
      let text = try await Client.get(shown[2]["url"]?.text ?? "")
      #expect(text.headers["content-type"] == "image/png" && text.text == "no picture at all")
      let huge = try await pictures(server, version: 10_071)
      let large = try await Client.get(huge[0]["url"]?.text ?? "")
      #expect(large.body.count > 20 << 20 && large.body.starts(with: [0x89, 0x50]))
    }
  }

  @Test func `a picture of no known kind is refused`() async throws {
    try await withSandbox { server in
      let command: JSON = ["do": "images", "version": 10_021, "images": [["kind": "oil"]]]
      let reply = try await Client.post("\(server.apiURL)/sandbox/control", command)
      #expect(reply.status == 400 && reply.text.contains("png, jpeg, video"))
    }
  }

  @Test func `favorites are those that were named`() async throws {
    try await withSandbox { server in
      try await server.control(.favorites([1_002, 1_303]))
      let url = "\(server.apiURL)/api/v1/models?favorites=true&nsfw=true&sort=Oldest"
      let page = try await Client.json(url, token: "sandbox-token")
      #expect(page["items"]?.elements?.compactMap { $0["id"]?.integer } == [1_002, 1_303])
      #expect(try await Client.get(url).status == 401)
      let command: JSON = ["do": "favorites", "models": [1_005]]
      #expect(try await Client.post("\(server.apiURL)/sandbox/control", command).status == 200)
      let again = try await Client.json(url, token: "sandbox-token")
      #expect(again["items"]?.elements?.compactMap { $0["id"]?.integer } == [1_005])
    }
  }
}
