import Core
import Testing

@testable import Transfer

@Suite struct RedirectTests {
  private func redirect(_ location: String, status: Int = 307) -> ScriptedServer.Script {
    { _, connection in
      connection.answer("\(status) Elsewhere", ["Location: \(location)"], text: "elsewhere")
    }
  }

  @Test func `a download follows to another origin and leaves the token behind`() async throws {
    let storage = try ScriptedServer { _, connection in
      connection.answer("200 OK", body: binary)
    }
    let signed = storage.url("/object?signature=s").wire
    let server = try ScriptedServer(redirect(signed))
    defer {
      server.stop()
      storage.stop()
    }
    let sink = MemorySink()
    let resolved = Locked<[SafeURL]>([])
    let request = DownloadRequest(
      url: server.url(), bearer: Secret("canary"), bearerOrigins: [server.origin])
    let outcome = try await client().download(
      request, into: sink,
      resolved: { url in
        resolved.withLock { $0.append(url.url) }
      })
    #expect(server.requests.first?.headers["Authorization"] == "Bearer canary")
    #expect(storage.requests.count == 1)
    #expect(storage.requests.first?.headers["Authorization"] == nil)
    #expect(storage.requests.first?.headers["Accept-Encoding"] == nil)
    #expect(sink.bytes == binary)
    #expect(resolved.withLock { $0 }.map(\.wire) == [signed])
    guard case .complete(let info) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(info.url.wire == signed)
  }

  @Test func `a host of the same name on another port is another origin`() async throws {
    let server = try ScriptedServer { _, connection in connection.answer("200 OK", text: "x") }
    defer { server.stop() }
    let other = Origin(scheme: "http", host: "127.0.0.1", port: server.port + 1)
    let request = DownloadRequest(
      url: server.url(), bearer: Secret("canary"), bearerOrigins: [other])
    _ = try await client().download(request, into: MemorySink())
    #expect(server.requests.first?.headers["Authorization"] == nil)
  }

  @Test func `a token is sent again when a redirect comes back to its origin`() async throws {
    let server = try ScriptedServer { request, connection in
      if request.target == "/file" {
        connection.answer("302 Found", ["Location: /moved"])
      } else {
        connection.answer("200 OK", body: binary)
      }
    }
    defer { server.stop() }
    let request = DownloadRequest(
      url: server.url(), bearer: Secret("canary"), bearerOrigins: [server.origin])
    _ = try await client().download(request, into: MemorySink())
    #expect(
      server.requests.map { $0.headers["Authorization"] } == ["Bearer canary", "Bearer canary"])
  }

  @Test func `a loop of redirects ends`() async throws {
    let server = try ScriptedServer(redirect("/file"))
    defer { server.stop() }
    let client = try client { $0.maxRedirects = 3 }
    let error = await failure { () async throws(TransferError) in
      try await client.download(DownloadRequest(url: server.url()), into: MemorySink())
    }
    #expect(error == .tooManyRedirects(limit: 3))
    #expect(server.requests.count == 4)
  }

  @Test(arguments: ["file:///etc/passwd", "ftp://example.org/x", "javascript:secret", ":", "other"])
  func `a redirect that is no web address is refused, without showing it`(location: String)
    async throws
  {
    let server = try ScriptedServer(redirect(location))
    defer { server.stop() }
    let client = try client()
    let error = await failure { () async throws(TransferError) in
      try await client.download(DownloadRequest(url: server.url()), into: MemorySink())
    }
    guard case .redirectRefused(let shown, .unreadable) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(shown == "…" || shown == location.prefix { $0 != ":" } + ":…")
  }

  /// A proxy stands for the public internet: it answers for any host.
  @Test func `a public host may not lead to this machine`() async throws {
    let proxy = try ScriptedServer(redirect("http://127.0.0.1:9/inside?token=canary"))
    defer { proxy.stop() }
    let client = try client(environment: ["http_proxy": proxy.url("").wire]) {
      $0.allowsPlainHTTP = true
    }
    let models = try #require(SafeURL("http://models.example/file"))
    let error = await failure { () async throws(TransferError) in
      try await client.download(
        DownloadRequest(url: models), into: MemorySink())
    }
    #expect(
      error == .redirectRefused(url: "http://127.0.0.1:9/inside?…", .privateAddress))
    #expect(proxy.requests.map(\.target) == ["http://models.example/file"])
  }

  @Test func `plain http is refused unless it is allowed or loopback`() async throws {
    let url = try #require(SafeURL("http://models.example/file?key=canary"))
    let client = try client()
    let error = await failure { () async throws(TransferError) in
      try await client.download(DownloadRequest(url: url), into: MemorySink())
    }
    #expect(error == .redirectRefused(url: "http://models.example/file?…", .plainHTTP))
  }

  @Test func `the rules hold for each kind of step`() throws {
    func step(_ from: String, _ to: String, plain: Bool = false) throws -> RedirectRefusal? {
      let url = try #require(SafeURL(from))
      var rules = RedirectRules(first: url, allowsPlainHTTP: plain, origins: nil, limit: 5)
      do throws(TransferError) {
        _ = try rules.next(from: url, location: to)
        return nil
      } catch {
        guard case .redirectRefused(_, let refusal) = error else { throw error }
        return refusal
      }
    }
    #expect(try step("https://a.example/", "https://b.example/x") == nil)
    #expect(try step("https://a.example/", "//b.example/x") == nil)
    #expect(try step("https://a.example/", "http://b.example/x") == .downgrade)
    #expect(try step("https://a.example/", "http://b.example/x", plain: true) == .downgrade)
    #expect(try step("http://a.example/", "http://b.example/x", plain: true) == nil)
    #expect(try step("http://a.example/", "http://b.example/x") == .plainHTTP)
    #expect(try step("https://a.example/", "https://localhost/x") == .privateAddress)
    #expect(try step("https://a.example/", "https://[::1]/x") == .privateAddress)
    #expect(try step("https://a.example/", "https://10.1.2.3/x") == .privateAddress)
    #expect(try step("https://a.example/", "https://2130706433/x") == .privateAddress)
    #expect(try step("https://192.168.1.2/", "https://192.168.1.3/x") == nil)
    #expect(try step("http://127.0.0.1/", "http://localhost/x") == nil)
    #expect(try step("http://127.0.0.1/", "https://b.example/x") == nil)
    #expect(try step("http://127.0.0.1/", "http://b.example/x") == .plainHTTP)
    #expect(try step("http://127.0.0.1/", "http://b.example/x", plain: true) == nil)
    #expect(try step("http://10.0.0.1/", "http://10.0.0.2/x", plain: true) == nil)
    #expect(try step("http://a.example/", "http://10.0.0.2/x", plain: true) == .privateAddress)
    #expect(try step("http://a.example/", "http://127.0.0.1/x", plain: true) == .privateAddress)
    #expect(try step("http://a.example/", "file:///etc/passwd", plain: true) == .unreadable)
  }

  @Test func `a name that stands for a private address counts as one`() throws {
    let url = try #require(SafeURL("https://nas.example/"))
    var rules = RedirectRules(first: url, allowsPlainHTTP: false, origins: nil, limit: 5)
    rules.learn(peer: "8.8.8.8")
    #expect(!rules.beganLocally)
    rules.learn(peer: "192.168.1.2")
    #expect(rules.beganLocally)
    #expect(try rules.next(from: url, location: "https://192.168.1.3/x").host == "192.168.1.3")
  }

  @Test func `only the first host may prove to be a private one`() throws {
    let url = try #require(SafeURL("https://a.example/"))
    var rules = RedirectRules(first: url, allowsPlainHTTP: false, origins: nil, limit: 5)
    let next = try rules.next(from: url, location: "https://b.example/")
    rules.learn(peer: "127.0.0.1")
    #expect(!rules.beganLocally)
    // And a connection to it is not even made use of.
    let call = WireCall(url: next, headers: [:], isAPI: false, refusesLocalPeers: true)
    let exchange = Exchange(call, BodyCollector(limit: ByteCount(1)))
    #expect(exchange.connected(to: "8.8.8.8", isProxied: false))
    #expect(exchange.connected(to: "127.0.0.1", isProxied: true))
    #expect(!exchange.connected(to: "127.0.0.1", isProxied: false))
    let ending = CurlEnding(
      code: 42, message: "", wasConnected: true, usedUpItsTime: false)
    guard case .failure(.redirectRefused(_, .privateAddress)) = exchange.outcome(ending) else {
      Issue.record("the exchange was not refused")
      return
    }
  }

  @Test func `a call follows on its own origin, by GET after the older statuses`() async throws {
    let server = try ScriptedServer { request, connection in
      switch request.target {
      case "/old": connection.answer("303 See Other", ["Location: /end"])
      case "/new": connection.answer("308 Permanent Redirect", ["Location: /end"])
      default: connection.answer("200 OK", text: "end")
      }
    }
    defer { server.stop() }
    let client = try client()
    for path in ["/old", "/new"] {
      let response = try await client.send(
        HTTPRequest(method: .post, url: server.url(path), body: Array("body".utf8)))
      #expect(response.url == server.url("/end"))
    }
    #expect(server.requests.map(\.method) == ["POST", "GET", "POST", "POST"])
    #expect(server.requests.map { text($0.body) } == ["body", "", "body", "body"])
  }

  @Test func `a call follows to no other origin but the ones it names`() async throws {
    let other = try ScriptedServer { _, connection in connection.answer("200 OK", text: "other") }
    let server = try ScriptedServer(redirect(other.url("/x?k=canary").wire))
    defer {
      server.stop()
      other.stop()
    }
    let client = try client()
    var request = HTTPRequest(url: server.url(), bearer: Secret("canary"))
    let error = await failure { () async throws(TransferError) in try await client.send(request) }
    #expect(
      error == .redirectRefused(url: "http://127.0.0.1:\(other.port)/x?…", .otherOrigin))
    #expect(other.requests.isEmpty)
    request.redirectOrigins = [other.origin]
    #expect(text(try await client.send(request).body) == "other")
    #expect(other.requests.first?.headers["Authorization"] == "Bearer canary")
  }

  @Test func `a redirect without a place to go is the answer itself`() async throws {
    let server = try ScriptedServer { _, connection in connection.answer("304 Not Modified") }
    defer { server.stop() }
    #expect(try await client().send(HTTPRequest(url: server.url())).status == 304)
  }

  @Test func `an endless text beside a redirect is not read to its end`() async throws {
    let server = try ScriptedServer { request, connection in
      guard request.target == "/file" else { return connection.answer("200 OK", body: binary) }
      connection.send("HTTP/1.1 302 Found\r\nLocation: /next\r\n\r\n")
      connection.send([UInt8](repeating: 0x20, count: 1 << 20))
    }
    defer { server.stop() }
    let sink = MemorySink()
    _ = try await client().download(DownloadRequest(url: server.url()), into: sink)
    #expect(sink.bytes == binary)
  }
}
