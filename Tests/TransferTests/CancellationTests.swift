import Core
import Testing

@testable import Transfer

/// Cancelling at every stage of a download: it ends once, and nothing of it stays behind.
@Suite struct CancellationTests {
  enum Stage: CaseIterable, Sendable {
    case resolving, redirected, begun, inBody
  }

  /// Where a download is stopped in its way until the gate opens.
  private static func site(_ stage: Stage, _ arrived: Signal, _ gate: Gate) throws -> ScriptedServer
  {
    try ScriptedServer { request, connection in
      func hold(at place: Stage) {
        guard place == stage else { return }
        arrived.fire()
        gate.wait()
      }
      if request.target == "/file" {
        hold(at: .resolving)
        return connection.answer("307 Temporary Redirect", ["Location: /signed"])
      }
      hold(at: .redirected)
      connection.send("HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nContent-Length: \(binary.count)\r\n\r\n")
      hold(at: .begun)
      connection.send(Array(binary[..<10_000]))
      hold(at: .inBody)
      connection.send(Array(binary[10_000...]))
    }
  }

  /// Nothing is left: no connection counts as used, no descriptor is open, and all places are free.
  private func expectClean(_ client: HTTPClient, _ servers: ScriptedServer...) async throws {
    #expect(client.control.width.withLock { $0.used } == 0)
    #expect(client.control.slots.free == HTTPConfiguration.usualDownloads)
    client.shutdown()
    for server in servers { await server.drained() }
  }

  private func start(
    _ client: HTTPClient, _ url: SafeURL, into sink: any ObjectSink = MemorySink(),
    progress: @escaping @Sendable (Int64) -> Void = { _ in }
  ) -> Task<TransferError?, Never> {
    Task {
      await failure { () async throws(TransferError) in
        try await client.download(DownloadRequest(url: url), into: sink, progress: progress)
      }
    }
  }

  @Test(arguments: Stage.allCases) func `in the way of one download`(stage: Stage) async throws {
    let (arrived, gate) = (Signal(), Gate())
    let server = try Self.site(stage, arrived, gate)
    defer { server.stop() }
    let client = try client()
    let task = start(client, server.url())
    await arrived.wait()
    task.cancel()
    task.cancel()
    #expect(await task.value == .cancelled)
    gate.open()
    try await expectClean(client, server)
  }

  @Test func `before it begins, and while it waits for its turn`() async throws {
    let (arrived, gate) = (Signal(), Gate())
    let server = try Self.site(.resolving, arrived, gate)
    defer { server.stop() }
    let client = try client()
    let first = (0..<HTTPConfiguration.usualDownloads).map { _ in start(client, server.url()) }
    await arrived.wait(count: HTTPConfiguration.usualDownloads)
    let waiting = (0..<20).map { _ in start(client, server.url()) }
    for task in waiting { task.cancel() }
    for task in waiting { #expect(await task.value == .cancelled) }
    #expect(server.requests.count == HTTPConfiguration.usualDownloads)
    gate.open()
    for task in first { #expect(await task.value == nil) }
    try await expectClean(client, server)
  }

  @Test func `while a host rests`() async throws {
    let server = try ScriptedServer { _, connection in connection.reset() }
    defer { server.stop() }
    let rests = Signal()
    let client = try client { configuration in
      configuration.notice = { if case .hostRests = $0 { rests.fire() } }
    }
    for _ in 0..<5 { _ = await start(client, server.url()).value }
    await rests.wait()
    let task = start(client, server.url())
    await Task.yield()
    task.cancel()
    #expect(await task.value == .cancelled)
    #expect(server.requests.count == 5)
    client.shutdown()
    await server.drained()
  }

  @Test func `during the wait for another try`() async throws {
    let waits = Signal()
    let task = Task {
      await failure { () async throws(TransferError) in
        try await withRetries(
          .standard, clock: ContinuousClock(), random: { 0.5 }, classify: RetryDecision.standard,
          onRetry: { _ in waits.fire() },
          operation: { _ throws(TransferError) -> HTTPResponse in
            throw .connectionLost(received: 0)
          })
      }
    }
    await waits.wait()
    task.cancel()
    task.cancel()
    #expect(await task.value == .cancelled)
  }

  @Test func `with the last byte, from the thread that brings it`() async throws {
    let server = try ScriptedServer { _, connection in
      connection.answer("200 OK", ["ETag: \"v1\""], body: binary)
    }
    defer { server.stop() }
    let client = try client()
    for _ in 0..<50 {
      let running = Locked<Task<TransferError?, Never>?>(nil)
      let sink = MemorySink()
      let task = start(client, server.url(), into: sink) { count in
        if count == binary.count { running.withLock { $0?.cancel() } }
      }
      running.withLock { $0 = task }
      let error = await task.value
      #expect(error == nil || error == .cancelled)
      #expect(sink.bytes == binary)
    }
    try await expectClean(client, server)
  }

  @Test func `while a second connection is under way for a stretch`() async throws {
    let (arrived, gate) = (Signal(), Gate())
    let server = try ScriptedServer { request, connection in
      if request.headers["Range"] != nil {
        arrived.fire()
        return gate.wait()
      }
      connection.send(
        "HTTP/1.1 200 OK\r\nContent-Length: 2000\r\nAccept-Ranges: bytes\r\nETag: \"v1\"\r\n\r\n")
      connection.send(Array(binary[..<1_000]))
      gate.wait()
    }
    defer { server.stop() }
    let client = try client { $0.quietTimeout = .milliseconds(1) }
    let tasks = (0..<4).map { _ in
      start(client, server.url(), into: PieceSink(pieceSize: 1_000))
    }
    await arrived.wait(count: 4)
    for task in tasks { task.cancel() }
    for task in tasks { #expect(await task.value == .cancelled) }
    gate.open()
    try await expectClean(client, server)
  }

  @Test func `at hundreds of moments of downloads over several connections`() async throws {
    let server = try ScriptedServer(Self.parts)
    defer { server.stop() }
    let client = try client()
    var random = SystemRandomNumberGenerator()
    var ended: [TransferError?] = []
    for _ in 0..<30 {
      let tasks = (0..<10).map { _ in
        let at = Int64.random(in: 0...Int64(Self.file.count), using: &random)
        let (running, isDue) = (Locked<Task<TransferError?, Never>?>(nil), Locked(at == 0))
        let task = start(client, server.url(), into: PieceSink(pieceSize: 1_000)) { count in
          guard count >= at else { return }
          isDue.withLock { $0 = true }
          running.withLock { $0?.cancel() }
        }
        running.withLock { $0 = task }
        if isDue.withLock({ $0 }) { task.cancel() }
        return task
      }
      for _ in 0..<Int.random(in: 0..<50, using: &random) { await Task.yield() }
      if Bool.random(using: &random) { tasks.randomElement(using: &random)?.cancel() }
      for task in tasks { ended.append(await task.value) }
    }
    #expect(ended.count == 300 && ended.allSatisfy { $0 == nil || $0 == .cancelled })
    #expect(ended.contains(.cancelled))
    try await expectClean(client, server)
  }

  private static let file = Array(binary[..<20_000])

  /// Leads to storage, which gives the file whole and in parts, a little at a time.
  private static let parts: ScriptedServer.Script = { request, connection in
    if request.target == "/file" {
      return connection.answer("307 Temporary Redirect", ["Location: /signed"])
    }
    let etag = "ETag: \"v1\""
    guard let text = request.headers["Range"] else {
      connection.send(
        "HTTP/1.1 200 OK\r\nAccept-Ranges: bytes\r\n\(etag)\r\nContent-Length: \(file.count)\r\n\r\n"
      )
      for start in stride(from: 0, to: file.count, by: 1_000) {
        connection.send(Array(file[start..<start + 1_000]))
      }
      return
    }
    let ends = text.dropFirst("bytes=".count).split(separator: "-").compactMap { Int($0) }
    let range = ends[0]..<(ends.count > 1 ? ends[1] + 1 : file.count)
    connection.answer(
      "206 Partial Content",
      [etag, "Content-Range: bytes \(range.lowerBound)-\(range.upperBound - 1)/\(file.count)"],
      body: Array(file[range]))
  }
}
