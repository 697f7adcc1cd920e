import Core
import Testing

@testable import CivitaiSandbox

@Suite struct DownloadTests {
  private func download(
    _ server: SandboxServer, _ path: String, headers: [String: String] = [:]
  ) async throws -> Reply {
    try await Client.get("\(server.apiURL)/api/download/models/\(path)", headers: headers)
  }

  @Test func `a download is a redirect to a signed address on another host`() async throws {
    try await withSandbox { server in
      let reply = try await download(server, "10011?fileId=100111")
      #expect(reply.status == 307 && reply.headers["cache-control"] == "no-store")
      let location = reply.headers["location"] ?? ""
      #expect(location.hasPrefix("\(server.storageURL)/f/10011-0-0?X-Expires="))
      #expect(server.storageURL.hasPrefix("http://localhost:"))
      #expect(server.apiURL.hasPrefix("http://127.0.0.1:"))
      let file = try await Client.get(location)
      #expect(file.status == 200 && file.body.count == file.declaredLength)
      #expect(file.headers["accept-ranges"] == "bytes" && file.headers["etag"] != nil)
      #expect(
        file.headers["content-disposition"]
          == "attachment; filename=\"aurora_glow_v2.safetensors\"")
    }
  }

  @Test(arguments: [
    ("14161", 401, "creator of this asset has disabled downloads"),
    ("14162", 403, "Forbidden"), ("11111", 401, "requires you to be logged in"),
    ("11101", 403, "\"deadline\":\"2099-01-01T00:00:00.000Z\""),
    ("14121", 403, "\"error\":\"Early Access\",\"deadline\":null"),
    ("14131", 403, "2099-06-01"), ("14132", 403, "2099-05-15"), ("14141", 410, "archived"),
    ("77", 404, "not found"), ("x", 400, "number"), ("10011?fileId=100121", 404, "not found"),
    ("14171?fileId=100411", 404, "not found"), ("10011?type=VAE", 404, "not found"),
  ])
  func `refusals are the site's`(path: String, status: Int, text: String) async throws {
    try await withSandbox { server in
      let reply = try await download(server, path)
      #expect(reply.status == status)
      #expect(reply.text.contains(text))
    }
  }

  @Test func `a token helps where a login is asked for, and nowhere else`() async throws {
    try await withSandbox { server in
      let token = ["Authorization": "Bearer sandbox-token"]
      let helped = try await download(server, "11111", headers: token)
      #expect(helped.status == 307)
      #expect(try await download(server, "11111?token=sandbox-token").status == 307)
      #expect(try await download(server, "11111?token=wrong").status == 401)
      #expect(try await download(server, "14161", headers: token).status == 401)
      #expect(try await download(server, "11101", headers: token).status == 403)
    }
  }

  @Test(arguments: [
    ("10031", 0), ("10031?fp=fp16", 1), ("10031?size=pruned&fp=fp8&format=SafeTensor", 2),
    ("10031?token=sandbox-token", 2), ("15011?quantType=Q4_K_M", 2), ("11031?type=VAE", 1),
    ("14224?type=Model&format=SafeTensor", 0),
  ])
  func `without an id the query chooses, else the primary is taken`(
    path: String, index: Int
  ) async throws {
    try await withSandbox { server in
      let reply = try await download(server, path)
      let version = path.prefix { $0 != "?" }
      #expect(reply.headers["location"]?.contains("/f/\(version)-\(index)-0?") == true)
    }
  }

  @Test func `browsers get a login page that ends as 200`() async throws {
    try await withSandbox { server in
      for agent in ["Mozilla/5.0", "curl (chrome)", "OPERA"] {
        let reply = try await download(server, "10011", headers: ["User-Agent": agent])
        #expect(reply.status == 302)
        let page = try await Client.get(reply.headers["location"] ?? "")
        #expect(page.status == 200 && page.text.hasPrefix("<!DOCTYPE html>"))
        #expect(page.headers["content-type"]?.hasPrefix("text/html") == true)
      }
    }
  }

  @Test func `HEAD hangs on the API and is forbidden on storage`() async throws {
    let url = "/api/download/models/10011"
    try await withSandbox { server in
      let address = try await server.address(version: 10_011, file: 100_111)
      #expect(try await Client.send("HEAD", address).status == 403)
      // It is answered by nothing until the sandbox stops.
      async let reply = Client.send("HEAD", server.apiURL + url)
      while server.requests.routes["HEAD /api/download/models/:id"] == nil { await Task.yield() }
      #expect(server.requests.routes["HEAD /api/download/models/:id"]?.active == 1)
      await server.stop()
      #expect(try await reply.status == 0)
    }
  }

  @Test func `after the quota downloads are 429 without Retry-After`() async throws {
    try await withSandbox { server in
      try await server.control(.quota(2))
      var statuses: [Int] = []
      for _ in 0..<3 { statuses.append(try await download(server, "10011").status) }
      #expect(statuses == [307, 307, 429])
      // A refusal is not counted against it.
      try await server.control(.clear)
      #expect(try await download(server, "10011").status == 307)
    }
  }

  @Test func `storage rejects a token, a wrong signature, an expired or unknown address`()
    async throws
  {
    try await withSandbox { server in
      let address = try await server.address(version: 10_011, file: 100_111)
      let token = ["Authorization": "Bearer sandbox-token"]
      #expect(try await Client.get(address, headers: token).status == 400)
      #expect(server.requests.authorizedOnStorage == 1)
      let forged = address.split(separator: "X-Signature=").joined(separator: "X-Signature=A")
      #expect(try await Client.get(forged).text.contains("SignatureDoesNotMatch"))
      #expect(try await Client.get("\(server.storageURL)/f/x").status == 403)
      #expect(try await Client.get("\(server.storageURL)/other").status == 403)
      try await server.control(.deleteModel(1_001))
      #expect(try await Client.get(address).text.contains("NoSuchKey"))
    }
    try await withSandbox(.small { $0.signatureLifetime = 0 }) { server in
      let address = try await server.address(version: 10_011, file: 100_111)
      let reply = try await Client.get(address)
      #expect(reply.status == 403 && reply.text.contains("ExpiredRequest"))
    }
  }

  @Test func `ranges are served, refused and ignored as storage does`() async throws {
    try await withSandbox { server in
      let address = try await server.address(version: 10_011, file: 100_111)
      let whole = try await Client.get(address)
      let size = whole.body.count
      for (range, first, last) in [
        ("bytes=0-0", 0, 0), ("bytes=100-", 100, size - 1), ("bytes=-5", size - 5, size - 1),
        ("bytes=10-999999999", 10, size - 1),
      ] {
        let part = try await Client.get(address, headers: ["Range": range])
        #expect(part.status == 206 && part.body == Array(whole.body[first...last]))
        #expect(part.headers["content-range"] == "bytes \(first)-\(last)/\(size)")
      }
      let beyond = try await Client.get(address, headers: ["Range": "bytes=\(size)-"])
      #expect(beyond.status == 416 && beyond.headers["content-range"] == "bytes */\(size)")
      for range in ["bytes=5-2", "bytes=0-1,3-4", "lines=1-2", "bytes=x-y", "bytes=1"] {
        #expect(try await Client.get(address, headers: ["Range": range]).status == 200)
      }
      let tag = whole.headers["etag"] ?? ""
      let held = ["Range": "bytes=5-", "If-Range": tag]
      #expect(try await Client.get(address, headers: held).status == 206)
      let changed = ["Range": "bytes=5-", "If-Range": "\"other\""]
      #expect(try await Client.get(address, headers: changed).status == 200)
      let same = try await Client.get(address, headers: ["If-None-Match": tag])
      #expect(same.status == 304 && same.body.isEmpty && same.headers["etag"] == tag)
      #expect(try await Client.get(address, headers: ["If-None-Match": "\"other\""]).status == 200)
    }
    #expect(ByteRange.parse("bytes=-0", size: 5) == .unsatisfiable)
  }

  @Test func `previews are images on storage`() async throws {
    try await withSandbox { server in
      let url = try await server.model(1_001).at("modelVersions", 0, "images", 0, "url")?.text ?? ""
      let reply = try await Client.get(url)
      #expect(reply.status == 200 && reply.headers["content-type"] == "image/png")
      #expect(try await Client.get("\(server.storageURL)/i/x.gif").status == 404)
    }
  }
}
