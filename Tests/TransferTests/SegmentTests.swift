import Core
import Testing

@testable import Transfer

/// One file over several connections.
@Suite struct SegmentTests {
  private static let etag = "ETag: \"v1\""

  /// Serves `binary` in ranges. The first answer, the whole file, stops after some bytes until `gate`
  /// opens.
  private static func storage(
    _ gate: Gate, _ others: @escaping ScriptedServer.Script
  ) -> ScriptedServer.Script {
    { request, connection in
      guard request.headers["Range"] == nil else { return others(request, connection) }
      connection.send(
        "HTTP/1.1 200 OK\r\nContent-Length: \(binary.count)\r\nAccept-Ranges: bytes\r\n"
          + "\(etag)\r\n\r\n")
      connection.send(Array(binary[..<2_000]))
      gate.wait()
      connection.send(Array(binary[2_000...]))
    }
  }

  private static func range(_ request: ReceivedRequest) -> Range<Int> {
    let ends = (request.headers["Range"] ?? "").dropFirst("bytes=".count).split(separator: "-")
    let start = ends.first.flatMap { Int($0) } ?? 0
    return start..<(ends.dropFirst().first.flatMap { Int($0) } ?? binary.count - 1) + 1
  }

  private static func give(
    _ request: ReceivedRequest, _ connection: ServerConnection, etag: String = etag
  ) {
    let range = range(request)
    connection.answer(
      "206 Partial Content",
      [etag, "Content-Range: bytes \(range.lowerBound)-\(range.upperBound - 1)/\(binary.count)"],
      body: Array(binary[range]))
  }

  private func fetch(
    _ sink: PieceSink, _ script: @escaping ScriptedServer.Script
  ) async throws -> (result: Result<DownloadOutcome, TransferError>, requests: [ReceivedRequest]) {
    let server = try ScriptedServer(script)
    defer { server.stop() }
    let client = try client()
    let result: Result<DownloadOutcome, TransferError>
    do throws(TransferError) {
      result = .success(
        try await client.download(DownloadRequest(url: server.url()), into: sink))
    } catch {
      result = .failure(error)
    }
    return (result, server.requests)
  }

  /// What is known of a download that came to its end; any other is an issue.
  private func whole(_ result: Result<DownloadOutcome, TransferError>) -> DownloadInfo? {
    if case .success(.complete(let info)) = result { return info }
    Issue.record("\(result)")
    return nil
  }

  @Test func `a file comes over several connections, each byte once`() async throws {
    let gate = Gate()
    let others = Locked(0)
    let sink = PieceSink(pieceSize: 1_000)
    let (result, requests) = try await fetch(
      sink,
      Self.storage(gate) { request, connection in
        Self.give(request, connection)
        // The first one waits until the others have brought something.
        if others.withLock({
          $0 += 1
          return $0
        }) == 3 {
          gate.open()
        }
      })
    let info = try #require(whole(result))
    #expect(sink.bytes == binary && sink.isWhole && sink.starts == [false])
    #expect(info.received == Int64(binary.count) && info.total == Int64(binary.count))
    #expect(requests.count >= 4)
    #expect(requests.dropFirst().allSatisfy { $0.headers["If-Range"] == "\"v1\"" })
    #expect(Set(requests.map(\.connection)).count >= 2)
  }

  @Test func `of a server without ranges the whole answer is taken`() async throws {
    let gate = Gate()
    let sink = PieceSink(pieceSize: 1_000)
    let (result, requests) = try await fetch(
      sink,
      Self.storage(gate) { _, connection in
        connection.answer("200 OK", [Self.etag], body: binary)
        gate.open()
      })
    #expect(whole(result) != nil)
    // Whoever was first: the whole answer goes on, or, when its part was done, it is asked for anew.
    #expect(sink.bytes == binary && sink.isWhole && sink.starts.allSatisfy { !$0 })
    #expect(requests.count { $0.headers["Range"] == nil } <= 2)
    #expect(sink.starts.count <= 2)
  }

  @Test(arguments: ["ETag: \"v2\"", "ETag: W/\"v1\""])
  func `another file in the middle is noticed`(etag: String) async throws {
    let gate = Gate()
    let sink = PieceSink(pieceSize: 1_000)
    let (result, _) = try await fetch(
      sink,
      Self.storage(gate) { request, connection in
        Self.give(request, connection, etag: etag)
        gate.open()
      })
    // The whole file is asked for once more, over one connection.
    #expect(whole(result) != nil)
    #expect(sink.isWhole && sink.bytes == binary && sink.starts == [false, false])
  }

  @Test func `a connection that fails is made up for by the others`() async throws {
    let gate = Gate()
    let others = Locked(0)
    let sink = PieceSink(pieceSize: 1_000)
    let (result, _) = try await fetch(
      sink,
      Self.storage(gate) { request, connection in
        let number = others.withLock {
          $0 += 1
          return $0
        }
        if number <= 2 { return connection.reset() }
        Self.give(request, connection)
        gate.open()
      })
    #expect(whole(result) != nil)
    #expect(sink.bytes == binary && sink.isWhole)
  }

  @Test func `a server that has enough is left with one connection`() async throws {
    let gate = Gate()
    let sink = PieceSink(pieceSize: 1_000)
    let refused = Locked(0)
    let (result, _) = try await fetch(
      sink,
      Self.storage(gate) { _, connection in
        connection.answer("503 Service Unavailable", ["Retry-After: 1"], text: "busy")
        refused.withLock { $0 += 1 }
        gate.open()
      })
    // What it refused is asked for later; the first connection's part came.
    guard case .success(.refused(let response, isResolution: _)) = result else {
      Issue.record("\(result)")
      return
    }
    #expect(response.status == 503)
    #expect(refused.withLock { $0 } <= 8)
    #expect(!sink.isWhole && sink.received > 2_000)
  }

  @Test func `gaps of an earlier run are filled, and nothing else is asked for`() async throws {
    let has = [0..<5_000, 7_000..<7_500, 90_000..<100_000]
    let sink = PieceSink(pieceSize: 1_000, having: binary, has, validator: "\"v1\"")
    let (result, requests) = try await fetch(sink) { request, connection in
      Self.give(request, connection)
    }
    let info = try #require(whole(result))
    #expect(sink.isWhole && sink.bytes == binary && sink.starts == [true])
    #expect(info.resumedAt == 15_500 && info.received == 84_500)
    let asked = requests.map(Self.range).sorted { $0.lowerBound < $1.lowerBound }
    #expect(asked.first == 5_000..<7_000)
    #expect(asked.allSatisfy { $0.upperBound <= 90_000 })
  }

  @Test func `a sink that fails ends all connections`() async throws {
    let gate = Gate()
    let server = try ScriptedServer(
      Self.storage(gate) { request, connection in Self.give(request, connection) })
    defer {
      gate.open()
      server.stop()
    }
    let client = try client()
    let sink = BrokenSink()
    let error = await failure { () async throws(TransferError) in
      try await client.download(DownloadRequest(url: server.url()), into: sink)
    }
    #expect(error == .sinkFailed(SinkFailure(SinkTestError())))
  }

  @Test func `cancelling ends all connections`() async throws {
    let gate = Gate()
    let asked = Signal()
    let server = try ScriptedServer(
      Self.storage(gate) { _, _ in
        asked.fire()
        gate.wait()
      })
    defer {
      gate.open()
      server.stop()
    }
    let client = try client()
    let sink = PieceSink(pieceSize: 1_000)
    let task = Task {
      await failure { () async throws(TransferError) in
        try await client.download(DownloadRequest(url: server.url()), into: sink)
      }
    }
    await asked.wait(count: 2)
    task.cancel()
    #expect(await task.value == .cancelled)
  }
}

/// Takes the first bytes and fails then.
private final class BrokenSink: ObjectSink {
  private let count = Locked<Int64>(0)
  var received: Int64 { count.withLock { $0 } }
  var validator: String? { nil }
  var total: Int64? { nil }
  var missing: [Range<Int64>] { [0..<Int64.max] }
  var pieceSize: Int64 { 1_000 }
  func start(keeping: Bool, validator: String?, total: Int64?) throws {}

  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int64) throws {
    let isFull = count.withLock { count in
      count += Int64(bytes.count)
      return count > 2_500
    }
    if isFull { throw SinkTestError() }
  }
}
