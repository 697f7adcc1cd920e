import Core
import Testing

@testable import Transfer

/// The parts that need no server.
@Suite struct PartsTests {
  @Test func `content ranges are read strictly`() {
    #expect(ContentRange("bytes 5-9/10")?.bounds == 5...9)
    #expect(ContentRange("Bytes 5-9/*")?.total == nil)
    #expect(ContentRange("bytes */10")?.total == 10)
    for bad in [
      "bytes */*", "bytes 9-5/10", "bytes 5-10/10", "bytes -5-9/10", "bytes +5-9/10", "5-9/10",
      "bytes 5/10", "bytes 5-9", "bytes 5-9/x", "lines 5-9/10", "",
    ] {
      #expect(ContentRange(bad) == nil, "\(bad)")
    }
  }

  @Test func `headers compare without case and can be replaced`() {
    var headers: HTTPHeaders = ["Content-Type": "Text/HTML; charset=x", "a": "1"]
    #expect(headers.mediaType == "text/html")
    headers["A"] = "2"
    #expect(headers["a"] == "2")
    headers["a"] = nil
    #expect(headers["a"] == nil)
    #expect(HTTPHeaders().mediaType == nil)
    #expect((["Content-Length": "-1"] as HTTPHeaders).contentLength == nil)
    headers = HTTPHeaders()
    headers.fold("nothing to fold onto")
    #expect(headers.fields.isEmpty)
  }

  @Test func `a head needs a status`() {
    func isFailure(_ line: String) -> Bool {
      var assembler = HeadAssembler()
      if case .failed = assembler.feed(line, byteCount: line.utf8.count) { return true }
      return false
    }
    #expect(isFailure("HTTP/1.1 abc\r\n"))
    #expect(isFailure("\r\n"))
    #expect(isFailure(String(repeating: "a", count: HeadAssembler.limit + 1)))
    #expect(!isFailure("HTTP/2 200\r\n"))
  }

  @Test func `private addresses are known in every spelling`() throws {
    let local = [
      "127.0.0.1", "127.1", "0x7f000001", "2130706433", "0.0.0.0", "10.0.0.1", "100.64.0.1",
      "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.168.0.1", "224.0.0.1",
      "255.255.255.255", "::", "[::1]", "fe80::1%eth0", "fc00::1", "fd12::1", "::ffff:10.0.0.1",
      "64:ff9b::7f00:1",
    ]
    for address in local { #expect(AddressScope.isLocal(address: address), "\(address)") }
    let open = [
      "8.8.8.8", "172.32.0.1", "172.15.0.1", "192.169.0.1", "100.128.0.1", "198.18.0.1",
      "2606:4700::1", "::ffff:8.8.8.8", "64:ff9b::808:808", "::2", "civitai.com", "10.example", "",
    ]
    for address in open { #expect(!AddressScope.isLocal(address: address), "\(address)") }
    #expect(AddressScope.isLocal(try #require(SafeURL("http://a.localhost/"))))
  }

  @Test func `libcurl's endings are told in our words`() {
    func error(
      _ code: UInt32, _ message: String = "m", connected: Bool = true, late: Bool = false
    ) -> TransferError? {
      CurlEnding(code: code, message: message, wasConnected: connected, usedUpItsTime: late)
        .error(host: "h", received: 7)
    }
    #expect(error(0) == nil)
    #expect(error(5) == .proxy("m"))
    #expect(error(6) == .couldNotResolveHost("h"))
    #expect(error(7) == .couldNotConnect(host: "h", message: "m"))
    #expect(error(28, connected: false) == .timedOut(.connect))
    #expect(error(28) == .timedOut(.stall))
    #expect(error(28, late: true) == .timedOut(.total))
    #expect(error(35) == .couldNotConnect(host: "h", message: "m"))
    #expect(error(60) == .tls("m"))
    #expect(error(56) == .connectionLost(received: 7))
    #expect(
      error(56, "CONNECT tunnel failed, response 403")
        == .proxy("CONNECT tunnel failed, response 403"))
    #expect(error(92) == .connectionLost(received: 7))
    #expect(error(8) == .protocolError("m"))
  }

  @Test func `an exchange without a head is no answer`() throws {
    let url = try #require(SafeURL("http://127.0.0.1/"))
    let call = WireCall(url: url, headers: [:], isAPI: true, refusesLocalPeers: false)
    let exchange = Exchange(call, BodyCollector(limit: ByteCount(1)))
    let ending = CurlEnding(code: 0, message: "", wasConnected: true, usedUpItsTime: false)
    guard case .failure(.protocolError("the answer has no header")) = exchange.outcome(ending)
    else {
      Issue.record("no failure")
      return
    }
  }

  @Test func `excerpts are printable and short`() {
    let bytes = Array("<html>\n\u{1b}[31m\t x\u{9b}y".utf8) + [UInt8](repeating: 0x7a, count: 500)
    let excerpt = DocumentSniffer.excerpt(bytes)
    #expect(excerpt.hasPrefix("<html> [31m x y"))
    #expect(excerpt.count == 120)
  }

  @Test(arguments: [
    (TransferError.cancelled, "cancelled", false),
    (.closed, "the network client was shut down", false),
    (
      .couldNotResolveHost("a.example"),
      "no address found for `a.example`; check the name and the network", true
    ),
    (
      .couldNotConnect(host: "a.example", message: "refused"),
      "could not connect to `a.example`: refused", true
    ),
    (.timedOut(.connect), "the server did not take the connection in time", true),
    (.timedOut(.stall), "the transfer stalled: next to nothing came for too long", true),
    (.timedOut(.total), "the call took longer than an API call may", true),
    (.connectionLost(received: 3), "the connection was lost after 3 bytes", true),
    (.changedMeanwhile, "the file was changed on the server while it was fetched", true),
    (
      .tls("expired"),
      "no secure connection: expired; behind an inspecting proxy, name its certificates in "
        + "`SSL_CERT_FILE`", false
    ),
    (.proxy("no"), "the proxy failed: no; check `https_proxy` and `no_proxy`", true),
    (.tooManyRedirects(limit: 8), "more than 8 redirects", false),
    (
      .redirectRefused(url: "http://a/", .plainHTTP),
      "refused to go to `http://a/`: plain `http` is not allowed here", false
    ),
    (
      .redirectRefused(url: "http://a/", .downgrade),
      "refused to go to `http://a/`: it leads from `https` to `http`", false
    ),
    (
      .redirectRefused(url: "http://a/", .privateAddress),
      "refused to go to `http://a/`: it leads from a public host into a private network", false
    ),
    (
      .redirectRefused(url: "http://a/", .otherOrigin),
      "refused to go to `http://a/`: it leads to another host than the one that was asked", false
    ),
    (
      .redirectRefused(url: "file:…", .unreadable),
      "refused to go to `file:…`: it is no `http` or `https` URL", false
    ),
    (.bodyTooLarge(limit: ByteCount(64_000_000)), "the answer is longer than 64 MB", false),
    (
      .notAModel(contentType: "text/html", excerpt: "<html>"),
      "a web page or message came instead of a model (`text/html`): <html>", false
    ),
    (
      .notAModel(contentType: nil, excerpt: ""),
      "a web page or message came instead of a model (no type)", false
    ),
    (.lengthMismatch(expected: 5, actual: 4), "4 bytes came where 5 were expected", false),
    (.badContentRange("x"), "the server answered a range with `x`", false),
    (.protocolError("odd"), "the exchange with the server failed: odd", false),
  ])
  func `errors say what happened, and whether it may pass`(
    error: TransferError, text: String, isPassing: Bool
  ) {
    #expect(error.description == text)
    #expect(error.isPassing == isPassing)
  }
}
