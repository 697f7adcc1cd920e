import Core
import Engine
import Transfer

/// Adds up events to a progress state. Pure but for the events it is given.
struct ProgressTracker {
  private struct Running {
    enum Phase {
      case turn, answer, coming
      /// The next try begins then.
      case retry(at: Double)
    }

    var name: String
    var now: Int64 = 0
    var total: ByteCount
    var phase = Phase.turn
  }

  private(set) var isFetching = false
  private var files = 0
  private var filesDone = 0
  private var total = ByteCount.zero
  /// Bytes of files that are done.
  private var ended = ByteCount.zero
  private var running: [Digest: Running] = [:]
  private var order: [Digest] = []
  private var meter = RateMeter()
  private var hold: FetchHold?

  /// - Parameter time: seconds since the fetch began.
  /// - Returns: a line to write, where the event is worth one.
  mutating func take(_ event: EngineEvent, at time: Double) -> String? {
    switch event {
    case .fetching(let files, let bytes):
      // A bench fetches several times.
      self = ProgressTracker()
      (self.files, total, isFetching) = (files, bytes, files > 0)
    case .fetchBegan(let digest, let name, let bytes):
      running[digest] = Running(name: name, total: bytes)
      order.append(digest)
    case .fetchTries(let digest, _): running[digest]?.phase = .turn
    case .fetchAsked(let digest): running[digest]?.phase = .answer
    case .fetchRetries(let digest, _, let notice):
      running[digest]?.phase = .retry(at: time + notice.delay.seconds)
    case .fetchHeld(let hold): self.hold = hold
    case .fetchSized(let digest, let bytes):
      guard running[digest]?.total == .zero else { break }
      running[digest]?.total = ByteCount(bytes)
      total += ByteCount(bytes)
    case .fetchAdvanced(let digest, let bytes):
      running[digest]?.now = bytes
      running[digest]?.phase = .coming
      meter.note(done.bytes, at: time)
    case .fetchEnded(let digest):
      if let file = running.removeValue(forKey: digest) { ended += ByteCount(file.now) }
      order.removeAll { $0 == digest }
      filesDone += 1
      if filesDone == files { isFetching = false }
      meter.note(done.bytes, at: time)
    case .switching: isFetching = false
    case .askingCatalogue, .catalogueWaits, .catalogueRests, .catalogueReturned, .catalogueCalled,
      .fetchTried, .stillFetching, .reading, .readOn, .recovered, .notice, .benchPass,
      .transfer, .stoppedTrying:
      break
    }
    return Self.line(event)
  }

  static func line(_ event: EngineEvent) -> String? {
    switch event {
    case .fetchRetries(_, let name, let notice):
      let shown = DisplayText.harmless(name)
      return "retry: `\(shown)` in \(Measures.duration(notice.delay.seconds)): \(notice.reason)"
    case .catalogueWaits(let endpoint, let delay, let reason):
      return "retry: `\(endpoint)` in \(Measures.duration(delay.seconds)): \(reason)"
    case .catalogueRests(let endpoint, let pause, let reason):
      return "pause: `\(endpoint)` is left alone for \(Measures.duration(pause.seconds)): \(reason)"
    case .catalogueReturned(let endpoint): return "`\(endpoint)` answers again"
    case .transfer(let notice): return line(notice)
    case .stoppedTrying(let files, let left):
      return "stop: \(Measures.count(files, "file")) in a row failed in safe mode; "
        + "the other \(Measures.count(left, "file")) can wait for the next run"
    case .reading(_, let bytes, .inTheWay) where bytes < quietReading: return nil
    case .reading(let files, let bytes, let why):
      return "reading \(Measures.count(files, "file"))\(clause(why, files)), \(bytes)"
    case .readOn(let files, let all, let bytes, let allBytes):
      return "read \(files) of \(Measures.count(all, "file")), "
        + Measures.part(bytes, of: allBytes)
    case .benchPass(let number, let all, let policy): return "pass \(number) of \(all): \(policy)"
    case .recovered(let text): return "recovered: \(text)"
    case .notice(let text): return "note: \(DisplayText.harmless(text))"
    default: return nil
    }
  }

  private static func line(_ notice: TransferNotice) -> String {
    switch notice {
    case .careful(let reason): "safe mode: \(reason); one file at a time over one connection"
    case .usual: "safe mode is over: all goes well again"
    case .hostRests(let host, let pause, let reason):
      "pause: `\(host)` is left alone for \(Measures.duration(pause.seconds)): \(reason)"
    case .hostReturned(let host): "`\(host)` answers again"
    case .hostGivenUp(let host, let reason): "`\(host)` is not asked any more: \(reason)"
    }
  }

  /// What is read of files in the way before a word about it is worth it.
  private static let quietReading = ByteCount(64_000_000)

  private static func clause(_ why: ReadingReason, _ files: Int) -> String {
    switch why {
    case .timeChanged: " whose time changed"
    case .inTheWay: files == 1 ? " that may be the wanted one" : " that may be the wanted ones"
    case .verifying, .scanning: ""
    }
  }

  private var done: ByteCount {
    running.values.reduce(ended) { $0 + ByteCount($1.now) }
  }

  func state(at time: Double) -> ProgressState {
    return ProgressState(
      filesDone: filesDone, files: files, done: done, total: max(total, done),
      rate: meter.rate(at: time),
      active: order.compactMap { digest in
        running[digest].map {
          ProgressState.Transfer(
            name: $0.name, done: ByteCount($0.now), total: $0.total, wait: wait($0.phase, at: time))
        }
      }, elapsed: time)
  }

  private func wait(_ phase: Running.Phase, at time: Double) -> ProgressState.Wait? {
    switch hold {
    case .quiet(let end): return .paused(until: end)
    case .full: return .full
    case nil: break
    }
    return switch phase {
    case .turn: .turn
    case .answer: .answer
    case .coming: nil
    case .retry(let moment): .retry(seconds: max(0, moment - time))
    }
  }
}
