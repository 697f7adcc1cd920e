import Core
import Testing

@testable import Transfer

@Suite struct ResumeTests {
  private let half = Array(binary[..<50_000])
  private let total: Int64 = 100_000

  /// Serves `binary` as storage does: ranges, `If-Range`, 416.
  private static func storage(
    validator: String? = "\"v1\"", contentRange: String? = nil
  ) -> ScriptedServer.Script {
    { request, connection in
      let etag = validator.map { ["ETag: \($0)"] } ?? []
      let range = request.headers["Range"]?.dropFirst("bytes=".count).dropLast()
      let isSame = request.headers["If-Range"].map { $0 == validator } ?? true
      guard let range, let start = Int(range), isSame else {
        return connection.answer("200 OK", etag, body: binary)
      }
      guard start < binary.count else {
        let line = "Content-Range: " + (contentRange ?? "bytes */\(binary.count)")
        return connection.answer("416 Range Not Satisfiable", [line], text: "<Error/>")
      }
      let text = contentRange ?? "bytes \(start)-\(binary.count - 1)/\(binary.count)"
      connection.answer(
        "206 Partial Content", etag + ["Content-Range: \(text)"], body: Array(binary[start...]))
    }
  }

  private func resume(
    _ script: @escaping ScriptedServer.Script, from sink: any ObjectSink
  ) async throws -> (info: DownloadInfo?, requests: [ReceivedRequest]) {
    let server = try ScriptedServer(script)
    defer { server.stop() }
    let outcome = try await client().download(
      DownloadRequest(url: server.url()), into: sink)
    guard case .complete(let info) = outcome else {
      Issue.record("\(outcome)")
      return (nil, server.requests)
    }
    return (info, server.requests)
  }

  @Test func `a download goes on where it was, under the same validator`() async throws {
    let sink = MemorySink(half, validator: "\"v1\"")
    let (info, requests) = try await resume(Self.storage(), from: sink)
    #expect(sink.bytes == binary)
    #expect(sink.starts == [.init(offset: 50_000, validator: "\"v1\"", total: total)])
    #expect(info?.received == 50_000)
    #expect(info?.resumedAt == 50_000)
    #expect(info?.total == total)
    #expect(requests.map { $0.headers["Range"] } == ["bytes=50000-"])
    #expect(requests.first?.headers["If-Range"] == "\"v1\"")
  }

  @Test func `a changed file starts over through If-Range`() async throws {
    let sink = MemorySink([9, 9, 9], validator: "\"v0\"")
    let (_, requests) = try await resume(Self.storage(), from: sink)
    #expect(sink.bytes == binary)
    #expect(sink.starts == [.init(offset: 0, validator: "\"v1\"", total: total)])
    #expect(requests.count == 1)
  }

  @Test func `a changed file starts over where the server ignores If-Range`() async throws {
    let sink = MemorySink([9, 9, 9], validator: "\"v0\"")
    let (_, requests) = try await resume(
      { request, connection in
        var request = request
        request.headers["If-Range"] = nil
        Self.storage()(request, connection)
      }, from: sink)
    #expect(sink.bytes == binary)
    #expect(sink.starts.map(\.offset) == [0])
    #expect(requests.map { $0.headers["Range"] } == ["bytes=3-", nil])
    #expect(requests.last?.headers["If-Range"] == nil)
  }

  @Test(arguments: [
    "bytes 49999-99999/100000", "bytes 50000-100000/100000", "items 50000-99999/100000", "nonsense",
    "",
  ])
  func `a range that does not fit starts over`(contentRange: String) async throws {
    let sink = MemorySink(half, validator: "\"v1\"")
    let (_, requests) = try await resume(Self.storage(contentRange: contentRange), from: sink)
    #expect(sink.bytes == binary)
    #expect(requests.map { $0.headers["Range"] } == ["bytes=50000-", nil])
  }

  @Test func `a file that has another length than it had starts over`() async throws {
    let sink = PieceSink(
      pieceSize: 1_000, having: binary, [0..<50_000], validator: "\"v1\"")
    let (_, requests) = try await resume(
      { request, connection in
        guard request.headers["Range"] != nil else {
          return connection.answer("200 OK", ["ETag: \"v1\""], body: binary)
        }
        connection.answer(
          "206 Partial Content", ["ETag: \"v1\"", "Content-Range: bytes 50000-99999/100001"],
          body: Array(binary[50_000...]))
      }, from: sink)
    #expect(sink.isWhole && sink.bytes == binary && sink.starts == [false])
    #expect(requests.map { $0.headers["Range"] } == ["bytes=50000-99999", nil])
  }

  @Test func `a range that nobody asked for is refused`() async throws {
    let server = try ScriptedServer { _, connection in
      connection.answer("206 Partial Content", ["Content-Range: bytes 5-9/10"], text: "56789")
    }
    defer { server.stop() }
    let client = try client()
    let sink = MemorySink()
    let error = await failure { () async throws(TransferError) in
      try await client.download(DownloadRequest(url: server.url()), into: sink)
    }
    #expect(error == .badContentRange("bytes 5-9/10"))
    #expect(sink.starts.isEmpty)
  }

  @Test(arguments: [nil, "W/\"v1\""] as [String?])
  func `without a strong validator nothing speaks for the old bytes`(
    validator: String?
  ) async throws {
    let sink = MemorySink(half, validator: validator)
    let (_, requests) = try await resume(Self.storage(validator: validator), from: sink)
    #expect(sink.bytes == binary && sink.starts.map(\.offset) == [0])
    #expect(requests.map { $0.headers["Range"] } == [nil])
    #expect(requests.first?.headers["If-Range"] == nil)
  }

  @Test func `a total that is not told leaves the validator to speak`() async throws {
    let sink = MemorySink(half, validator: "\"v1\"")
    let (_, requests) = try await resume(
      Self.storage(contentRange: "bytes 50000-99999/*"), from: sink)
    #expect(sink.bytes == binary && sink.starts.map(\.offset) == [50_000])
    #expect(requests.count == 1)
  }

  @Test func `nothing left is not believed of a server that does not say how long the file is`()
    async throws
  {
    let sink = MemorySink(binary, validator: "\"v1\"")
    let (_, requests) = try await resume(Self.storage(contentRange: "bytes */*"), from: sink)
    #expect(sink.bytes == binary && sink.starts.map(\.offset) == [0])
    #expect(requests.map { $0.headers["Range"] } == ["bytes=100000-", nil])
  }

  @Test func `nothing left to fetch is complete`() async throws {
    let sink = MemorySink(binary, validator: "\"v1\"")
    let (info, requests) = try await resume(Self.storage(), from: sink)
    #expect(info?.received == 0)
    #expect(info?.total == total)
    #expect(sink.bytes == binary)
    #expect(sink.starts == [.init(offset: total, validator: "\"v1\"", total: total)])
    #expect(requests.count == 1)
  }

  @Test func `more than the file has starts over`() async throws {
    let sink = MemorySink(binary + [1], validator: "\"v1\"")
    let (_, requests) = try await resume(Self.storage(), from: sink)
    #expect(sink.bytes == binary)
    #expect(requests.map { $0.headers["Range"] } == ["bytes=100001-", nil])
  }

  @Test func `a sink that cannot go on with nothing left fails`() async throws {
    let server = try ScriptedServer(Self.storage())
    defer { server.stop() }
    let client = try client()
    let sink = FullSink()
    let error = await failure { () async throws(TransferError) in
      try await client.download(DownloadRequest(url: server.url()), into: sink)
    }
    #expect(error == .sinkFailed(SinkFailure(SinkTestError())))
  }

  @Test func `part of a range is taken, and the rest asked for next time`() async throws {
    let server = try ScriptedServer { _, connection in
      connection.answer(
        "206 Partial Content", ["ETag: \"v1\"", "Content-Range: bytes 50000-59999/100000"],
        body: Array(binary[50_000..<60_000]))
    }
    defer { server.stop() }
    let sink = MemorySink(half, validator: "\"v1\"")
    let client = try client()
    let error = await failure { () async throws(TransferError) in
      try await client.download(DownloadRequest(url: server.url()), into: sink)
    }
    #expect(error == .connectionLost(received: 10_000))
    #expect(sink.bytes == Array(binary[..<60_000]))
  }

  @Test func `markup in the middle of a file is content`() async throws {
    let bytes = Array("abc<!doctype html>".utf8)
    let sink = MemorySink(Array("abc".utf8), validator: "\"v1\"")
    let (_, _) = try await resume(
      { _, connection in
        connection.answer(
          "206 Partial Content", ["Content-Range: bytes 3-17/18"], body: Array(bytes[3...]))
      }, from: sink)
    #expect(sink.bytes == bytes)
    #expect(sink.validator == "\"v1\"")
  }
}

/// A sink that has the whole file already and cannot be opened.
private final class FullSink: ObjectSink {
  var received: Int64 { 100_000 }
  var validator: String? { "\"v1\"" }
  var total: Int64? { nil }
  var missing: [Range<Int64>] { [received..<Int64.max] }
  var pieceSize: Int64 { .max }
  func start(keeping: Bool, validator: String?, total: Int64?) throws { throw SinkTestError() }
  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int64) throws { throw SinkTestError() }
}
