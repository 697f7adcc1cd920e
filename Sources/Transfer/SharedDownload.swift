internal import Core

/// What the connections of one download share: the sink, and who fetches which part.
// The lock's races: a stretch that is cut in two while bytes come for it, a connection that ends
// while another looks for work.
final class SharedDownload: Sendable {
  typealias Part = SegmentPool.Part

  struct State {
    var pool: SegmentPool
    /// Whether a response's body went into the sink: from then on all must be of the same file.
    var hasBegun = false
    /// Whether others may fetch parts of it.
    var canSplit = false
    var total: Int64?
    var validator: String?
    var givesNoParts = false
    /// Body bytes that came in this download, and how many were there before it.
    var received: Int64 = 0
    var resumedAt: Int64 = 0
    /// The connection that the first body came by: its answer may be the whole file.
    var openEnded: Int?
    /// What each connection is asking just now.
    var exchanges: [Int: Exchange] = [:]
    /// For how many seconds nothing came for a connection, and how often another was sent for its stretch.
    var quiet: [Int: Double] = [:]
    /// Second connections since the last of them that was worth it, and what had come before them.
    var takeOvers = (count: 0, before: Int64(0))
    var rivals: [Int: Int] = [:]
    /// Parts that came home.
    var parts = 0
    /// Bytes that had come when the address was last resolved, and when storage was last asked whether
    /// it is still good.
    var receivedBefore: Int64 = 0
    var receivedAtLook: Int64 = 0
    /// Bytes that a connection brings in a second; 0 while nobody knows.
    var pace = 0.0
    var url: SafeURL
    var rules: RedirectRules

    /// Whether so much came since then that another resolution, which may count against a quota, is worth
    /// it: a small file needs little for that, and no file can go on for ever.
    func isWorthAsking(since then: Int64) -> Bool {
      received - then >= max(1, min(1 << 20, (total ?? 0) / 64))
    }
  }

  let request: DownloadRequest
  let sink: any ObjectSink
  let progress: @Sendable (Int64) -> Void
  let width: Locked<ConnectionWidth>
  let firstRules: RedirectRules
  private let mayShare: Bool
  /// Ends what a connection asks that lost its stretch.
  private let end: @Sendable (Exchange) -> Void
  let state: Locked<State>

  /// - Parameter mayShare: further connections may help.
  init(
    _ request: DownloadRequest, _ sink: any ObjectSink, _ rules: RedirectRules,
    _ width: Locked<ConnectionWidth>, mayShare: Bool, end: @escaping @Sendable (Exchange) -> Void,
    progress: @escaping @Sendable (Int64) -> Void
  ) {
    self.end = end
    firstRules = rules
    self.mayShare = mayShare
    self.request = request
    self.sink = sink
    self.width = width
    self.progress = progress
    // Only a strong validator tells later that the file is still the same that the sink has parts of.
    let keeps = sink.received > 0 && ETag.isStrong(sink.validator)
    let missing = keeps ? sink.missing : [0..<Int64.max]
    state = Locked(
      State(
        pool: SegmentPool(missing, pieceSize: sink.pieceSize),
        resumedAt: keeps ? sink.received : 0, url: request.resolved ?? request.url, rules: rules))
  }

  var resumes: Bool { state.withLock { $0.resumedAt > 0 } }

  /// A body begins, and is written to the sink.
  /// - Parameter keeping: it is of the file whose parts are there.
  func begin(
    _ id: Int, keeping: Bool, validator: String?, total: Int64?, canSplit: Bool
  ) throws {
    try sink.start(keeping: keeping, validator: validator, total: total)
    state.withLock { state in
      state.hasBegun = true
      state.total = total
      state.validator = validator
      if !keeping {
        state.pool.restart(id)
        state.resumedAt = 0
      }
      if let total { state.pool.learn(total: total) }
      state.canSplit =
        canSplit && mayShare && total != nil && sink.pieceSize < .max && !state.givesNoParts
      state.openEnded = id
      if state.canSplit { state.pool.trim(id, to: Self.firstLength) }
    }
  }

  /// What the first connection keeps for itself of a file that others may help with.
  private static let firstLength: Int64 = 32 << 20
  private static let longest = 128.0 * 1_048_576

  /// A part for one more connection: what it brings in two seconds, but near the end no more than
  /// leaves something for all.
  /// - Parameter isFirst: nobody knows yet whether there will be others.
  func take(isFirst: Bool = false) -> Part? {
    if isFirst { return state.withLock { $0.pool.take(.max) } }
    let used = width.withLock { max(1, $0.used) }
    return state.withLock { state in
      let share = Double(state.pool.remaining) / Double(2 * used)
      let length = min(state.pace * 2, share, Self.longest)
      return state.pool.take(max(1, Int64(length)))
    }
  }

  /// Where nobody has anything else to do: a second connection for the stretch of one that has brought
  /// nothing for so many seconds, and longer each time that it was in vain.
  func takeOver(after patience: Double) -> Part? {
    state.withLock { state in
      guard state.canSplit, !state.quiet.isEmpty,
        !state.pool.canGive || state.pool.remaining <= 2 * sink.pieceSize
      else { return nil }
      for (id, seconds) in state.quiet {
        if state.received - state.takeOvers.before >= Self.worthwhile {
          state.takeOvers = (0, state.received)
        }
        let before = state.rivals[id] ?? 0
        // Where each brings a few bytes and stands still again, the time limits have the word.
        guard state.takeOvers.count < Self.mostRivals else { return nil }
        guard before < Self.mostRivals, seconds >= patience * Double(1 << before),
          let part = state.pool.takeOver(id)
        else { continue }
        state.rivals[id] = before + 1
        state.takeOvers.count += 1
        return part
      }
      return nil
    }
  }

  /// Second connections that are sent for one stretch, or in all for too little, one after the other.
  private static let mostRivals = 4
  private static let worthwhile: Int64 = 1 << 20

  /// A connection is done with its part.
  func leave(_ id: Int) {
    state.withLock { state in
      state.pool.leave(id)
      state.exchanges[id] = nil
      state.quiet[id] = nil
      state.rivals[id] = nil
    }
  }

  func isOut(_ id: Int) -> Bool { state.withLock { $0.pool.isOut(id) } }

  /// A part was fetched.
  func learn(bytes: Int64, seconds: Double) {
    guard seconds > 0, bytes >= 1 << 20 else { return }
    state.withLock { state in
      let pace = Double(bytes) / seconds
      state.pace = state.pace == 0 ? pace : state.pace * 0.7 + pace * 0.3
    }
  }

  /// The server gave no parts when the connection that had the whole file was done with its own.
  /// - Returns: whether the whole file is to be asked for once more, by one connection.
  func restartsWhole() -> Bool {
    state.withLock { state in
      guard !state.pool.isEmpty, !state.givesNoParts else { return false }
      state.givesNoParts = true
      state.hasBegun = false
      state.resumedAt = 0
      state.pool = SegmentPool([0..<Int64.max], pieceSize: sink.pieceSize)
      return true
    }
  }

  /// The server gives no parts after all: the connection that has the whole file goes on alone.
  func stopSplitting() {
    state.withLock { state in
      state.canSplit = false
      if let id = state.openEnded { state.pool.absorb(id) }
    }
  }

  func claim(_ id: Int, _ count: Int) -> (offset: Int64, count: Int) {
    let (part, loser) = state.withLock { state in
      state.quiet[id] = nil
      let loser = state.pool.settle(id).flatMap { state.exchanges[$0] }
      let part = state.pool.claim(id, count)
      state.received += Int64(part.count)
      return (part, loser)
    }
    if let loser { end(loser) }
    return part
  }

  /// A body came to its end.
  /// - Returns: how many bytes of its part are missing; where nobody knew the length, this is it.
  func end(_ id: Int) -> Int64 {
    state.withLock { state in
      guard let left = state.pool.left(id) else { return 0 }
      if left.upperBound < .max { return Int64(left.count) }
      state.pool.learn(total: left.lowerBound)
      state.total = left.lowerBound
      return 0
    }
  }

  func wrote(_ count: Int) {
    width.withLock { $0.received(count) }
    progress(sink.received)
  }

  var info: DownloadInfo {
    state.withLock { state in
      DownloadInfo(
        received: state.received, resumedAt: state.resumedAt,
        total: state.total ?? sink.received, validator: state.validator, url: state.url)
    }
  }
}
