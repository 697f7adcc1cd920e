internal import Core
internal import Transfer

/// The way to one host: how fast it is asked, and whether at all. Everybody who asks it goes through
/// the same one.
actor HostGate {
  enum Refusal: Error {
    case cancelled
    /// The host failed too often; another one may be asked.
    case closed(reason: String)
  }

  /// What a failure means for those who ask.
  struct Consequence {
    /// For how long the host is left alone, when that begins now.
    var rests: Duration?
    /// How long it refuses to be asked, where it said so or is known to.
    var refuses: Duration?
  }

  private let now: @Sendable () -> Duration
  private let sleep: @Sendable (Duration) async throws -> Void
  private var pace: Pace
  private var breaker = Breaker()
  private var hasAnswered = false
  private var lastFailure = ""
  private let longestWait: Duration

  /// - Parameter longestWait: a host that asks for a longer pause is not waited for.
  init(pace: Pace, longestWait: Duration, clock: any Clock<Duration>) {
    self.pace = pace
    self.longestWait = longestWait
    now = stopwatch(clock)
    sleep = { try await clock.sleep(for: $0) }
  }

  /// Waits for a turn.
  /// - Parameter hasOther: whether another endpoint could be asked in its stead: then nobody waits
  ///   until a host that fails is back.
  func enter(hasOther: Bool) async throws(Refusal) {
    let isProbe = try await admitted(hasOther: hasOther)
    let turn = pace.take(at: now())
    if turn > longestWait {
      if isProbe { breaker.abandoned(at: now()) }
      throw .closed(reason: lastFailure)
    }
    if turn > .zero {
      do {
        try await sleep(turn)
      } catch {
        if isProbe { breaker.abandoned(at: now()) }
        throw .cancelled
      }
    }
  }

  /// - Returns: whether the call is the one that shows whether the host is back.
  private func admitted(hasOther: Bool) async throws(Refusal) -> Bool {
    while true {
      switch breaker.admit(at: now()) {
      case .ask: return false
      case .probe: return true
      case .down: throw .closed(reason: lastFailure)
      case .wait where hasOther: throw .closed(reason: lastFailure)
      case .wait(let pause):
        do { try await sleep(pause) } catch { throw .cancelled }
      }
    }
  }

  /// The host answered, whatever it said, but for what means trouble.
  /// - Returns: whether it was given up for a while until now.
  func served(in took: Duration) -> Bool {
    hasAnswered = true
    pace.answered(in: took)
    pace.served()
    return breaker.succeeded() == .closed
  }

  /// The host answered that it has trouble, or did not answer.
  /// - Parameters:
  ///   - took: until its answer; `nil` when none came.
  ///   - asked: how long it wants to be left alone, where it said so.
  ///   - isTooOften: it was asked too often (429): no sign that it fails.
  func failed(
    in took: Duration?, asked: Duration?, isTooOften: Bool, reason: String
  ) -> Consequence {
    lastFailure = reason
    if let took {
      hasAnswered = true
      pace.answered(in: took)
    }
    var consequence = Consequence()
    if isTooOften || asked != nil {
      consequence.refuses = pace.refused(asked: asked, at: now())
    }
    if isTooOften {
      abandoned()
    } else if hasAnswered, case .opened(let pause) = breaker.failed(at: now()) {
      // Of a host that was not there at all the question's few tries are enough.
      consequence.rests = pause
    }
    return consequence
  }

  /// A call ended without any word on the host.
  func abandoned() { breaker.abandoned(at: now()) }

  /// A question stayed without an answer after all its tries.
  /// - Parameter isHopeless: another try would not help (a certificate that does not fit, say).
  func gaveUp(isHopeless: Bool, reason: String) {
    lastFailure = reason
    // A host that was there in this run may come back; one that never was is not waited for again.
    if isHopeless || !hasAnswered { breaker.giveUp() }
  }

  /// Whether the host has answered in this run.
  var isKnown: Bool { hasAnswered }
}

/// The gates of one run, by endpoint.
struct HostGates: Sendable {
  private let gates: [HostGate]

  init(_ endpoints: [SafeURL], _ policy: CataloguePolicy, clock: any Clock<Duration>) {
    // Two endpoints on one host share its gate.
    var byHost: [Origin: HostGate] = [:]
    gates = endpoints.map { endpoint in
      if let gate = byHost[endpoint.origin] { return gate }
      let gate = HostGate(
        pace: Pace(base: policy.callsPerSecond), longestWait: policy.retries.longestWait,
        clock: clock)
      byHost[endpoint.origin] = gate
      return gate
    }
  }

  subscript(endpoint: Int) -> HostGate { gates[endpoint] }
}
