internal import CCurl
internal import Glibc

/// The thread that owns libcurl's multi handles and every easy handle.
///
/// There are two multi handles, because libcurl must not be asked for HTTP/1.1 and for HTTP/2 of one host
/// at a time: it mixes the answers up (Docs/Decisions/0023-http2.md).
///
/// Callers put exchanges and cancellations into an inbox and wake the thread; it does the rest and
/// resumes their continuations, exactly once each, outside the lock.
// Safety: `multi`'s transfers, `active` and `configuration` belong to the loop's thread; what
// others touch lies in `inbox`, behind its lock.
@safe final class EventLoop: @unchecked Sendable {
  typealias Outcome = Result<ExchangeReport, TransferError>

  @safe private struct Inbox {
    /// For wake-ups only; `nil` once the thread is about to close it.
    var multi: UnsafeMutableRawPointer?
    var submitted: [Exchange] = []
    var cancelled: [Exchange] = []
    var isStopping = false
    /// Another rate for downloads that the loop has not seen yet.
    var rate: Int64??
  }

  // The lock's races: a cancellation that overtakes its submission, a submission that meets the
  // end of the loop, a wake-up that meets the closing of the multi handle.
  private let inbox: Locked<Inbox>
  /// For what is fetched over a connection of its own; this one is woken.
  private let multi: UnsafeMutableRawPointer
  /// For what may come beside others.
  private let sharing: UnsafeMutableRawPointer
  /// Whether hosts let answers share a connection, as far as they have shown it.
  private var offers: [String: Bool] = [:]
  private let configuration: HTTPConfiguration
  private let limiter: RateLimiter
  private var active: [UnsafeMutableRawPointer: EasyHandle] = unsafe [:]
  private var speeds = HostSpeeds()
  private var lookedAt = ContinuousClock.now

  private static let globalCode = civ_global_init()

  init(_ configuration: HTTPConfiguration) throws(TransferError) {
    guard Self.globalCode == CURLE_OK, let multi = unsafe curl_multi_init(),
      let sharing = unsafe curl_multi_init()
    else {
      throw .protocolError("libcurl could not be started")
    }
    let downloads = max(configuration.maxDownloads, configuration.maxDownloadConnections)
    let needed = configuration.maxCalls + downloads
    let perHost = max(configuration.maxConnectionsPerHost, needed)
    func limit(_ each: UnsafeMutableRawPointer) {
      unsafe civ_multi_set_long(each, CURLMOPT_MAX_HOST_CONNECTIONS, perHost)
      unsafe civ_multi_set_long(each, CURLMOPT_MAXCONNECTS, configuration.maxIdleConnections)
    }
    unsafe limit(multi)
    unsafe limit(sharing)
    unsafe self.multi = unsafe multi
    unsafe self.sharing = unsafe sharing
    self.configuration = configuration
    self.limiter = RateLimiter(rate: configuration.downloadRate)
    self.inbox = unsafe Locked(Inbox(multi: multi))
  }

  // MARK: Called from anywhere

  /// Sends `exchange` and waits for its end. Cancelling the task ends it with `.cancelled`.
  func run(_ exchange: Exchange) async throws(TransferError) -> ExchangeReport {
    let outcome = await withTaskCancellationHandler {
      await withCheckedContinuation { submit(exchange, $0) }
    } onCancel: {
      cancel(exchange)
    }
    return try outcome.get()
  }

  private func submit(_ exchange: Exchange, _ continuation: CheckedContinuation<Outcome, Never>) {
    exchange.continuation = continuation
    let refusal = inbox.withLock { inbox -> TransferError? in
      if exchange.isCancelled { return .cancelled }
      if inbox.isStopping { return .closed }
      inbox.submitted.append(exchange)
      wake(inbox)
      return nil
    }
    if let refusal { continuation.resume(returning: .failure(refusal)) }
  }

  /// Ends it with `.cancelled`, whatever becomes of its task.
  func cancel(_ exchange: Exchange) {
    inbox.withLock { inbox in
      exchange.isCancelled = true
      inbox.cancelled.append(exchange)
      wake(inbox)
    }
  }

  /// Lets downloads have so many bytes in a second from now on; `nil`: all that comes, 0: none.
  func limit(_ rate: Int64?) {
    inbox.withLock { inbox in
      inbox.rate = .some(rate)
      wake(inbox)
    }
  }

  /// Ends everything under way with `.closed`, and the thread with it.
  func stop() {
    inbox.withLock { inbox in
      inbox.isStopping = true
      wake(inbox)
    }
  }

  private func wake(_ inbox: Inbox) {
    if let multi = unsafe inbox.multi { unsafe curl_multi_wakeup(multi) }
  }

  // MARK: The loop's thread

  /// Works until `stop()`, then closes libcurl's handles.
  func loop() {
    blockSignals()
    while takeWork() {
      unsafe perform(multi)
      unsafe perform(sharing)
      endStalled()
      // A wake-up that came since `takeWork` makes this return at once.
      unsafe civ_multi_wait_both(multi, sharing, CInt(resumePaused()))
    }
    endAll(.closed)
    inbox.withLock { unsafe $0.multi = nil }
    unsafe curl_multi_cleanup(multi)
    unsafe curl_multi_cleanup(sharing)
  }

  private func perform(_ each: UnsafeMutableRawPointer) {
    var running: CInt = 0
    let code = unsafe curl_multi_perform(each, &running)
    if code != CURLM_OK { endAll(.protocolError(Self.text(code))) }
    unsafe finishEnded(of: each)
  }

  /// Signals are for the program's other threads; and a peer that hangs up must not kill the
  /// process by SIGPIPE, which libcurl leaves to us under NOSIGNAL.
  private func blockSignals() {
    var all = sigset_t()
    unsafe sigfillset(&all)
    unsafe pthread_sigmask(SIG_BLOCK, &all, nil)
  }

  /// - Returns: false when the loop is to end.
  private func takeWork() -> Bool {
    let (submitted, cancelled, rate, isStopping) = inbox.withLock { inbox in
      defer {
        inbox.submitted = []
        inbox.cancelled = []
        inbox.rate = nil
      }
      return (inbox.submitted, inbox.cancelled, inbox.rate, inbox.isStopping)
    }
    if let rate { limiter.change(to: rate) }
    for exchange in submitted { begin(exchange) }
    for exchange in cancelled {
      guard let handle = unsafe active.values.first(where: { $0.exchange === exchange }) else {
        continue
      }
      remove(handle)
      resume(exchange, .failure(.cancelled))
    }
    return !isStopping
  }

  private func begin(_ exchange: Exchange) {
    do throws(TransferError) {
      let call = exchange.call
      let handle = try EasyHandle(
        exchange, configuration, call.isAPI ? nil : limiter, way(of: call))
      let code = unsafe curl_multi_add_handle(multi(of: handle), handle.raw)
      guard code == CURLM_OK else { throw .protocolError(Self.text(code)) }
      unsafe active[handle.raw] = handle
    } catch {
      resume(exchange, .failure(error))
    }
  }

  private func way(of call: WireCall) -> EasyHandle.Way {
    // What is held back holds up whatever comes over the same connection.
    guard call.mayShare, call.isAPI || !limiter.isLimited else { return .alone }
    guard let offered = offers[call.host] else { return .maybeTogether }
    return offered ? .together : .alone
  }

  private func multi(of handle: EasyHandle) -> UnsafeMutableRawPointer {
    unsafe handle.way == .alone ? multi : sharing
  }

  private func finishEnded(of each: UnsafeMutableRawPointer) {
    var code = CURLE_OK
    while let raw = unsafe civ_multi_next_ended(each, &code) {
      guard let handle = unsafe active[raw] else { continue }
      if handle.way != .alone, let offered = handle.couldShare { offers[handle.host] = offered }
      let ending = handle.ending(code)
      speeds.learn(
        handle.host, bytes: handle.exchange.received, seconds: handle.age(at: .now))
      remove(handle)
      resume(handle.exchange, handle.exchange.outcome(ending))
    }
  }

  /// Ends the downloads that stand still, or take too long for a piece; looks once a second.
  private func endStalled() {
    let now = ContinuousClock.now
    guard now - lookedAt >= .seconds(1) else { return }
    lookedAt = now
    for handle in unsafe Array(active.values) {
      guard let phase = handle.stalls(usual: speeds[handle.host], at: now) else {
        handle.tellQuiet(at: now)
        continue
      }
      remove(handle)
      resume(handle.exchange, .failure(.timedOut(phase)))
    }
  }

  private func endAll(_ error: TransferError) {
    for handle in unsafe Array(active.values) {
      remove(handle)
      resume(handle.exchange, .failure(error))
    }
  }

  private func remove(_ handle: EasyHandle) {
    unsafe curl_multi_remove_handle(multi(of: handle), handle.raw)
    unsafe active[handle.raw] = nil
  }

  /// Lets the downloads go on that had taken too much, when it is time.
  /// - Returns: in how many milliseconds to look again.
  private func resumePaused() -> Int {
    // Whoever has waited longest comes first.
    let paused = unsafe active.values.filter { $0.isPaused }.sorted { $0.pausedAt < $1.pausedAt }
    for handle in paused {
      guard limiter.mayTake() else { return limiter.wait }
      handle.goOn()
    }
    return paused.contains { $0.isPaused } ? limiter.wait : 1_000
  }

  private func resume(_ exchange: Exchange, _ outcome: Outcome) {
    let continuation = exchange.continuation
    exchange.continuation = nil
    continuation?.resume(returning: outcome)
  }

  private static func text(_ code: CURLMcode) -> String {
    "libcurl: \(unsafe String(cString: curl_multi_strerror(code)))"
  }
}

/// The thread that runs an `EventLoop`.
struct LoopThread: Sendable {
  private let id: pthread_t

  /// - Throws: `.protocolError` when the system gives no thread.
  init(_ loop: EventLoop) throws(TransferError) {
    var id = pthread_t()
    let context = unsafe Unmanaged.passRetained(loop).toOpaque()
    let code = unsafe pthread_create(&id, nil, runLoop, context)
    guard code == 0 else {
      unsafe Unmanaged<EventLoop>.fromOpaque(context).release()
      throw .protocolError("the system gave no thread for the network (error \(code))")
    }
    self.id = id
  }

  /// Waits for the thread's end; called once. From the thread itself it cannot wait.
  func join() {
    if pthread_equal(id, pthread_self()) != 0 {
      pthread_detach(id)
    } else {
      pthread_join(id, nil)
    }
  }
}

private func runLoop(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  if let context = unsafe context {
    unsafe Unmanaged<EventLoop>.fromOpaque(context).takeRetainedValue().loop()
  }
  return nil
}
