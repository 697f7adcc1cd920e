import ClockTestSupport
import Core
import Testing

@testable import Transfer

/// What the client does of its own accord when downloads fail.
@Suite struct CareTests {
  private let notices = Locked<[TransferNotice]>([])

  private func client(_ change: (inout HTTPConfiguration) -> Void = { _ in }) throws -> HTTPClient {
    var configuration = HTTPConfiguration(userAgent: "civsync/test", environment: [:])
    configuration.notice = { [notices] notice in notices.withLock { $0.append(notice) } }
    configuration.clock = SkippingClock()
    change(&configuration)
    return try HTTPClient(configuration)
  }

  private func fetch(_ client: HTTPClient, _ server: ScriptedServer) async -> TransferError? {
    await failure { () async throws(TransferError) in
      try await client.download(DownloadRequest(url: server.url()), into: MemorySink())
    }
  }

  @Test func `a host that fails is left alone, tried again, and given up`() async throws {
    let server = try ScriptedServer { _, connection in connection.reset() }
    defer { server.stop() }
    let client = try client()
    for _ in 0..<7 {
      #expect(await fetch(client, server) == .connectionLost(received: 0))
    }
    guard case .hostFails("\(server.origin)", _) = await fetch(client, server) else {
      Issue.record("asked for ever")
      return
    }
    #expect(server.requests.count == 7)
    let reason = "the connection was lost after 0 bytes"
    #expect(
      notices.withLock { $0 } == [
        .careful(reason: "3 failures in a row"),
        .hostRests("\(server.origin)", .seconds(30), reason: reason),
        .hostRests("\(server.origin)", .seconds(60), reason: reason),
        .hostGivenUp("\(server.origin)", reason: reason),
      ])
  }

  @Test func `safe mode is one download at a time, until all goes well`() async throws {
    let fails = Locked(true)
    let active = Locked((now: 0, most: 0))
    let server = try ScriptedServer { _, connection in
      if fails.withLock({ $0 }) { return connection.reset() }
      active.withLock { active in
        active.now += 1
        active.most = max(active.most, active.now)
      }
      connection.answer("200 OK", [], body: binary)
      active.withLock { $0.now -= 1 }
    }
    defer { server.stop() }
    let client = try client()
    for _ in 0..<3 { _ = await fetch(client, server) }
    #expect(client.isCareful)
    fails.withLock { $0 = false }
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<8 { group.addTask { #expect(await fetch(client, server) == nil) } }
    }
    #expect(active.withLock { $0.most } == 1)
    #expect(!client.isCareful)
    #expect(
      notices.withLock { $0 } == [.careful(reason: "3 failures in a row"), .usual])
  }

  @Test func `refusals are answers and no failures`() async throws {
    let server = try ScriptedServer { _, connection in
      connection.answer("404 Not Found", [], body: [])
    }
    defer { server.stop() }
    let client = try client()
    for _ in 0..<10 { #expect(await fetch(client, server) == nil) }
    #expect(notices.withLock { $0 }.isEmpty && !client.isCareful)
  }

  @Test(arguments: ["", "Content-Length: 1000000\r\n"])
  func `a body without an end is ended, and nothing of it is kept`(length: String) async throws {
    let server = try ScriptedServer { _, connection in
      connection.send("HTTP/1.1 200 OK\r\n\(length)\r\n")
      for _ in 0..<10 { connection.send(binary) }
      connection.finish()
    }
    defer { server.stop() }
    let client = try client()
    let sink = MemorySink()
    var request = DownloadRequest(url: server.url())
    request.longest = 300_000
    let error = await failure { [request] () async throws(TransferError) in
      try await client.download(request, into: sink)
    }
    guard case .lengthMismatch(300_000, let actual) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(actual > 300_000 && sink.bytes.isEmpty)
  }

  @Test func `a host that rests is not waited for where there is another`() async throws {
    let server = try ScriptedServer { _, connection in connection.reset() }
    defer { server.stop() }
    let client = try client()
    for _ in 0..<5 { _ = await fetch(client, server) }
    var request = DownloadRequest(url: server.url())
    request.hasOther = true
    let error = await failure { [request] () async throws(TransferError) in
      try await client.download(request, into: MemorySink())
    }
    #expect(
      error
        == .hostFails(
          host: "\(server.origin)", reason: "the connection was lost after 0 bytes"))
    #expect(server.requests.count == 5 && !client.hasGivenUp(server.url()))
  }

  @Test func `a piece that takes too long ends the connection, and what came stays`() async throws {
    let gate = Gate()
    let server = try ScriptedServer(stallingUntil: gate)
    defer {
      gate.open()
      server.stop()
    }
    let client = try client { $0.pieceTimeout = .milliseconds(100) }
    let sink = MemorySink()
    let error = await failure { () async throws(TransferError) in
      try await client.download(DownloadRequest(url: server.url()), into: sink)
    }
    #expect(error == .timedOut(.piece))
    #expect(sink.bytes.count == 1_000)
  }

  @Test func `a connection that stands still is given up early, where others were fast`()
    async throws
  {
    let gate = Gate()
    let large = [UInt8](repeating: 7, count: 4 << 20)
    let isFirst = Locked(true)
    let server = try ScriptedServer { _, connection in
      let first = isFirst.withLock { isFirst in
        defer { isFirst = false }
        return isFirst
      }
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(large.count)\r\n\r\n")
      if first { return connection.send(large) }
      connection.send(Array(large[..<1_000]))
      gate.wait()
    }
    defer {
      gate.open()
      server.stop()
    }
    let client = try client {
      $0.slowTimeout = .milliseconds(100)
      $0.maxConnectionsPerFile = 1
    }
    #expect(await fetch(client, server) == nil)
    #expect(await fetch(client, server) == .timedOut(.stall))
  }
}
