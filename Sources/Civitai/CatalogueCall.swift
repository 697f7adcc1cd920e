internal import Core
internal import Transfer

/// One question to one endpoint, with its tries.
struct CatalogueCall: Sendable {
  let session: CatalogueSession
  let request: HTTPRequest
  let endpoint: Int
  /// What the server answered before.
  var known: JSONAnswer?

  private var gate: HostGate { session.gates[endpoint] }
  private var base: SafeURL { session.endpoints[endpoint] }

  /// How often what an answer holds is asked for again, when it is no data: it comes from something
  /// in between more often than from the site.
  private static let unreadableTries = 3
  private static let pageTries = 2
  /// How often a host is tried that was not there in this run at all: somebody waits.
  private static let absentTries = 3

  /// What one try came to.
  private enum Attempt: Sendable {
    case answer(APIAnswer)
    /// Worth another try, up to so many in all; `nil`: as many as the policy has.
    case trouble(Reason, after: Duration?, most: Int?)
    case hopeless(Reason)
    case closed(reason: String)

    var isAnswer: Bool { if case .answer = self { true } else { false } }
  }

  /// In few words, and with the endpoint's name, for those who do not see it.
  private struct Reason {
    var short: String
    var whole: String
  }

  private func reason(_ error: TransferError) -> Reason {
    Reason(short: "\(error)", whole: "`\(base)`: \(error)")
  }

  private func reason(said text: String) -> Reason {
    Reason(short: text, whole: "`\(base)` \(text)")
  }

  func answer() async -> APIAnswer {
    var tries = 0
    do throws(TransferError) {
      let last = try await withRetries(
        session.policy.retries, clock: session.clock, random: session.random,
        classify: { (result: Result<Attempt, TransferError>) in
          guard case .success(.trouble(let reason, let after, let most)) = result,
            tries < most ?? .max
          else { return .done }
          return .retry(after: after, reason: reason.short)
        },
        onRetry: { notice in
          session.progress(.waiting(endpoint: base, delay: notice.delay, reason: notice.reason))
        },
        operation: { attempt throws(TransferError) in
          tries = attempt
          return try await self.attempt()
        })
      return await settle(last)
    } catch {
      // Only a cancellation gets here; every other error is one of the tries' results.
      return .unavailable(reason: "interrupted")
    }
  }

  private func settle(_ last: Attempt) async -> APIAnswer {
    switch last {
    case .answer(let answer): return answer
    case .closed(let reason): return .unavailable(reason: reason)
    case .trouble(let reason, _, _):
      await gate.gaveUp(isHopeless: false, reason: reason.whole)
      return .unavailable(reason: reason.whole)
    case .hopeless(let reason):
      await gate.gaveUp(isHopeless: true, reason: reason.whole)
      return .unavailable(reason: reason.whole)
    }
  }

  private func attempt() async throws(TransferError) -> Attempt {
    do throws(HostGate.Refusal) {
      try await gate.enter(hasOther: session.endpoints.count > 1)
    } catch {
      switch error {
      case .cancelled: throw .cancelled
      case .closed(let reason): return .closed(reason: reason)
      }
    }
    await session.log.countCall()
    let began = ContinuousClock.now
    do throws(TransferError) {
      var conditional = request
      for field in known?.condition.fields ?? [] {
        conditional.headers[field.name] = field.value
      }
      let response = try await session.http.send(conditional)
      let took = ContinuousClock.now - began
      let attempt = await read(response, took: took)
      session.progress(.called(took: took, attempt.isAnswer ? .answered : .failed))
      return attempt
    } catch {
      return try await failed(error)
    }
  }

  private func failed(_ error: TransferError) async throws(TransferError) -> Attempt {
    let reason = reason(error)
    session.progress(.called(took: nil, AttemptEnding(error)))
    switch error {
    case .cancelled:
      await gate.abandoned()
      throw .cancelled
    case .tls: return .hopeless(reason)
    // No word on the host.
    case .bodyTooLarge, .closed:
      await gate.abandoned()
      return .answer(.unavailable(reason: reason.whole))
    default: break
    }
    let outcome = await gate.failed(in: nil, asked: nil, isTooOften: false, reason: reason.whole)
    rest(outcome.rests, reason)
    guard error.isPassing else { return .answer(.unavailable(reason: reason.whole)) }
    let isKnown = await gate.isKnown
    return .trouble(reason, after: nil, most: isKnown ? nil : Self.absentTries)
  }

  private func read(_ response: HTTPResponse, took: Duration) async -> Attempt {
    if response.status == 304, let known, known.validator != nil {
      await served(took)
      return .answer(.json(known.confirmed))
    }
    switch classifyAnswer(response) {
    case .passing(let after, let text):
      let reason = reason(said: text)
      let outcome = await gate.failed(
        in: took, asked: after, isTooOften: response.status == 429, reason: reason.whole)
      rest(outcome.rests, reason)
      return .trouble(reason, after: outcome.refuses, most: nil)
    case .unavailable(let reason):
      await served(took)
      return .answer(.unavailable(reason: "`\(base)` \(reason)"))
    case .webPage(let reason):
      return await nonsense(self.reason(said: reason), took, most: Self.pageTries)
    case .region(let reason):
      await served(took)
      return .answer(.region(reason: "`\(base)` \(reason)"))
    case .unauthorized(let reason):
      await served(took)
      return .answer(.unauthorized(reason: "`\(base)` \(reason)"))
    case .notFound:
      await served(took)
      return .answer(.notFound)
    case .json:
      do throws(DecodingProblem) {
        let answer = JSONAnswer(try parsed(response.body), of: response)
        await served(took)
        return .answer(.json(answer))
      } catch {
        let reason = reason(said: "answered what cannot be read: \(error.message)")
        return await nonsense(reason, took, most: Self.unreadableTries)
      }
    }
  }

  /// What answers is not the site: a host of which nothing else comes is left alone as one that fails.
  private func nonsense(_ reason: Reason, _ took: Duration, most: Int) async -> Attempt {
    let outcome = await gate.failed(
      in: took, asked: nil, isTooOften: false, reason: reason.whole)
    rest(outcome.rests, reason)
    return .trouble(reason, after: nil, most: most)
  }

  private func served(_ took: Duration) async {
    if await gate.served(in: took) { session.progress(.returned(endpoint: base)) }
  }

  private func rest(_ pause: Duration?, _ reason: Reason) {
    guard let pause else { return }
    session.progress(.rests(endpoint: base, pause, reason: reason.short))
  }
}
