import Core
import Testing

@testable import Transfer

/// Signed addresses that are good for less than a download takes.
@Suite struct ExpiryTests {
  /// Leads to an address of its own each time; each of them gives so many bytes, and is good no more
  /// after that unless it `stays` so.
  private static func site(giving count: Int, stays: Bool = false) throws -> ScriptedServer {
    let given = Locked<Set<String>>([])
    let number = Locked(0)
    return try ScriptedServer { request, connection in
      guard request.target != "/file" else {
        let next = number.withLock { number in
          number += 1
          return number
        }
        return connection.answer("307 Temporary Redirect", ["Location: /signed/\(next)"])
      }
      let isFirst = given.withLock { $0.insert(request.target).inserted }
      guard isFirst || stays else { return connection.answer("403 Forbidden", text: "<Error/>") }
      guard request.headers["If-None-Match"] == nil else {
        return connection.send("HTTP/1.1 304 Not Modified\r\nETag: \"v1\"\r\n\r\n")
      }
      Self.give(count, request, connection)
    }
  }

  private static func give(
    _ count: Int, _ request: ReceivedRequest, _ connection: ServerConnection
  ) {
    let first = request.headers["Range"].flatMap { Int($0.dropFirst(6).prefix { $0 != "-" }) }
    let start = first ?? 0
    let end = min(binary.count, start + count)
    connection.send(
      "HTTP/1.1 \(first == nil ? "200 OK" : "206 Partial Content")\r\nETag: \"v1\"\r\n"
        + "Content-Length: \(binary.count - start)\r\n"
        + "Content-Range: bytes \(start)-\(binary.count - 1)/\(binary.count)\r\n\r\n")
    connection.send(Array(binary[start..<end]))
    if end < binary.count { connection.hangUp() }
  }

  private func fetch(
    _ server: ScriptedServer, into sink: MemorySink
  ) async throws -> (error: TransferError?, resolutions: Int, looks: Int) {
    let client = try client()
    let error = await failure { () async throws(TransferError) in
      try await client.download(DownloadRequest(url: server.url()), into: sink)
    }
    return (
      error, server.requests.count { $0.target == "/file" },
      server.requests.count { $0.headers["If-None-Match"] == "\"v1\"" }
    )
  }

  @Test func `one that ends in mid-file is resolved anew, and no failure`() async throws {
    let server = try Self.site(giving: 30_000)
    defer { server.stop() }
    let sink = MemorySink()
    let (error, resolutions, looks) = try await fetch(server, into: sink)
    #expect(error == nil && sink.bytes == binary)
    #expect(resolutions == 4 && looks == 3)
  }

  @Test func `one that is still good leaves a lost connection what it is`() async throws {
    let server = try Self.site(giving: 30_000, stays: true)
    defer { server.stop() }
    let sink = MemorySink()
    let (error, resolutions, looks) = try await fetch(server, into: sink)
    #expect(error == .connectionLost(received: 30_000) && sink.bytes.count == 30_000)
    #expect(resolutions == 1 && looks == 1)
  }

  @Test func `what brings next to nothing is not resolved again and again`() async throws {
    let server = try Self.site(giving: 1_500)
    defer { server.stop() }
    let (error, resolutions, looks) = try await fetch(server, into: MemorySink())
    #expect(error == .connectionLost(received: 1_500))
    #expect(resolutions == 1 && looks == 0)
  }
}
