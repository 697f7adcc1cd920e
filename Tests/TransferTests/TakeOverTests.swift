import Core
import Testing

@testable import Transfer

/// A connection that stands still while nobody else has anything to do.
@Suite struct TakeOverTests {
  private static let etag = "ETag: \"v1\""
  private static let firstBytes = 2_000

  /// The first answer, the whole file, stops after some bytes until `gate` opens. What begins where it
  /// stopped is for `rival`, all else is given at once.
  private static func storage(
    _ gate: Gate, _ rival: @escaping ScriptedServer.Script
  ) -> ScriptedServer.Script {
    { request, connection in
      guard let range = range(request) else {
        connection.send(
          "HTTP/1.1 200 OK\r\nContent-Length: \(binary.count)\r\nAccept-Ranges: bytes\r\n"
            + "\(etag)\r\n\r\n")
        connection.send(Array(binary[..<firstBytes]))
        gate.wait()
        return connection.send(Array(binary[firstBytes...]))
      }
      if range.lowerBound == firstBytes { return rival(request, connection) }
      give(range, connection)
    }
  }

  private static func range(_ request: ReceivedRequest) -> Range<Int>? {
    guard let text = request.headers["Range"] else { return nil }
    let ends = text.dropFirst("bytes=".count).split(separator: "-").compactMap { Int($0) }
    return ends.count == 2 ? ends[0]..<ends[1] + 1 : nil
  }

  private static func give(_ range: Range<Int>, _ connection: ServerConnection) {
    connection.answer(
      "206 Partial Content",
      [etag, "Content-Range: bytes \(range.lowerBound)-\(range.upperBound - 1)/\(binary.count)"],
      body: Array(binary[range]))
  }

  private static func isRival(_ request: ReceivedRequest) -> Bool {
    range(request)?.lowerBound == firstBytes
  }

  private func fetch(
    _ server: ScriptedServer, into sink: PieceSink, notices: Locked<[TransferNotice]>
  ) async throws -> TransferError? {
    let client = try client {
      $0.quietTimeout = .milliseconds(100)
      $0.notice = { notice in notices.withLock { $0.append(notice) } }
    }
    return await failure { () async throws(TransferError) in
      try await client.download(DownloadRequest(url: server.url()), into: sink)
    }
  }

  @Test func `its stretch is brought by another, and that is no failure`() async throws {
    let gate = Gate()
    let server = try ScriptedServer(
      Self.storage(gate) { request, connection in
        if let range = Self.range(request) { Self.give(range, connection) }
      })
    defer {
      gate.open()
      server.stop()
    }
    let sink = PieceSink(pieceSize: 1_000)
    let notices = Locked<[TransferNotice]>([])
    // The gate stays closed: without the second connection this would take `stallTimeout`.
    #expect(try await fetch(server, into: sink, notices: notices) == nil)
    #expect(sink.isWhole && sink.bytes == binary && sink.starts == [false])
    #expect(notices.withLock { $0 }.isEmpty)
    #expect(server.requests.count(where: Self.isRival) == 1)
  }

  @Test func `when it goes on after all, the other one is ended`() async throws {
    let gate = Gate()
    let never = Gate()
    let server = try ScriptedServer(
      Self.storage(gate) { _, _ in
        gate.open()
        never.wait()
      })
    defer {
      never.open()
      server.stop()
    }
    let sink = PieceSink(pieceSize: 1_000)
    let notices = Locked<[TransferNotice]>([])
    #expect(try await fetch(server, into: sink, notices: notices) == nil)
    #expect(sink.isWhole && sink.bytes == binary)
    #expect(notices.withLock { $0 }.isEmpty)
  }

  @Test func `a second one that fails takes nothing away`() async throws {
    let gate = Gate()
    let server = try ScriptedServer(
      Self.storage(gate) { _, connection in
        connection.reset()
        gate.open()
      })
    defer { server.stop() }
    let sink = PieceSink(pieceSize: 1_000)
    let error = try await fetch(server, into: sink, notices: Locked([]))
    #expect(error == nil && sink.isWhole && sink.bytes == binary)
  }
}
