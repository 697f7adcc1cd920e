import Core
import Testing

@testable import Transfer

/// A clock whose sleeps take no time and are noted.
final class NoteClock: Clock {
  struct Instant: InstantProtocol {
    var offset: Duration
    func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
    func duration(to other: Instant) -> Duration { other.offset - offset }
    static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
  }

  private let time = Locked(Instant(offset: .zero))
  let minimumResolution = Duration.zero
  var now: Instant { time.withLock { $0 } }

  func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    try Task.checkCancellation()
    time.withLock { $0 = deadline }
  }
}

@Suite struct RetryTests {
  private func response(_ status: Int, _ headers: HTTPHeaders = [:]) throws -> HTTPResponse {
    let url = try #require(SafeURL("https://a.example/"))
    return HTTPResponse(status: status, headers: headers, body: [], url: url)
  }

  /// Runs the standard policy over a list of results.
  private func run(
    _ results: [Result<HTTPResponse, TransferError>], random: Double = 0.5,
    policy: RetryPolicy = .standard
  ) async -> (result: Result<HTTPResponse, TransferError>, notices: [RetryNotice], time: Duration) {
    let clock = NoteClock()
    var notices: [RetryNotice] = []
    do throws(TransferError) {
      let value = try await withRetries(
        policy, clock: clock, random: { random }, classify: { RetryDecision.standard($0) },
        onRetry: { notices.append($0) },
        operation: { attempt async throws(TransferError) in
          try results[min(attempt, results.count) - 1].get()
        })
      return (.success(value), notices, clock.now.offset)
    } catch {
      return (.failure(error), notices, clock.now.offset)
    }
  }

  @Test func `what is passing is tried again after 5, 15, 30 and 60 seconds`() async throws {
    let outcome = await run([.failure(.connectionLost(received: 3))])
    #expect(outcome.result == .failure(.connectionLost(received: 3)))
    #expect(outcome.notices.map(\.delay) == [5, 15, 30, 60].map { .seconds($0) })
    #expect(outcome.notices.map(\.attempt) == [1, 2, 3, 4])
    #expect(outcome.notices.first?.reason == "the connection was lost after 3 bytes")
    #expect(outcome.time == .seconds(110))
  }

  @Test func `a success ends it`() async throws {
    let good = try response(200)
    let outcome = await run([.success(try response(503)), .success(good)])
    #expect(outcome.result == .success(good))
    #expect(outcome.notices.map(\.reason) == ["the server answered 503"])
  }

  @Test func `what is final is not tried again`() async throws {
    for final in [TransferError.cancelled, .tls("x"), .notAModel(contentType: nil, excerpt: "")] {
      let outcome = await run([.failure(final)])
      #expect(outcome.result == .failure(final))
      #expect(outcome.notices.isEmpty)
    }
    let missing = try response(404)
    #expect(await run([.success(missing)]).result == .success(missing))
  }

  @Test func `a server's wish is kept, unless it is too long`() async throws {
    let busy = try response(503, ["Retry-After": "20"])
    let outcome = await run([.success(busy), .success(try response(200))])
    #expect(outcome.time == .seconds(20))
    let asleep = try response(503, ["Retry-After": "3600"])
    let given = await run([.success(asleep)])
    #expect(given.result == .success(asleep))
    #expect(given.time == .zero)
  }

  @Test func `jitter stretches and shortens by a fifth`() {
    let policy = RetryPolicy.standard
    #expect(policy.delay(after: 1, asked: nil, random: 0) == .seconds(4))
    #expect(policy.delay(after: 4, asked: nil, random: 1) == .seconds(72))
    #expect(policy.delay(after: 5, asked: nil, random: 0) == nil)
    #expect(RetryPolicy.none.delay(after: 1, asked: nil, random: 0) == nil)
  }

  @Test func `a cancelled wait is a cancelled try`() async throws {
    let task = Task {
      unsafe withUnsafeCurrentTask { task in unsafe task?.cancel() }
      return await run([.failure(.timedOut(.stall))]).result
    }
    #expect(await task.value == .failure(.cancelled))
  }

  @Test func `downloads are judged by the same measure`() throws {
    let refused = DownloadOutcome.refused(try response(503), isResolution: false)
    #expect(
      RetryDecision.standard(.success(refused))
        == .retry(after: nil, reason: "the server answered 503"))
    let gone = DownloadOutcome.refused(try response(410), isResolution: true)
    #expect(RetryDecision.standard(.success(gone)) == .done)
    let failed: Result<DownloadOutcome, TransferError> = .failure(.timedOut(.connect))
    #expect(RetryDecision.standard(failed) != .done)
    let info = DownloadInfo(
      received: 1, resumedAt: 0, total: 1, validator: nil, url: try response(200).url)
    #expect(RetryDecision.standard(.success(.complete(info))) == .done)
  }

  @Test func `a wait may be a date, measured by the server's own`() {
    let headers: HTTPHeaders = [
      "Date": "Tue, 29 Feb 2028 23:59:50 GMT", "Retry-After": "Wed, 01 Mar 2028 00:00:20 GMT",
    ]
    #expect(headers.retryAfter == .seconds(30))
    #expect((["Retry-After": "Wed, 01 Mar 2028 00:00:20 GMT"] as HTTPHeaders).retryAfter == nil)
    #expect((["Retry-After": "-5"] as HTTPHeaders).retryAfter == nil)
    #expect((["Retry-After": "soon"] as HTTPHeaders).retryAfter == nil)
    #expect(HTTPDate.seconds("Sun, 06 Nov 1994 08:49:37 GMT") == 784_111_777)
    #expect(HTTPDate.seconds("Thu, 01 Jan 1970 00:00:00 GMT") == 0)
    #expect(HTTPDate.seconds("Sun, 06 Nov 1994 25:49:37 GMT") == nil)
    #expect(HTTPDate.seconds("Sun, 06 Nov 1994 8:49 GMT") == nil)
  }
}
