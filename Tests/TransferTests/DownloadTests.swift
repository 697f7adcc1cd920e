import Core
import Testing

@testable import Transfer

@Suite struct DownloadTests {
  private func download(
    _ server: ScriptedServer, into sink: MemorySink = MemorySink(),
    rejectsDocuments: Bool = true
  ) async throws -> DownloadOutcome {
    let request = DownloadRequest(url: server.url(), rejectsDocuments: rejectsDocuments)
    return try await client().download(request, into: sink)
  }

  @Test func `a file comes whole, with its length, validator and progress`() async throws {
    let server = try ScriptedServer { _, connection in
      connection.answer("200 OK", ["ETag: \"v1\""], body: binary)
    }
    defer { server.stop() }
    let sink = MemorySink()
    let seen = Locked<[Int64]>([])
    let outcome = try await client().download(
      DownloadRequest(url: server.url()), into: sink,
      progress: { count in seen.withLock { $0.append(count) } })
    let info = DownloadInfo(
      received: 100_000, resumedAt: 0, total: 100_000, validator: "\"v1\"", url: server.url())
    #expect(outcome == .complete(info))
    #expect(sink.bytes == binary)
    #expect(sink.starts == [.init(offset: 0, validator: "\"v1\"", total: 100_000)])
    let counts = seen.withLock { $0 }
    #expect(counts == counts.sorted() && counts.last == 100_000)
    #expect(server.requests.first?.headers["Range"] == nil)
  }

  @Test func `an empty file is a file`() async throws {
    let server = try ScriptedServer { _, connection in connection.answer("200 OK") }
    defer { server.stop() }
    let sink = MemorySink()
    guard case .complete(let info) = try await download(server, into: sink) else {
      Issue.record("not complete")
      return
    }
    #expect(info.total == 0)
    #expect(sink.starts == [.init(offset: 0, validator: nil, total: 0)])
  }

  @Test func `a file whose length nobody knows ends with its connection`() async throws {
    let server = try ScriptedServer { _, connection in
      connection.send("HTTP/1.1 200 OK\r\n\r\n")
      connection.send(binary)
      connection.hangUp()
    }
    defer { server.stop() }
    let sink = MemorySink()
    _ = try await download(server, into: sink)
    #expect(sink.bytes == binary)
    #expect(sink.starts == [.init(offset: 0, validator: nil, total: nil)])
  }

  @Test(arguments: [
    ("text/html; charset=utf-8", "  <!DOCTYPE html><title>Log in</title>"),
    ("application/json", #"{"anything": 1}"#),
    ("application/xml", "<Error><Code>Expired</Code></Error>"),
    ("application/octet-stream", "\u{feff}\n<HTML><body>Log in"),
    ("application/octet-stream", "<?xml version='1.0'?><Error/>"),
    ("binary/octet-stream", #"{ "error" : "Early Access" }"#),
    ("text/html", ""),
  ])
  func `a document in a model's place never reaches the sink`(type: String, body: String)
    async throws
  {
    let server = try ScriptedServer { _, connection in
      connection.answer("200 OK", ["Content-Type: \(type)"], text: body)
    }
    defer { server.stop() }
    let sink = MemorySink([1, 2, 3], validator: "\"v0\"")
    let client = try client()
    var request = DownloadRequest(url: server.url())
    // It is too long as well, but that is not the news.
    request.longest = 1
    let error = await failure { [request] () async throws(TransferError) in
      try await client.download(request, into: sink)
    }
    guard case .notAModel(let named, let excerpt) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(type.hasPrefix(try #require(named)))
    #expect(excerpt.isEmpty == body.isEmpty)
    #expect(sink.starts.isEmpty)
    #expect(sink.bytes == [1, 2, 3])
  }

  @Test func `a page that comes byte by byte is still recognised`() async throws {
    let server = try ScriptedServer { _, connection in
      connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
      for character in " <!doctype html> sign in" { connection.send("1\r\n\(character)\r\n") }
      connection.send("0\r\n\r\n")
    }
    defer { server.stop() }
    let sink = MemorySink()
    let client = try client()
    let error = await failure { () async throws(TransferError) in
      try await client.download(DownloadRequest(url: server.url()), into: sink)
    }
    guard case .notAModel(nil, let excerpt) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(excerpt.hasPrefix("<!doctype"))
    #expect(sink.starts.isEmpty)
  }

  @Test func `a short file that could have become a page is taken at its end`() async throws {
    let server = try ScriptedServer { _, connection in connection.answer("200 OK", text: " <ht") }
    defer { server.stop() }
    let sink = MemorySink()
    _ = try await download(server, into: sink)
    #expect(text(sink.bytes) == " <ht")
  }

  @Test func `a safetensors file is not mistaken for a message`() async throws {
    let bytes: [UInt8] = [17, 0, 0, 0, 0, 0, 0, 0] + Array(#"{"error":{"a":1}}"#.utf8)
    let server = try ScriptedServer { _, connection in connection.answer("200 OK", body: bytes) }
    defer { server.stop() }
    let sink = MemorySink()
    _ = try await download(server, into: sink)
    #expect(sink.bytes == bytes)
  }

  @Test func `a document is taken where one may be meant`() async throws {
    let server = try ScriptedServer { _, connection in
      connection.answer("200 OK", ["Content-Type: application/json"], text: #"{"error":1}"#)
    }
    defer { server.stop() }
    let sink = MemorySink()
    _ = try await download(server, into: sink, rejectsDocuments: false)
    #expect(text(sink.bytes) == #"{"error":1}"#)
  }

  @Test func `a refusal keeps the beginning of its text and says which hop it came from`()
    async throws
  {
    let storage = try ScriptedServer { _, connection in
      connection.answer("403 Forbidden", body: [UInt8](repeating: 0x78, count: 200_000))
    }
    let server = try ScriptedServer { request, connection in
      if request.target == "/gated" {
        connection.answer("403 Forbidden", ["X-A: b"], text: #"{"error":"Early Access"}"#)
      } else {
        connection.answer("307 Temporary Redirect", ["Location: \(storage.url().wire)"])
      }
    }
    defer {
      server.stop()
      storage.stop()
    }
    let client = try client()
    let sink = MemorySink()
    let gated = try await client.download(DownloadRequest(url: server.url("/gated")), into: sink)
    guard case .refused(let first, isResolution: true) = gated else {
      Issue.record("\(gated)")
      return
    }
    #expect(first.status == 403)
    #expect(first.headers["X-A"] == "b")
    #expect(text(first.body) == #"{"error":"Early Access"}"#)
    let expired = try await client.download(DownloadRequest(url: server.url()), into: sink)
    guard case .refused(let second, isResolution: false) = expired else {
      Issue.record("\(expired)")
      return
    }
    #expect(second.body.count == 65_536)
    #expect(second.url == storage.url())
    #expect(sink.starts.isEmpty)
  }

  @Test func `a success without a file is no success`() async throws {
    let server = try ScriptedServer { _, connection in
      connection.send("HTTP/1.1 204 No Content\r\n\r\n")
    }
    defer { server.stop() }
    let client = try client()
    let error = await failure { () async throws(TransferError) in
      try await client.download(DownloadRequest(url: server.url()), into: MemorySink())
    }
    #expect(error == .protocolError("status 204 to a download"))
  }

  @Test(arguments: [true, false])
  func `an error of the sink ends the download and comes back whole`(atStart: Bool) async throws {
    let server = try ScriptedServer { _, connection in connection.answer("200 OK", body: binary) }
    defer { server.stop() }
    let client = try client()
    let sink = MemorySink(failing: SinkTestError(), atStart: atStart)
    let error = await failure { () async throws(TransferError) in
      try await client.download(DownloadRequest(url: server.url()), into: sink)
    }
    guard case .sinkFailed(let wrapped) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(wrapped.error as? SinkTestError == SinkTestError())
    #expect(error?.description == "could not write what came: disk full")
  }

  @Test func `downloads that share a rate all get on`() async throws {
    let body = [UInt8](repeating: 7, count: 600_000)
    let server = try ScriptedServer { _, connection in connection.answer("200 OK", body: body) }
    defer { server.stop() }
    let client = try client { $0.downloadRate = 2_000_000 }
    let most = Locked<[Int: Int64]>([:])
    let apart = Locked<Int64>(0)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<3 {
        let url = server.url("/\(number)")
        group.addTask {
          _ = try await client.download(
            DownloadRequest(url: url), into: MemorySink(),
            progress: { bytes in
              let gap = most.withLock { most in
                most[number] = bytes
                let all = (0..<3).map { most[$0] ?? 0 }
                return (all.max() ?? 0) - (all.min() ?? 0)
              }
              apart.withLock { $0 = max($0, gap) }
            })
        }
      }
      try await group.waitForAll()
    }
    // None is through while another has hardly begun.
    #expect(apart.withLock { $0 } < 500_000, "\(apart.withLock { $0 })")
  }
}
