import Core
import Testing

@testable import Transfer

struct `The rate of downloads` {
  @Test func `can be taken away and given back, and what waits has not stalled`() async throws {
    let rest = Gate()
    let server = try ScriptedServer { request, connection in
      guard request.target == "/file" else { return connection.answer("200 OK", text: "call") }
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(binary.count)\r\n\r\n")
      connection.send(Array(binary[..<50_000]))
      rest.wait()
      connection.send(Array(binary[50_000...]))
    }
    defer {
      rest.open()
      server.stop()
    }
    let client = try client { $0.stallTimeout = .seconds(1) }
    let sink = MemorySink()
    let came = Signal()
    let download = Task {
      try await client.download(
        DownloadRequest(url: server.url()), into: sink,
        progress: { if $0 == 50_000 { came.fire() } })
    }
    await came.wait()
    client.limit(downloadRate: 0)
    // A call is not held back, and after it the client knows its new rate.
    #expect(
      text(try await client.send(HTTPRequest(url: server.url("/call"))).body) == "call")
    rest.open()
    // Longer than a transfer may stand still.
    try await Task.sleep(for: .seconds(3))
    #expect(sink.bytes.count == 50_000)
    client.limit(downloadRate: nil)
    guard case .complete = try await download.value else {
      Issue.record("the download did not end")
      return
    }
    #expect(sink.bytes == binary)
  }

  @Test func `lets nothing pass while it is zero, and everything while there is none`() {
    let now = ContinuousClock.now
    let limiter = RateLimiter(rate: 0, now: now)
    #expect(!limiter.mayTake(at: now + .seconds(60)))
    limiter.change(to: nil, now: now)
    limiter.took(1 << 30)
    #expect(limiter.mayTake(at: now) && limiter.wait == 0)
    limiter.change(to: 1_000, now: now)
    #expect(!limiter.mayTake(at: now) && limiter.mayTake(at: now + .seconds(1)))
    limiter.took(500)
    #expect(!limiter.mayTake(at: now + .seconds(1)) && limiter.wait > 0)
  }
}
