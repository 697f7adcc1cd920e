internal import Core

/// One download: a first connection, and further ones as long as that makes it faster.
struct Downloading: Sendable {
  typealias Part = SegmentPool.Part

  let loop: EventLoop
  let shared: SharedDownload
  let control: DownloadControl
  /// Connections at one time.
  let most: Int
  /// Seconds for which a connection may bring nothing before an idle one takes its part too.
  let patience: Double
  let resolved: @Sendable (ResolvedAddress) -> Void

  /// How often a connection's failure is made up for in this download, with none that brought its part
  /// home in between.
  private static let failuresInRow = 4
  private static let pace = Duration.milliseconds(50)

  /// How a connection ended.
  enum End: Sendable {
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
      group.addTask {
        .ended(await self.connection(self.shared.take(isFirst: true), isFirst: true))
      }
      if most > 1, shared.sink.pieceSize < .max { group.addTask { await Self.look() } }
      while let event = await group.next() {
        switch event {
        case .look:
          if group.isCancelled { continue }
          while mayAdd, failures < Self.failuresInRow, connections < most, isWanted() {
            enter()
            connections += 1
            group.addTask { .ended(await self.connection(self.shared.take(), isFirst: false)) }
          }
          if mayAdd, failures < Self.failuresInRow, connections < most, let part = takeOver() {
            enter()
            connections += 1
            group.addTask { .ended(await self.connection(part, isFirst: false)) }
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
          group.addTask {
            .ended(await self.connection(self.shared.take(isFirst: true), isFirst: true))
          }
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

  /// A second connection's part, where one stands still and nobody has anything else to do.
  private func takeOver() -> Part? {
    shared.width.withLock { $0.hasSpare } ? shared.takeOver(after: patience) : nil
  }

  private static let began = ContinuousClock.now
  static var now: Double { (ContinuousClock.now - began) / .seconds(1) }
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
