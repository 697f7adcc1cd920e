package import Core

/// HTTP over libcurl: API calls into memory, downloads into an `ObjectSink`.
///
/// Redirects are followed here and not by libcurl, so that each is held against the rules and the
/// token goes to nobody else. Nothing is tried twice: that is for `withRetries`.
package final class HTTPClient: Sendable {
  private let configuration: HTTPConfiguration
  private let loop: EventLoop
  private let calls: Slots
  private let downloads: Slots
  /// Taken out by whoever ends the thread, so that it is joined once.
  private let thread: Locked<LoopThread?>

  /// - Throws: `.protocolError` when libcurl or its thread cannot be started.
  package init(_ configuration: HTTPConfiguration) throws(TransferError) {
    self.configuration = configuration
    self.calls = Slots(configuration.maxCalls)
    self.downloads = Slots(configuration.maxDownloads)
    self.loop = try EventLoop(configuration)
    self.thread = Locked(try LoopThread(loop))
  }

  deinit { shutdown() }

  /// Ends what is under way with `.closed` and waits for the client's thread. Calling it again
  /// does nothing.
  package func shutdown() {
    loop.stop()
    let last = thread.withLock { thread in
      defer { thread = nil }
      return thread
    }
    last?.join()
  }

  /// Sends a request and takes the answer, whatever its status, into memory. Redirects are
  /// followed on the same origin and to `redirectOrigins` only.
  package func send(_ request: HTTPRequest) async throws(TransferError) -> HTTPResponse {
    try await calls.acquire()
    defer { calls.release() }
    let trusted = request.redirectOrigins.union([request.url.origin])
    var rules = RedirectRules(
      first: request.url, allowsPlainHTTP: true, origins: trusted,
      limit: configuration.maxRedirects)
    var call = WireCall(
      method: request.method, url: request.url, headers: request.headers, body: request.body,
      timeout: configuration.apiTimeout, isAPI: true, refusesLocalPeers: false)
    while true {
      call.bearer = trusted.contains(call.url.origin) ? request.bearer : nil
      let body = BodyCollector(limit: request.maxBody)
      let report = try await loop.run(Exchange(call, body))
      rules.learn(peer: report.peer)
      guard let location = report.head.location else {
        return HTTPResponse(
          status: report.head.status, headers: report.head.headers, body: body.bytes,
          url: call.url)
      }
      call.url = try rules.next(from: call.url, location: location)
      call.refusesLocalPeers = !rules.beganLocally
      // 307 and 308 repeat the request; after the older ones everybody goes on with a GET.
      if report.head.status < 307 {
        call.method = .get
        call.body = nil
      }
    }
  }

  /// Fetches a file into `sink`, going on where the sink's earlier bytes end when the server can
  /// and they are still of the same file.
  /// - Parameters:
  ///   - sink: called on the client's thread; while it works, other transfers wait. `start` comes
  ///     once before the first byte, and also when nothing was left to fetch.
  ///   - progress: told how many bytes of the whole object the sink now has; on the client's
  ///     thread, for each piece of up to 16 KiB.
  ///   - resolved: told the URL that a redirect led to, often a signed one that stays good for a
  ///     while: a later attempt may begin there.
  package func download(
    _ request: DownloadRequest, into sink: any ObjectSink,
    progress: @escaping @Sendable (Int64) -> Void = { _ in },
    resolved: @escaping @Sendable (SafeURL) -> Void = { _ in }
  ) async throws(TransferError) -> DownloadOutcome {
    try await downloads.acquire()
    defer { downloads.release() }
    var rules = RedirectRules(
      first: request.url, allowsPlainHTTP: request.allowsPlainHTTP, origins: nil,
      limit: configuration.maxRedirects)
    try rules.checkFirst(request.url)
    var url = request.url
    var offset = resumeOffset(request, sink)
    while true {
      let receiver = DownloadReceiver(
        request, url: url, sink: sink, offset: offset, progress: progress)
      let call = wireCall(request, url: url, offset: offset, sink: sink, rules: rules)
      let report = try await loop.run(Exchange(call, receiver))
      rules.learn(peer: report.peer)
      switch receiver.verdict {
      case .complete(let info): return .complete(info)
      case .redirect(let location):
        url = try rules.next(from: url, location: location)
        resolved(url)
      case .startOver: offset = nil
      case .refused(let body):
        let response = HTTPResponse(
          status: report.head.status, headers: report.head.headers, body: body, url: url)
        return .refused(response, isResolution: url.origin == request.url.origin)
      }
    }
  }

  /// Where to go on; `nil` to fetch the whole file, because there is nothing yet or nothing would
  /// tell whether it is still the same file.
  private func resumeOffset(_ request: DownloadRequest, _ sink: any ObjectSink) -> Int64? {
    let received = sink.received
    guard received > 0, ETag.isStrong(sink.validator) || request.expectedLength != nil else {
      return nil
    }
    if let expected = request.expectedLength, received > expected { return nil }
    return received
  }

  private func wireCall(
    _ request: DownloadRequest, url: SafeURL, offset: Int64?, sink: any ObjectSink,
    rules: RedirectRules
  ) -> WireCall {
    var headers = HTTPHeaders()
    if let offset {
      headers.add("Range", "bytes=\(offset)-")
      if let validator = sink.validator, ETag.isStrong(validator) {
        headers.add("If-Range", validator)
      }
    }
    let mayTravel = request.bearerOrigins.contains(url.origin)
    return WireCall(
      url: url, headers: headers, bearer: mayTravel ? request.bearer : nil, timeout: nil,
      isAPI: false, refusesLocalPeers: url != request.url && !rules.beganLocally)
  }
}
