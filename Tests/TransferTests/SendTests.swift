import Core
import Testing

@testable import Transfer

@Suite struct SendTests {
  @Test func `an answer comes with status, headers and body`() async throws {
    let server = try ScriptedServer { _, connection in
      connection.answer("404 Not Found", ["X-A: 1", "x-a: 2", "Folded: one\r\n two"], text: "gone")
    }
    defer { server.stop() }
    let response = try await client().send(HTTPRequest(url: server.url("/a?b=c")))
    #expect(response.status == 404)
    #expect(response.headers["X-A"] == "1, 2")
    #expect(response.headers["folded"] == "one two")
    #expect(text(response.body) == "gone")
    #expect(response.url == server.url("/a?b=c"))
  }

  @Test func `a request carries the user agent, its headers and the token, and no Expect`()
    async throws
  {
    let server = try ScriptedServer { _, connection in connection.answer("200 OK") }
    defer { server.stop() }
    let request = HTTPRequest(
      url: server.url(), headers: ["Accept": "application/json", "X-Empty": ""],
      bearer: Secret("canary"))
    _ = try await client().send(request)
    let received = try #require(server.requests.first)
    #expect(received.method == "GET")
    #expect(received.headers["User-Agent"] == "civsync/test (+https://example.org)")
    #expect(received.headers["Accept"] == "application/json")
    #expect(received.headers["X-Empty"] == "")
    #expect(received.headers["Authorization"] == "Bearer canary")
    #expect(received.headers["Accept-Encoding"]?.contains("gzip") == true)
  }

  @Test func `a post sends its body, even an empty one`() async throws {
    let server = try ScriptedServer { _, connection in connection.answer("200 OK") }
    defer { server.stop() }
    let client = try client()
    let long = [UInt8](repeating: 0x61, count: 200_000)
    for body in [long, []] {
      _ = try await client.send(
        HTTPRequest(
          method: .post, url: server.url(), headers: ["Content-Type": "application/json"],
          body: body))
    }
    #expect(server.requests.map(\.method) == ["POST", "POST"])
    #expect(server.requests.map(\.body) == [long, []])
    #expect(server.requests.first?.headers["Content-Type"] == "application/json")
    #expect(server.requests.allSatisfy { $0.headers["Expect"] == nil })
  }

  @Test func `a connection is used again`() async throws {
    let server = try ScriptedServer { _, connection in connection.answer("200 OK") }
    defer { server.stop() }
    let client = try client()
    // libcurl gives up a connection that nobody used for 118 s, which may pass between two lines where
    // the machine has much else to do: then once more.
    for _ in 0..<5 {
      let began = ContinuousClock.now
      for _ in 0..<3 { _ = try await client.send(HTTPRequest(url: server.url())) }
      guard ContinuousClock.now - began < .seconds(100) else { continue }
      #expect(Set(server.requests.suffix(3).map(\.connection)).count == 1)
      return
    }
    Issue.record("three requests took more than 100 s each time")
  }

  @Test func `a compressed answer is unpacked`() async throws {
    let packed = gzip(Array("hello, hello".utf8))
    let server = try ScriptedServer { _, connection in
      connection.answer("200 OK", ["Content-Encoding: gzip"], body: packed)
    }
    defer { server.stop() }
    let response = try await client().send(HTTPRequest(url: server.url()))
    #expect(text(response.body) == "hello, hello")
  }

  @Test func `a broken compression is refused`() async throws {
    let server = try ScriptedServer { _, connection in
      connection.answer("200 OK", ["Content-Encoding: gzip"], text: "this is not gzip")
    }
    defer { server.stop() }
    let client = try client()
    let error = await failure { () async throws(TransferError) in
      try await client.send(HTTPRequest(url: server.url()))
    }
    guard case .protocolError = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test(arguments: ["Content-Length: 11\r\n\r\nhello world", "\r\nhello world"])
  func `a body over the limit is refused, announced or not`(rest: String) async throws {
    let server = try ScriptedServer { _, connection in
      connection.send("HTTP/1.1 200 OK\r\n" + rest)
      connection.hangUp()
    }
    defer { server.stop() }
    let client = try client()
    let error = await failure { () async throws(TransferError) in
      try await client.send(HTTPRequest(url: server.url(), maxBody: ByteCount(10)))
    }
    #expect(error == .bodyTooLarge(limit: ByteCount(10)))
  }

  @Test func `a header without end is refused`() async throws {
    let server = try ScriptedServer { _, connection in
      connection.send("HTTP/1.1 200 OK\r\n")
      let line = "X-Long: " + String(repeating: "a", count: 8_000) + "\r\n"
      for _ in 0..<64 { connection.send(line) }
      connection.send("\r\n")
      connection.hangUp()
    }
    defer { server.stop() }
    let client = try client()
    let error = await failure { () async throws(TransferError) in
      try await client.send(HTTPRequest(url: server.url()))
    }
    guard case .protocolError = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func `an interim answer is passed over`() async throws {
    let server = try ScriptedServer { _, connection in
      connection.send("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n")
      connection.answer("200 OK", ["X-Final: yes"], text: "ok")
    }
    defer { server.stop() }
    let response = try await client().send(HTTPRequest(url: server.url()))
    #expect(response.status == 200)
    #expect(response.headers["Link"] == nil)
    #expect(text(response.body) == "ok")
  }

  @Test func `trailers after a body change nothing`() async throws {
    let server = try ScriptedServer(
      answer: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-T: 1\r\n\r\n")
    defer { server.stop() }
    let response = try await client().send(HTTPRequest(url: server.url()))
    #expect(text(response.body) == "ok")
    #expect(response.headers["X-T"] == nil)
  }

  @Test(arguments: ["a\r\nX-Smuggled: 1", "a\u{0}"])
  func `a header with a control character is not sent`(value: String) async throws {
    let server = try ScriptedServer { _, connection in connection.answer("200 OK") }
    defer { server.stop() }
    let client = try client()
    let error = await failure { () async throws(TransferError) in
      try await client.send(HTTPRequest(url: server.url(), bearer: Secret(value)))
    }
    #expect(error == .protocolError("a request header holds a control character"))
    #expect(server.requests.isEmpty)
  }
}

/// A gzip file of one stored block.
private func gzip(_ bytes: [UInt8]) -> [UInt8] {
  func little(_ value: UInt32, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
  var crc = UInt32.max
  for byte in bytes {
    crc ^= UInt32(byte)
    for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xedb8_8320 : crc >> 1 }
  }
  let count = UInt32(bytes.count)
  return [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff, 1] + little(count, 2) + little(~count, 2) + bytes
    + little(~crc, 4) + little(count, 4)
}
