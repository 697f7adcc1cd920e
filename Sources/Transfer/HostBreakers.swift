internal import Core

/// A breaker for each host that files come from.
final class HostBreakers: Sendable {
  private struct Host {
    var breaker = Breaker()
    var lastFailure = ""
  }

  private let hosts = Locked<[Origin: Host]>([:])
  private let now: @Sendable () -> Duration
  private let sleep: @Sendable (Duration) async throws -> Void
  private let notice: @Sendable (TransferNotice) -> Void

  init(clock: any Clock<Duration>, notice: @escaping @Sendable (TransferNotice) -> Void) {
    now = stopwatch(clock)
    sleep = { try await clock.sleep(for: $0) }
    self.notice = notice
  }

  /// Waits until the host may be asked, and takes its turn.
  /// - Throws: `.hostFails` when it is not asked any more, or is left alone and shall not be waited for;
  ///   `.cancelled`.
  func enter(_ url: SafeURL, waits: Bool = true) async throws(TransferError) {
    try await wait(url, waits: waits) { $0.admit(at: now()) }
  }

  /// The same without taking a turn: for waiting while nothing is held that others could use.
  func look(_ url: SafeURL, waits: Bool = true) async throws(TransferError) {
    try await wait(url, waits: waits) { $0.foresee(at: now()) }
  }

  private func wait(
    _ url: SafeURL, waits: Bool, _ admit: (inout Breaker) -> Breaker.Admission
  ) async throws(TransferError) {
    let origin = url.origin
    while true {
      let (admission, reason) = hosts.withLock { hosts in
        (admit(&hosts[origin, default: Host()].breaker), hosts[origin]?.lastFailure ?? "")
      }
      switch admission {
      case .ask, .probe: return
      case .wait(let pause) where waits:
        do { try await sleep(pause) } catch { throw .cancelled }
      case .down, .wait: throw .hostFails(host: "\(origin)", reason: reason)
      }
    }
  }

  /// Whether the host is not asked any more.
  func hasGivenUp(_ origin: Origin) -> Bool {
    hosts.withLock { $0[origin]?.breaker.foresee(at: now()) == .down }
  }

  /// The host served, or answered with a word on the file.
  func succeeded(_ origin: Origin) {
    let change = hosts.withLock { $0[origin, default: Host()].breaker.succeeded() }
    if change == .closed { notice(.hostReturned("\(origin)")) }
  }

  func failed(_ origin: Origin, reason: String) {
    let change = hosts.withLock { hosts in
      hosts[origin, default: Host()].lastFailure = reason
      return hosts[origin, default: Host()].breaker.failed(at: now())
    }
    switch change {
    case .opened(let pause): notice(.hostRests("\(origin)", pause, reason: reason))
    case .gaveUp: notice(.hostGivenUp("\(origin)", reason: reason))
    case .closed, nil: break
    }
  }

  /// What was asked tells nothing about the host.
  func abandoned(_ origin: Origin) {
    hosts.withLock { $0[origin]?.breaker.abandoned(at: now()) }
  }
}

/// What the client does of its own accord, for those who tell people.
package enum TransferNotice: Sendable, Equatable {
  /// From now on one connection for one file.
  case careful(reason: String)
  /// As many again as make it faster.
  case usual
  /// A host is left alone for so long.
  case hostRests(String, Duration, reason: String)
  case hostReturned(String)
  /// It is not asked any more.
  case hostGivenUp(String, reason: String)
}
