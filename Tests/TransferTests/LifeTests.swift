import Core
import Testing

@testable import Transfer

/// Cancellation, shutdown, and many things at once.
@Suite struct LifeTests {
  @Test func `a download in flight is cancelled, and what came stays`() async throws {
    let came = Signal()
    let gate = Gate()
    let server = try ScriptedServer { _, connection in
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
      connection.send(Array(binary[..<10_000]))
      gate.wait()
    }
    defer {
      gate.open()
      server.stop()
    }
    let sink = MemorySink()
    let client = try client()
    let task = Task {
      await failure { () async throws(TransferError) in
        try await client.download(DownloadRequest(url: server.url()), into: sink) { count in
          if count == 10_000 { came.fire() }
        }
      }
    }
    await came.wait()
    task.cancel()
    #expect(await task.value == .cancelled)
    #expect(sink.bytes.count == 10_000)
  }

  @Test func `a call that was cancelled before it began is not sent`() async throws {
    let server = try ScriptedServer { _, connection in connection.answer("200 OK") }
    defer { server.stop() }
    let client = try client()
    let task = Task {
      unsafe withUnsafeCurrentTask { task in unsafe task?.cancel() }
      return await failure { () async throws(TransferError) in
        try await client.send(HTTPRequest(url: server.url()))
      }
    }
    #expect(await task.value == .cancelled)
    #expect(server.requests.isEmpty)
    #expect(try await client.send(HTTPRequest(url: server.url())).status == 200)
  }

  @Test func `an exchange that was cancelled before it is submitted ends at once`() async throws {
    let loop = try EventLoop(HTTPConfiguration(userAgent: "test"))
    let thread = try LoopThread(loop)
    defer {
      loop.stop()
      thread.join()
    }
    let url = try #require(SafeURL("http://127.0.0.1:9/"))
    let call = WireCall(url: url, headers: [:], isAPI: true, refusesLocalPeers: false)
    let task = Task {
      unsafe withUnsafeCurrentTask { task in unsafe task?.cancel() }
      return await failure { () async throws(TransferError) in
        try await loop.run(Exchange(call, BodyCollector(limit: ByteCount(1))))
      }
    }
    #expect(await task.value == .cancelled)
  }

  @Test func `one that waits for its turn can be cancelled, and others still get theirs`()
    async throws
  {
    let gate = Gate()
    let arrived = Signal()
    let server = try ScriptedServer { _, connection in
      arrived.fire()
      gate.wait()
      connection.answer("200 OK", text: "ok")
    }
    defer { server.stop() }
    let client = try client { $0.maxCalls = 1 }
    let url = server.url()
    let first = Task { try await client.send(HTTPRequest(url: url)).status }
    await arrived.wait()
    let second = Task {
      await failure { () async throws(TransferError) in
        try await client.send(HTTPRequest(url: url))
      }
    }
    let third = Task { try await client.send(HTTPRequest(url: url)).status }
    second.cancel()
    #expect(await second.value == .cancelled)
    gate.open()
    #expect(try await first.value == 200)
    #expect(try await third.value == 200)
    #expect(server.requests.count == 2)
  }

  @Test func `turns are taken in order and come back after a cancellation`() async throws {
    let slots = Slots(1)
    try await slots.acquire()
    let waiting = Task {
      await failure { () async throws(TransferError) in try await slots.acquire() }
    }
    waiting.cancel()
    #expect(await waiting.value == .cancelled)
    slots.release()
    try await slots.acquire()
    slots.release()
  }

  @Test func `fewer turns hold for those who come, and more let waiting ones in`() async throws {
    let slots = Slots(2)
    try await slots.acquire()
    try await slots.acquire()
    slots.resize(to: 1)
    slots.release()
    let waiting = Task {
      await failure { () async throws(TransferError) in try await slots.acquire() }
    }
    // One is still taken: only a second one lets it in.
    slots.resize(to: 2)
    #expect(await waiting.value == nil)
    slots.release()
    slots.release()
    try await slots.acquire()
    slots.release()
  }

  @Test func `shutdown ends what is under way, refuses what comes, and may be repeated`()
    async throws
  {
    let gate = Gate()
    let arrived = Signal()
    let server = try ScriptedServer { _, _ in
      arrived.fire()
      gate.wait()
    }
    defer {
      gate.open()
      server.stop()
    }
    let client = try client { $0.maxDownloads = 2 }
    let url = server.url()
    let tasks = (0..<4).map { _ in
      Task {
        await failure { () async throws(TransferError) in
          try await client.download(DownloadRequest(url: url), into: MemorySink())
        }
      }
    }
    await arrived.wait(count: 2)
    client.shutdown()
    client.shutdown()
    for task in tasks { #expect(await task.value == .closed) }
    let late = await failure { () async throws(TransferError) in
      try await client.send(HTTPRequest(url: url))
    }
    #expect(late == .closed)
    #expect(server.requests.count == 2)
  }

  @Test func `many downloads at once all arrive, no more of them than allowed at a time`()
    async throws
  {
    let busy = Locked((now: 0, most: 0))
    let server = try ScriptedServer { request, connection in
      busy.withLock {
        $0.now += 1
        $0.most = max($0.most, $0.now)
      }
      let seed = UInt8(request.target.dropFirst()) ?? 0
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n")
      connection.send([UInt8](repeating: seed, count: 299_999))
      busy.withLock { $0.now -= 1 }
      connection.send([seed])
    }
    defer { server.stop() }
    let client = try client { $0.maxDownloads = 5 }
    let good = await withTaskGroup(of: Bool.self) { group in
      for index in 0..<60 {
        group.addTask {
          let sink = MemorySink()
          let request = DownloadRequest(url: server.url("/\(index)"))
          let error = await failure { () async throws(TransferError) in
            try await client.download(request, into: sink)
          }
          return error == nil && sink.bytes == [UInt8](repeating: UInt8(index), count: 300_000)
        }
      }
      return await group.reduce(into: 0) { count, isGood in count += isGood ? 1 : 0 }
    }
    #expect(good == 60)
    #expect(busy.withLock { $0.most } <= 5)
  }

  @Test func `downloads that fill every place leave API calls alone`() async throws {
    let gate = Gate()
    let arrived = Signal()
    let server = try ScriptedServer { request, connection in
      guard request.target == "/file" else { return connection.answer("200 OK", text: "api") }
      arrived.fire()
      gate.wait()
      connection.answer("200 OK", body: binary)
    }
    defer { server.stop() }
    let client = try client {
      $0.maxDownloads = 3
      $0.maxConnectionsPerHost = 1
    }
    let url = server.url()
    let downloads = (0..<5).map { _ in
      Task { try await client.download(DownloadRequest(url: url), into: MemorySink()) }
    }
    await arrived.wait(count: 3)
    #expect(text(try await client.send(HTTPRequest(url: server.url("/api"))).body) == "api")
    gate.open()
    for task in downloads { _ = try await task.value }
  }

  @Test func `cancelling at any moment ends each download exactly once`() async throws {
    let server = try ScriptedServer { _, connection in connection.answer("200 OK", body: binary) }
    defer { server.stop() }
    let client = try client { $0.maxDownloads = 8 }
    let url = server.url()
    for round in 0..<40 {
      let tasks = (0..<4).map { _ in
        Task {
          await failure { () async throws(TransferError) in
            try await client.download(DownloadRequest(url: url), into: MemorySink())
          }
        }
      }
      for _ in 0..<round { await Task.yield() }
      for task in tasks { task.cancel() }
      for task in tasks {
        let error = await task.value
        #expect(error == nil || error == .cancelled)
      }
    }
    #expect(try await client.send(HTTPRequest(url: url)).status == 200)
  }
}
