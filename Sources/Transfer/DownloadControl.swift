internal import Core

/// What all downloads of a client share: places, connections, and how well it goes.
final class DownloadControl: Sendable {
  let slots: Slots
  let width: Locked<ConnectionWidth>
  let hosts: HostBreakers
  private let health = Locked(TransferHealth())
  /// Why there is one connection for one file, if so.
  private let narrowed = Locked<Set<NarrowReason>>([])
  private let usualSlots: Int
  private let notice: @Sendable (TransferNotice) -> Void
  private let now: @Sendable () -> Duration

  /// A connection that brought so much before it failed does not stand for a host, or a network, that
  /// is down.
  static let worthwhile: Int64 = 1 << 20

  init(_ configuration: HTTPConfiguration) {
    usualSlots = configuration.maxDownloads
    notice = configuration.notice
    slots = Slots(configuration.maxDownloads)
    width = Locked(ConnectionWidth(most: configuration.maxDownloadConnections))
    hosts = HostBreakers(clock: configuration.clock, notice: configuration.notice)
    now = stopwatch(configuration.clock)
  }

  var isCareful: Bool { health.withLock { $0.isCareful } }

  /// A connection brought its part, or a word on the file.
  func succeeded() { change { $0.succeeded(at: now().inSeconds) } }

  func failed(isTimeout: Bool, brought: Int64) {
    change {
      $0.failed(
        isTimeout: isTimeout, broughtNothing: brought < Self.worthwhile, at: now().inSeconds)
    }
  }

  private func change(_ body: (inout TransferHealth) -> TransferHealth.Change?) {
    let change = health.withLock { health in
      let change = body(&health)
      // Under the lock: what follows from two changes must not overtake each other.
      if change != nil { narrow(health.isCareful, for: .trouble) }
      return change
    }
    switch change {
    case .careful(let reason): notice(.careful(reason: reason))
    case .usual: notice(.usual)
    case nil: break
    }
  }

  func narrow(_ isNarrow: Bool, for reason: NarrowReason) {
    narrowed.withLock { reasons in
      if isNarrow { reasons.insert(reason) } else { reasons.remove(reason) }
      width.withLock { $0.isNarrow = !reasons.isEmpty }
      slots.resize(to: reasons.isEmpty ? usualSlots : 1)
    }
  }
}

/// Why downloads are to make do with one connection for one file.
package enum NarrowReason: Sendable {
  case memory
  /// Too much failed.
  case trouble
}
