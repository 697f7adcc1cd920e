import Core
import Testing

@testable import Transfer

/// Short answers over one connection, and what is not short over one of its own.
@Suite(.enabled(if: TLSServer.openssl != nil, "there is no `openssl` to serve TLS with"))
struct HTTP2Tests {
  private let body = [UInt8](repeating: 7, count: 5_000)

  private func trusting(_ server: TLSServer) throws -> HTTPClient {
    try client(environment: ["SSL_CERT_FILE": server.path("cert.pem")]) {
      $0.connectTimeout = .seconds(60)
      $0.maxDownloads = 6
    }
  }

  private func fetchSmall(_ client: HTTPClient, _ url: SafeURL) async -> [UInt8]? {
    var request = DownloadRequest(url: url)
    request.isSmall = true
    let sink = MemorySink()
    let error = await failure { [request] () async throws(TransferError) in
      try await client.download(request, into: sink)
    }
    return error == nil ? sink.bytes : nil
  }

  @Test func `small files come beside each other over one connection`() async throws {
    let frames = try await FrameServer(body: body)
    defer { frames.server.stop() }
    let client = try trusting(frames.server)
    // The first shows that the server can do it.
    #expect(await fetchSmall(client, frames.url) == body)
    // None is answered before all are there, and the server has one connection at a time.
    frames.gather(6)
    await withTaskGroup(of: [UInt8]?.self) { group in
      for _ in 0..<6 { group.addTask { await fetchSmall(client, frames.url) } }
      for await bytes in group { #expect(bytes == body) }
    }
    #expect(frames.answers == 7)
  }

  @Test func `a server without HTTP/2 is asked one by one`() async throws {
    let server = try await TLSServer("-www")
    defer { server.stop() }
    let client = try trusting(server)
    for _ in 0..<3 {
      var request = DownloadRequest(url: server.url, rejectsDocuments: false)
      request.isSmall = true
      let sink = MemorySink()
      let outcome = try await client.download(request, into: sink)
      guard case .complete = outcome else {
        Issue.record("\(outcome)")
        return
      }
      #expect(text(sink.bytes).contains("s_server"))
    }
  }

  @Test func `only what is short shares a connection, and only over TLS`() throws {
    let site = try #require(SafeURL("https://a.example/download/1"))
    let storage = try #require(SafeURL("https://b.example/f"))
    var request = DownloadRequest(url: site)
    #expect(!request.isShort(at: site, hasBegun: false))
    request.leadsOn = true
    #expect(request.isShort(at: site, hasBegun: true))
    #expect(!request.isShort(at: storage, hasBegun: false))
    request.isSmall = true
    #expect(request.isShort(at: storage, hasBegun: false))
    #expect(!request.isShort(at: storage, hasBegun: true))
    let plain = try #require(SafeURL("http://a.example/"))
    for (url, shares) in [(site, true), (plain, false)] {
      let call = WireCall(
        url: url, headers: [:], isAPI: false, isShort: true, refusesLocalPeers: false)
      #expect(call.mayShare == shares)
    }
  }
}
