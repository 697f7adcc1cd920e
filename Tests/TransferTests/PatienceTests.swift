import Core
import Testing

@testable import Transfer

/// Timeouts, and hosts that cannot be reached at all.
@Suite struct PatienceTests {
  private func error(
    _ url: SafeURL, environment: [String: String] = [:],
    _ change: (inout HTTPConfiguration) -> Void = { _ in }
  ) async throws -> TransferError? {
    let client = try client(environment: environment, change)
    return await failure { () async throws(TransferError) in
      try await client.send(HTTPRequest(url: url))
    }
  }

  @Test func `a handshake that never comes times out as connecting`() async throws {
    let gate = Gate()
    let server = try ScriptedServer { _, _ in gate.wait() }
    defer {
      gate.open()
      server.stop()
    }
    let error = try await error(server.url(host: "127.0.0.1", scheme: "https")) {
      $0.connectTimeout = .milliseconds(100)
    }
    #expect(error == .timedOut(.connect))
  }

  @Test func `a call that takes too long in all is ended`() async throws {
    let gate = Gate()
    let server = try ScriptedServer { _, _ in gate.wait() }
    defer {
      gate.open()
      server.stop()
    }
    let error = try await error(server.url()) { $0.apiTimeout = .milliseconds(100) }
    #expect(error == .timedOut(.total))
  }

  @Test func `a download that stalls is ended, and what came stays`() async throws {
    let gate = Gate()
    let server = try ScriptedServer(stallingUntil: gate)
    defer {
      gate.open()
      server.stop()
    }
    let client = try client {
      $0.stallTimeout = .seconds(1)
      $0.stallSpeed = 1_000_000
    }
    let sink = MemorySink()
    let error = await failure { () async throws(TransferError) in
      try await client.download(DownloadRequest(url: server.url()), into: sink)
    }
    #expect(error == .timedOut(.stall))
    #expect(sink.bytes.count == 1_000)
  }

  @Test func `nobody listening is no connection`() async throws {
    let server = try ScriptedServer { _, _ in }
    let url = server.url()
    server.stop()
    // The port is closed once the server's thread is through with it.
    var last: TransferError?
    for _ in 0..<50 {
      last = try await error(url)
      if case .couldNotConnect = last { break }
    }
    guard case .couldNotConnect(host: "127.0.0.1", _) = last else {
      Issue.record("\(String(describing: last))")
      return
    }
  }

  @Test func `a host without address is said by name`() async throws {
    let url = try #require(SafeURL("https://nothing.invalid/x?token=canary"))
    #expect(try await error(url) == .couldNotResolveHost("nothing.invalid"))
  }

  @Test func `a server that speaks no TLS is no connection`() async throws {
    let server = try ScriptedServer { _, _ in
    } greeting: {
      $0.send("HTTP/1.1 400 Bad\r\n\r\n")
    }
    defer { server.stop() }
    let error = try await error(server.url(host: "127.0.0.1", scheme: "https"))
    guard case .couldNotConnect = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func `a missing certificate file is a matter of TLS`() async throws {
    let gate = Gate()
    let server = try ScriptedServer { _, _ in gate.wait() }
    defer {
      gate.open()
      server.stop()
    }
    let error = try await error(
      server.url(host: "127.0.0.1", scheme: "https"),
      environment: ["SSL_CERT_FILE": "/nonexistent/ca.pem", "SSL_CERT_DIR": "/nonexistent"])
    guard case .tls(let message) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(message.contains("/nonexistent/ca.pem"))
    #expect(error?.isPassing == false)
  }

  @Test func `a proxy that refuses the tunnel is the proxy's failure`() async throws {
    let proxy = try ScriptedServer { _, connection in
      connection.answer("407 Proxy Authentication Required")
    }
    defer { proxy.stop() }
    let url = try #require(SafeURL("https://models.example/x"))
    let error = try await error(
      url, environment: ["HTTPS_PROXY": "http://user:canary@127.0.0.1:\(proxy.port)"])
    guard case .proxy(let message) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(!message.contains("canary"))
    #expect(proxy.requests.map(\.method) == ["CONNECT"])
    #expect(proxy.requests.first?.target == "models.example:443")
  }

  @Test func `loopback and the hosts of no_proxy are reached directly`() async throws {
    let proxy = try ScriptedServer { _, connection in connection.answer("200 OK", text: "proxy") }
    let server = try ScriptedServer { _, connection in connection.answer("200 OK", text: "direct") }
    defer {
      proxy.stop()
      server.stop()
    }
    let client = try client(
      environment: ["all_proxy": "http://127.0.0.1:\(proxy.port)", "NO_PROXY": "direct.invalid"])
    #expect(text(try await client.send(HTTPRequest(url: server.url())).body) == "direct")
    let proxied = try #require(SafeURL("http://models.example/x"))
    #expect(text(try await client.send(HTTPRequest(url: proxied)).body) == "proxy")
    let direct = try #require(SafeURL("http://direct.invalid/x"))
    let error = await failure { () async throws(TransferError) in
      try await client.send(HTTPRequest(url: direct))
    }
    #expect(error == .couldNotResolveHost("direct.invalid"))
  }

  @Test func `an upper-case HTTP_PROXY is not trusted`() throws {
    let url = try #require(SafeURL("http://a.example/"))
    #expect(NetworkEnvironment(["HTTP_PROXY": "http://p:1"]).proxy(for: url) == nil)
    #expect(NetworkEnvironment(["http_proxy": "http://p:1"]).proxy(for: url) != nil)
    #expect(NetworkEnvironment(["http_proxy": "", "ALL_PROXY": "x"]).proxy(for: url) != nil)
    #expect(NetworkEnvironment(["CURL_CA_BUNDLE": "/a"]).certificateFile == "/a")
  }

  @Test func `timeouts fit libcurl and are never zero`() {
    #expect(Duration.zero.timeoutMilliseconds == 1)
    #expect(Duration.microseconds(1_500_500).timeoutMilliseconds == 1_500)
    #expect(Duration.seconds(1_000_000_000).timeoutMilliseconds == 86_400_000)
  }
}
