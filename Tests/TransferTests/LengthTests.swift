import Core
import Testing

@testable import Transfer

@Suite struct LengthTests {
  private func error(
    _ server: ScriptedServer, into sink: MemorySink, longest: Int64? = nil
  ) async throws -> TransferError? {
    let client = try client()
    var request = DownloadRequest(url: server.url())
    request.longest = longest
    return await failure { [request] () async throws(TransferError) in
      try await client.download(request, into: sink)
    }
  }

  @Test func `an announced length beyond what is said of the file is refused before a byte`()
    async throws
  {
    let server = try ScriptedServer { _, connection in connection.answer("200 OK", body: binary) }
    defer { server.stop() }
    let sink = MemorySink([1, 2, 3], validator: "\"v0\"")
    #expect(
      try await error(server, into: sink, longest: 99_999)
        == .lengthMismatch(expected: 99_999, actual: 100_000))
    #expect(sink.starts.isEmpty && sink.bytes == [1, 2, 3])
  }

  @Test func `a file that is cut off keeps what came`() async throws {
    let server = try ScriptedServer { _, connection in
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\nETag: \"v1\"\r\n\r\n")
      connection.send(Array(binary[..<40_000]))
      connection.hangUp()
    }
    defer { server.stop() }
    let sink = MemorySink()
    #expect(
      try await error(server, into: sink) == .connectionLost(received: 40_000))
    #expect(sink.bytes == Array(binary[..<40_000]))
    #expect(sink.validator == "\"v1\"")
  }

  @Test func `a chunked file is whole where it was meant to end, and cut off before`() async throws
  {
    let server = try ScriptedServer { request, connection in
      connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n")
      if request.target == "/file" { return connection.send("0\r\n\r\n") }
      connection.hangUp()
    }
    defer { server.stop() }
    let sink = MemorySink()
    #expect(try await error(server, into: sink) == nil)
    #expect(text(sink.bytes) == "abcd")
    let client = try client()
    let cut = await failure { () async throws(TransferError) in
      try await client.download(DownloadRequest(url: server.url("/cut")), into: MemorySink())
    }
    #expect(cut == .connectionLost(received: 4))
  }

  @Test func `more than can be of the file is stopped and dropped`() async throws {
    let server = try ScriptedServer { _, connection in
      connection.send("HTTP/1.1 200 OK\r\n\r\n")
      connection.send(binary)
      connection.hangUp()
    }
    defer { server.stop() }
    let sink = MemorySink()
    guard
      case .lengthMismatch(expected: 90_000, let actual) = try await error(
        server, into: sink, longest: 90_000)
    else {
      Issue.record("no mismatch")
      return
    }
    #expect(actual > 90_000)
    #expect(sink.bytes.isEmpty)
  }

  @Test func `a reset in mid-file keeps what came`() async throws {
    let came = Signal()
    let gate = Gate()
    let server = try ScriptedServer { _, connection in
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
      connection.send(Array(binary[..<10_000]))
      gate.wait()
      connection.reset()
    }
    defer { server.stop() }
    let sink = MemorySink()
    let client = try client()
    async let result = failure { () async throws(TransferError) in
      try await client.download(DownloadRequest(url: server.url()), into: sink) { count in
        if count == 10_000 { came.fire() }
      }
    }
    await came.wait()
    gate.open()
    #expect(await result == .connectionLost(received: 10_000))
    #expect(sink.bytes.count == 10_000)
  }

  @Test func `a connection that closes without an answer was lost`() async throws {
    let server = try ScriptedServer { _, connection in connection.hangUp() }
    defer { server.stop() }
    let sink = MemorySink()
    #expect(try await error(server, into: sink) == .connectionLost(received: 0))
    #expect(sink.starts.isEmpty)
  }
}
