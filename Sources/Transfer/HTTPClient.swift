package import Core

/// HTTP over libcurl: API calls into memory, downloads into an `ObjectSink`.
///
/// Redirects are followed here and not by libcurl, so that each is held against the rules and the
/// token goes to nobody else. Nothing is tried twice: that is for `withRetries`.
package final class HTTPClient: Sendable {
  private let configuration: HTTPConfiguration
  private let loop: EventLoop
  private let calls: Slots
  let control: DownloadControl
  /// Taken out by whoever ends the thread, so that it is joined once.
  private let thread: Locked<LoopThread?>

  /// - Throws: `.protocolError` when libcurl or its thread cannot be started.
  package init(_ configuration: HTTPConfiguration) throws(TransferError) {
    self.configuration = configuration
    self.calls = Slots(configuration.maxCalls)
    self.control = DownloadControl(configuration)
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

  /// Lets all downloads together have so many bytes in a second from now on; `nil`: all that comes, 0:
  /// none, and those under way wait without being given up.
  package func limit(downloadRate: Int64?) { loop.limit(downloadRate) }

  /// Holds downloads to one file and one connection as long as there is a reason. What is under way goes
  /// on; its further connections end with the parts that they fetch.
  package func narrow(_ isNarrow: Bool, for reason: NarrowReason) {
    control.narrow(isNarrow, for: reason)
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
      timeout: configuration.apiTimeout, isAPI: true, isShort: true, refusesLocalPeers: false)
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

  /// Whether so much failed that downloads go one connection at a time.
  package var isCareful: Bool { control.isCareful }

  /// Whether the URL's host failed so often that it is not asked any more.
  package func hasGivenUp(_ url: SafeURL) -> Bool { control.hosts.hasGivenUp(url.origin) }

  /// Fetches a file into `sink`, going on where the sink's earlier bytes end when the server can
  /// and they are still of the same file.
  /// - Parameters:
  ///   - sink: called on the client's thread; while it works, other transfers wait. `start` comes
  ///     once before the first byte, and also when nothing was left to fetch.
  ///   - progress: told how many bytes of the whole object the sink now has; on the client's
  ///     thread, for each piece of up to 16 KiB.
  ///   - resolved: told where a redirect led to, often a signed URL that stays good for a while: a
  ///     later attempt may begin there.
  ///   - begins: told when the download's turn has come.
  package func download(
    _ request: DownloadRequest, into sink: any ObjectSink,
    progress: @escaping @Sendable (Int64) -> Void = { _ in },
    resolved: @escaping @Sendable (ResolvedAddress) -> Void = { _ in },
    begins: @Sendable () -> Void = {}
  ) async throws(TransferError) -> DownloadOutcome {
    // Whoever waits for a host that rests holds up nobody.
    try await control.hosts.look(request.resolved ?? request.url, waits: !request.hasOther)
    try await control.slots.acquire()
    defer { control.slots.release() }
    begins()
    var rules = RedirectRules(
      first: request.url, allowsPlainHTTP: configuration.allowsPlainHTTP, origins: nil,
      limit: configuration.maxRedirects)
    try rules.checkFirst(request.url)
    if request.beganLocally { rules.beginLocally() }
    guard !sink.missing.isEmpty else {
      return .complete(
        DownloadInfo(
          received: 0, resumedAt: sink.received, total: sink.received, validator: sink.validator,
          url: request.url))
    }
    let shared = SharedDownload(
      request, sink, rules, control.width, mayShare: configuration.maxConnectionsPerFile > 1,
      end: { [loop] in loop.cancel($0) }, progress: progress)
    return try await Downloading(
      loop: loop, shared: shared, control: control,
      most: configuration.maxConnectionsPerFile,
      patience: configuration.quietTimeout.inSeconds, resolved: resolved
    ).run().get()
  }
}
