internal import Core

/// One download: a first connection, and further ones as long as that makes it faster.
struct Downloading: Sendable {
  let loop: EventLoop
  let shared: SharedDownload
  let control: DownloadControl
  /// Connections at one time.
  let most: Int
  let resolved: @Sendable (ResolvedAddress) -> Void

  /// How often a connection's failure is made up for in this download, with none that brought its part
  /// home in between.
  private static let failuresInRow = 4
  private static let pace = Duration.milliseconds(50)

  /// How a connection ended.
  private enum End: Sendable {
    /// It found nothing more to do.
    case idle
    case failed(TransferError)
    case refused(HTTPResponse, isResolution: Bool)
    case noParts
    case changed

    /// Whether the file can only be had as a whole, from its beginning.
    var asksForWhole: Bool {
      switch self {
      case .noParts, .changed: true
      case .idle, .failed, .refused: false
      }
    }
  }

  private enum Event: Sendable {
    case look
    case ended(End)
  }

  func run() async -> Result<DownloadOutcome, TransferError> {
    await withTaskGroup(of: Event.self) { group in
      var connections = 1
      var failures = 0
      var parts = 0
      var mayAdd = most > 1
      var last = End.idle
      var fatal: TransferError?
      enter()
      group.addTask { .ended(await self.connection(isFirst: true)) }
      if most > 1, shared.sink.pieceSize < .max { group.addTask { await Self.look() } }
      while let event = await group.next() {
        switch event {
        case .look:
          if group.isCancelled { continue }
          while mayAdd, failures < Self.failuresInRow, connections < most, isWanted() {
            enter()
            connections += 1
            group.addTask { .ended(await self.connection(isFirst: false)) }
          }
          group.addTask { await Self.look() }
        case .ended(let end):
          connections -= 1
          leave()
          switch end {
          case .idle: break
          case .noParts, .changed, .refused:
            mayAdd = false
            last = end
          case .failed(let error) where error.endsDownload:
            // What came may be of no use, or have nowhere to go: nobody shall go on.
            if fatal == nil { fatal = error }
            group.cancelAll()
          case .failed(let error):
            let fetched = shared.state.withLock { $0.parts }
            failures = fetched > parts ? 1 : failures + 1
            parts = fetched
            mayAdd = mayAdd && error.isPassing
            last = end
          }
        }
        if connections == 0, fatal == nil, !group.isCancelled, last.asksForWhole,
          shared.restartsWhole()
        {
          last = .idle
          enter()
          connections += 1
          group.addTask { .ended(await self.connection(isFirst: true)) }
        }
        if connections == 0 { break }
      }
      group.cancelAll()
      if let fatal { return .failure(fatal) }
      return outcome(last)
    }
  }

  private static func look() async -> Event {
    try? await Task.sleep(for: pace)
    return .look
  }

  private func outcome(_ last: End) -> Result<DownloadOutcome, TransferError> {
    if shared.state.withLock({ $0.hasBegun && $0.pool.isEmpty }) {
      return .success(.complete(shared.info))
    }
    if Task.isCancelled { return .failure(.cancelled) }
    switch last {
    case .failed(let error): return .failure(error)
    case .refused(let response, let isResolution):
      return .success(.refused(response, isResolution: isResolution))
    case .changed: return .failure(.changedMeanwhile)
    case .idle, .noParts: return .failure(.connectionLost(received: shared.info.received))
    }
  }

  // MARK: Width

  private func enter() { shared.width.withLock { $0.enter() } }
  private func leave() { shared.width.withLock { $0.leave() } }

  /// Whether one more connection would help.
  private func isWanted() -> Bool {
    let least = 2 * shared.sink.pieceSize
    let hasWork = shared.state.withLock { state in
      state.canSplit && state.pool.remaining > least && state.pool.canGive
    }
    let now = Self.now
    return shared.width.withLock { width in
      width.look(at: now)
      return hasWork && width.hasRoom
    }
  }

  private static let began = ContinuousClock.now
  private static var now: Double { (ContinuousClock.now - began) / .seconds(1) }

  // MARK: One connection

  private func connection(isFirst: Bool) async -> End {
    var isFirstPart = isFirst
    while !Task.isCancelled, let part = shared.take(isFirst: isFirstPart) {
      isFirstPart = false
      let began = ContinuousClock.now
      let end: End?
      do throws(TransferError) {
        end = try await fetch(part.id)
      } catch {
        if case .couldNotConnect = error { pushedBack() }
        end = .failed(error)
      }
      let brought =
        (shared.state.withLock { $0.pool.left(part.id)?.lowerBound } ?? 0)
        - part.range.lowerBound
      count(end, brought: brought)
      let left = shared.state.withLock { state in
        defer { state.pool.leave(part.id) }
        if end == nil { state.parts += 1 }
        return state.pool.left(part.id)?.lowerBound ?? part.range.lowerBound
      }
      shared.learn(
        bytes: left - part.range.lowerBound,
        seconds: (ContinuousClock.now - began) / .seconds(1))
      if let end { return end }
      if !isFirst, shared.width.withLock({ $0.isTooWide }) { return .idle }
    }
    return .idle
  }

  private func pushedBack() {
    let now = Self.now
    shared.width.withLock { $0.pushedBack(at: now) }
  }

  /// - Returns: `nil` when the part is fetched.
  private func fetch(_ id: Int) async throws(TransferError) -> End? {
    var (url, rules, hasBegun) = shared.state.withLock { ($0.url, $0.rules, $0.hasBegun) }
    var wantsWhole = !hasBegun && !shared.resumes
    while true {
      let offset = wantsWhole ? nil : shared.state.withLock { $0.pool.left(id)?.lowerBound }
      let receiver = DownloadReceiver(shared, id, offset: offset)
      let call = wireCall(url, id, offset: offset, rules: rules)
      let report = try await exchange(Exchange(call, receiver), id)
      rules.learn(peer: report.peer)
      switch receiver.verdict {
      case .done: return nil
      case .redirect(let location):
        url = try rules.next(from: url, location: location)
        let (now, learned) = (url, rules)
        shared.state.withLock { state in
          state.url = now
          state.rules = learned
        }
        resolved(ResolvedAddress(url: url, beganLocally: rules.beganLocally))
      case .startOver:
        wantsWhole = true
        shared.state.withLock { $0.pool.restart(id) }
      case .changed: return .changed
      case .noParts: return .noParts
      case .refused where report.head.isRejection && resolvesAnew(url):
        (url, rules) = shared.state.withLock { ($0.url, $0.rules) }
      case .refused(let body):
        if [429, 503].contains(report.head.status), hasBegun { pushedBack() }
        let response = HTTPResponse(
          status: report.head.status, headers: report.head.headers, body: body, url: url)
        let isKept = url == shared.request.resolved
        return .refused(
          response, isResolution: !isKept && url.origin == shared.request.url.origin)
      }
      hasBegun = shared.state.withLock { $0.hasBegun }
    }
  }

  /// Sends a request when its host may be asked, and learns from what comes of it.
  private func exchange(_ exchange: Exchange, _ id: Int) async throws(TransferError)
    -> ExchangeReport
  {
    let origin = exchange.call.url.origin
    try await control.hosts.enter(exchange.call.url, waits: !shared.request.hasOther)
    let before = shared.state.withLock { $0.pool.left(id)?.lowerBound ?? 0 }
    do throws(TransferError) {
      let report = try await loop.run(exchange)
      switch report.head.status {
      case 408, 425, 429: control.hosts.abandoned(origin)
      case 500...: control.hosts.failed(origin, reason: "it answered \(report.head.status)")
      default: control.hosts.succeeded(origin)
      }
      return report
    } catch {
      let after = shared.state.withLock { $0.pool.left(id)?.lowerBound ?? 0 }
      if after - before >= DownloadControl.worthwhile {
        control.hosts.succeeded(origin)
      } else if error.isPassing {
        control.hosts.failed(origin, reason: "\(error)")
      } else {
        control.hosts.abandoned(origin)
      }
      throw error
    }
  }

  /// What the end of a part tells of how well it goes.
  private func count(_ end: End?, brought: Int64) {
    switch end {
    case nil: control.succeeded()
    case .failed(let error) where error.isPassing:
      var isTimeout = false
      if case .timedOut = error { isTimeout = true }
      control.failed(isTimeout: isTimeout, brought: brought)
    case .refused(let response, _):
      if response.isPassing {
        control.failed(isTimeout: false, brought: brought)
      } else {
        control.succeeded()
      }
    case .failed, .idle, .noParts, .changed: break
    }
  }

  /// An address that the file was had from is good no more: the one that led to it is asked again, as
  /// long as each of them brings something.
  private func resolvesAnew(_ url: SafeURL) -> Bool {
    let request = shared.request
    return shared.state.withLock { state in
      guard state.hasBegun, url != request.url else { return false }
      if state.url != url { return true }
      guard state.received > state.receivedBefore else { return false }
      state.receivedBefore = state.received
      state.url = request.url
      state.rules = shared.firstRules
      return true
    }
  }

  private func wireCall(
    _ url: SafeURL, _ id: Int, offset: Int64?, rules: RedirectRules
  ) -> WireCall {
    let request = shared.request
    var headers = HTTPHeaders()
    if let offset {
      let (end, validator) = shared.state.withLock { state in
        (state.pool.left(id)?.upperBound ?? .max, state.validator)
      }
      headers.add("Range", "bytes=\(offset)-" + (end < .max ? "\(end - 1)" : ""))
      if let validator = validator ?? shared.sink.validator, ETag.isStrong(validator) {
        headers.add("If-Range", validator)
      }
    }
    let mayTravel = request.bearerOrigins.contains(url.origin)
    return WireCall(
      url: url, headers: headers, bearer: mayTravel ? request.bearer : nil, timeout: nil,
      isAPI: false, refusesLocalPeers: url != request.url && !rules.beganLocally)
  }
}

extension TransferError {
  /// Whether what came is of no use, or has nowhere to go, whoever brings it.
  fileprivate var endsDownload: Bool {
    switch self {
    case .sinkFailed, .lengthMismatch, .cancelled, .closed: true
    default: false
    }
  }
}
