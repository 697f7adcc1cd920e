internal import Core

/// One connection of a download: part after part, over redirects and addresses that expire.
extension Downloading {
  /// - Parameter first: what it begins with; then comes what is left.
  func connection(_ first: Part?, isFirst: Bool) async -> End {
    var next = first
    while !Task.isCancelled, let part = next {
      let began = ContinuousClock.now
      let end: End?
      do throws(TransferError) {
        end = try await fetch(part.id)
      } catch {
        if hasLost(part, error) {
          end = .idle
        } else {
          if case .couldNotConnect = error { pushedBack() }
          end = .failed(error)
        }
      }
      let brought = shared.state.withLock { state in
        if end == nil { state.parts += 1 }
        return (state.pool.left(part.id) ?? part.range).lowerBound - part.range.lowerBound
      }
      count(end, brought: brought)
      shared.leave(part.id)
      shared.learn(bytes: brought, seconds: (ContinuousClock.now - began) / .seconds(1))
      if let end { return end }
      if !isFirst, shared.width.withLock({ $0.isTooWide }) { return .idle }
      next = shared.take()
    }
    if let part = next { shared.leave(part.id) }
    return .idle
  }

  /// Whether a part went to another connection: how this one ended tells nothing then.
  private func hasLost(_ part: Part, _ error: TransferError) -> Bool {
    !Task.isCancelled && (error == .cancelled || error.isPassing) && shared.isOut(part.id)
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
      guard !shared.isOut(id) else { return .idle }
      let offset = wantsWhole ? nil : shared.state.withLock { $0.pool.left(id)?.lowerBound }
      let receiver = DownloadReceiver(shared, id, offset: offset)
      let call = wireCall(url, id, offset: offset, rules: rules)
      let report: ExchangeReport
      do throws(TransferError) {
        report = try await exchange(Exchange(call, receiver), id)
      } catch {
        guard case .connectionLost = error, await hasExpired(url, rules), resolvesAnew(url) else {
          throw error
        }
        (url, rules) = shared.state.withLock { ($0.url, $0.rules) }
        (hasBegun, wantsWhole) = (true, false)
        continue
      }
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
    // Meanwhile another may have brought what this one is for.
    if shared.isOut(id) { throw .cancelled }
    let before = shared.state.withLock { $0.pool.left(id)?.lowerBound ?? 0 }
    shared.state.withLock { $0.exchanges[id] = exchange }
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

  /// How long storage may take to say whether an address is still good.
  private static let lookTimeout = Duration.seconds(10)

  /// A connection was lost: whether that was because its address is good no more. Storage is asked for
  /// nothing but its word, and once for what came.
  private func hasExpired(_ url: SafeURL, _ rules: RedirectRules) async -> Bool {
    let (isKnown, validator) = shared.state.withLock { state -> (Bool?, String?) in
      guard state.hasBegun, url != shared.request.url else { return (false, nil) }
      if state.url != url { return (true, nil) }
      let since = max(state.receivedBefore, state.receivedAtLook)
      guard state.isWorthAsking(since: since), ETag.isStrong(state.validator) else {
        return (false, nil)
      }
      state.receivedAtLook = state.received
      return (nil, state.validator)
    }
    guard let validator else { return isKnown ?? false }
    var call = wireCall(url, rules: rules)
    call.headers.add("If-None-Match", validator)
    call.timeout = Self.lookTimeout
    let report = try? await loop.run(Exchange(call, AddressLook()))
    return report?.head.isRejection ?? false
  }

  /// An address that the file was had from is good no more: the one that led to it is asked again, as
  /// long as each of them brings something that is worth it.
  private func resolvesAnew(_ url: SafeURL) -> Bool {
    let request = shared.request
    return shared.state.withLock { state in
      guard state.hasBegun, url != request.url else { return false }
      if state.url != url { return true }
      guard state.isWorthAsking(since: state.receivedBefore) else { return false }
      state.receivedBefore = state.received
      state.url = request.url
      state.rules = shared.firstRules
      return true
    }
  }

  private func wireCall(
    _ url: SafeURL, _ id: Int, offset: Int64?, rules: RedirectRules
  ) -> WireCall {
    var call = wireCall(url, rules: rules)
    guard let offset else { return call }
    let (end, validator) = shared.state.withLock { state in
      (state.pool.left(id)?.upperBound ?? .max, state.validator)
    }
    call.headers.add("Range", "bytes=\(offset)-" + (end < .max ? "\(end - 1)" : ""))
    if let validator = validator ?? shared.sink.validator, ETag.isStrong(validator) {
      call.headers.add("If-Range", validator)
    }
    return call
  }

  private func wireCall(_ url: SafeURL, rules: RedirectRules) -> WireCall {
    let request = shared.request
    let mayTravel = request.bearerOrigins.contains(url.origin)
    let hasBegun = shared.state.withLock { $0.hasBegun }
    return WireCall(
      url: url, headers: [:], bearer: mayTravel ? request.bearer : nil, timeout: nil,
      isAPI: false, isShort: request.isShort(at: url, hasBegun: hasBegun),
      refusesLocalPeers: url != request.url && !rules.beganLocally)
  }
}
