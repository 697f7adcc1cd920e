/// When to try again, and how often.
package struct RetryPolicy: Sendable, Equatable {
  /// How long to wait before each further try; their count is the number of tries after the first.
  package var delays: [Duration]
  /// Each delay is stretched or shortened by up to this share of itself, so that many clients do
  /// not come back at once.
  package var jitter: Double
  /// A server that asks to wait longer than this is not waited for.
  package var longestWait: Duration

  package init(delays: [Duration], jitter: Double = 0.2, longestWait: Duration = .seconds(300)) {
    self.delays = delays
    self.jitter = jitter
    self.longestWait = longestWait
  }

  package static let standard = RetryPolicy(delays: [5, 15, 30, 60].map { .seconds($0) })
  package static let none = RetryPolicy(delays: [])

  /// The same waits for another number of further tries: the first ones, or the last one again and again.
  package func limited(to retries: Int) -> RetryPolicy {
    var policy = self
    policy.delays = Array(delays.prefix(retries))
    let last = delays.last ?? Self.standard.delays[0]
    while policy.delays.count < retries { policy.delays.append(last) }
    return policy
  }

  /// The wait before try number `attempt` + 1 (the first try is 1); `nil` to give up.
  /// - Parameters:
  ///   - asked: what the server asked for; never undercut.
  ///   - random: 0 ..< 1, places the wait inside the jitter.
  package func delay(after attempt: Int, asked: Duration?, random: Double) -> Duration? {
    guard delays.indices.contains(attempt - 1) else { return nil }
    if let asked, asked > longestWait { return nil }
    let stretched = delays[attempt - 1] * (1 + jitter * (2 * random - 1))
    return max(asked ?? .zero, stretched)
  }
}

/// What one result of a try means.
package enum RetryDecision: Sendable, Equatable {
  /// Hand it to the caller, be it success or failure.
  case done
  /// Try again, not before `after` if the server said so; `reason` is for people.
  case retry(after: Duration?, reason: String)
  /// It brought something: try again, and count from the beginning.
  case goOn(reason: String)
  /// It tells nothing: try again at once, as if it had not been. Whoever says so sees to it that this
  /// comes to an end.
  case again

  /// Tries again what is passing by nature: lost connections, timeouts, overloaded servers.
  package static func standard(_ result: Result<HTTPResponse, TransferError>) -> RetryDecision {
    switch result {
    case .success(let response) where response.isPassing:
      .retry(after: response.headers.retryAfter, reason: "the server answered \(response.status)")
    case .failure(let error) where error.isPassing: .retry(after: nil, reason: "\(error)")
    case .success, .failure: .done
    }
  }

  /// The same for a download's outcome.
  package static func standard(_ result: Result<DownloadOutcome, TransferError>) -> RetryDecision {
    switch result {
    case .success(.refused(let response, _)): standard(.success(response))
    case .success(.complete): .done
    case .failure(let error): standard(Result<HTTPResponse, TransferError>.failure(error))
    }
  }
}

/// Another try is about to be waited for.
package struct RetryNotice: Sendable, Equatable {
  /// The try that just failed; the first is 1.
  package var attempt: Int
  package var delay: Duration
  package var reason: String
}

/// Runs `operation` until `classify` is content or the policy gives up; the last result counts.
/// - Parameters:
///   - clock: waits between the tries; a test's clock makes that take no time.
///   - random: a number in 0 ..< 1 for the jitter.
///   - onRetry: told before each wait.
///   - operation: gets the number of the try, beginning with 1.
/// - Throws: the last try's error, or `.cancelled` when the task is cancelled while it waits.
package func withRetries<Value>(
  _ policy: RetryPolicy, clock: any Clock<Duration>, random: () -> Double,
  classify: (Result<Value, TransferError>) -> RetryDecision,
  onRetry: (RetryNotice) -> Void = { _ in },
  operation: (_ attempt: Int) async throws(TransferError) -> Value
) async throws(TransferError) -> Value {
  var attempt = 1
  while true {
    let result: Result<Value, TransferError>
    do {
      result = .success(try await operation(attempt))
    } catch {
      result = .failure(error)
    }
    let asked: Duration?
    let reason: String
    switch classify(result) {
    case .done: return try result.get()
    case .retry(let after, let why): (asked, reason) = (after, why)
    case .goOn(let why): (asked, reason, attempt) = (nil, why, 1)
    case .again: continue
    }
    guard let delay = policy.delay(after: attempt, asked: asked, random: random()) else {
      return try result.get()
    }
    onRetry(RetryNotice(attempt: attempt, delay: delay, reason: reason))
    do { try await clock.sleep(for: delay) } catch { throw .cancelled }
    attempt += 1
  }
}
