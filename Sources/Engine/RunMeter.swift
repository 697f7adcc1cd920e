import Core
import Transfer

/// Adds up what a run does: bytes, tries, calls and their times. Pure but for the events it is given.
struct RunMeter: Sendable {
  private(set) var speed = SpeedMeter()
  private(set) var calls = CallTimes()
  private(set) var tries = RunRecord.Tries()
  /// Tries of both kinds in the last hour.
  private(set) var recent = LastHour()
  /// Files that have begun.
  private var begun: Set<Digest> = []
  /// Those of them whose turn it is: a server is asked for them, or they come.
  private var asked: Set<Digest> = []
  /// Files that have not begun.
  private(set) var queued = 0
  private var isHeld = false
  /// What each file on its way has.
  private var has: [Digest: Int64] = [:]
  private var tried: Set<Digest> = []

  /// How many files are on their way.
  var active: Int { isHeld ? 0 : asked.count }
  /// How many have begun and wait: for their turn, for the next try, or for the end of a pause.
  var waiting: Int { begun.count - active }

  /// - Parameter time: seconds since the meter began.
  mutating func take(_ event: EngineEvent, at time: Double) {
    switch event {
    case .fetching(let files, _): queued = files
    case .fetchBegan(let digest, _, _):
      begun.insert(digest)
      queued = max(0, queued - 1)
      speed.begin(at: time)
    case .fetchTries(let digest, let bytes):
      has[digest] = bytes
      tries.count += 1
      if !tried.insert(digest).inserted { tries.retries += 1 }
    case .fetchAdvanced(let digest, let bytes):
      let before = has.updateValue(bytes, forKey: digest) ?? bytes
      // A file that is begun anew has less than before.
      if bytes > before { speed.add(bytes - before, at: time) }
    case .fetchAsked(let digest): asked.insert(digest)
    case .fetchTried(let digest, let ending):
      asked.remove(digest)
      count(ending, at: time, in: \.tries)
    case .fetchHeld(let hold): isHeld = hold != nil
    case .fetchEnded(let digest):
      begun.remove(digest)
      asked.remove(digest)
      has[digest] = nil
      speed.advance(to: time)
    case .catalogueCalled(let took, let ending):
      if ending != .abandoned { calls.add(took?.inSeconds) }
      count(ending, at: time, in: \.calls.tries)
    case .catalogueWaits: calls.tries.retries += 1
    default: break
    }
  }

  private mutating func count(
    _ ending: AttemptEnding, at time: Double, in kind: WritableKeyPath<RunMeter, RunRecord.Tries>
  ) {
    guard ending != .abandoned else { return }
    if ending != .answered { self[keyPath: kind].errors += 1 }
    if ending == .timedOut { self[keyPath: kind].timeouts += 1 }
    recent.add(ending, at: time)
  }
}

/// How long calls took until their answers.
struct CallTimes: Sendable {
  /// Of more than this the latest are kept.
  private static let kept = 50_000

  var tries = RunRecord.Tries()
  private var seconds: [Double] = []
  private var answered = 0

  /// - Parameter time: `nil` where no answer came.
  mutating func add(_ time: Double?) {
    tries.count += 1
    guard let time else { return }
    if seconds.count < Self.kept {
      seconds.append(time)
    } else {
      seconds[answered % Self.kept] = time
    }
    answered += 1
  }

  /// `nil` where nothing was asked.
  var record: RunRecord.Calls? {
    guard tries.count > 0 else { return nil }
    let sorted = seconds.sorted()
    func percentile(_ share: Double) -> Double? {
      // The nearest rank: a time that was measured.
      sorted.isEmpty ? nil : sorted[max(0, Int((share * Double(sorted.count)).rounded(.up)) - 1)]
    }
    return RunRecord.Calls(
      count: tries.count, retries: tries.retries, errors: tries.errors, timeouts: tries.timeouts,
      mean: sorted.isEmpty ? nil : sorted.reduce(0, +) / Double(sorted.count),
      p95: percentile(0.95), p99: percentile(0.99))
  }
}

extension RunRecord.Tries {
  init(_ tries: LastHour.Tries) {
    self.init(count: tries.count, errors: tries.errors, timeouts: tries.timeouts)
  }
}
