import CatalogueModel
import Civitai
import ContentStore
import Core
import Synchronization
import SystemIO
import Transfer

/// The tries at one object: endpoint after endpoint, each with retries for what passes by itself.
struct FetchAttempts {
  let fetcher: Fetcher
  let entry: Entry

  /// How often wrong bytes are fetched anew before they are believed.
  private static let mismatchTries = 2

  func run(_ first: ObjectWriter) async -> FetchOutcome {
    var writer = first
    let before = first.received
    var mismatches = 0
    while true {
      let current = writer
      switch await transfer(into: current) {
      case .refused(let outcome):
        await fetcher.disk.run { current.abandon() }
        return outcome
      case .received(let bytes):
        do {
          let all = max(bytes.bytes, current.received - before)
          try await fetcher.disk.run { () throws(StoreError) in try current.finish() }
          return .fetched(ByteCount(all))
        } catch .digestMismatch where mismatches + 1 < Self.mismatchTries {
          mismatches += 1
          fetcher.observer.handle(
            .notice("`\(entry.file.name)` came with wrong bytes; fetching it once more"))
          do {
            writer = try await fetcher.disk.run { () throws(StoreError) in
              try fetcher.store.writer(for: entry.digest, length: nil)
            }
          } catch {
            return Fetcher.outcome(of: error)
          }
        } catch {
          return Fetcher.outcome(of: error)
        }
      }
    }
  }

  private enum Transferred {
    case received(ByteCount)
    case refused(FetchOutcome)
  }

  /// A refusal that another endpoint may not share is only believed when the last has said it.
  private func transfer(into writer: ObjectWriter) async -> Transferred {
    if entry.isObject {
      guard let url = entry.file.url.flatMap({ SafeURL($0) }) else {
        return .refused(.blocked(.objectMissing))
      }
      return await transfer(request(url, below: url), into: writer)
    }
    var answer = FetchOutcome.failed(.other, "the manifest names no endpoint")
    for endpoint in fetcher.endpoints {
      let url = downloadURL(endpoint: endpoint, version: entry.version.id, file: entry.file)
      switch await transfer(request(url, below: endpoint), into: writer) {
      case .received(let bytes): return .received(bytes)
      case .refused(let outcome):
        answer = outcome
        switch outcome {
        case .blocked(.gone), .failed(.unreachable, _), .failed(.other, _): continue
        default: return .refused(outcome)
        }
      }
    }
    return .refused(answer)
  }

  private func transfer(
    _ request: DownloadRequest, into writer: ObjectWriter
  ) async -> Transferred {
    let digest = entry.digest
    let observer = fetcher.observer
    let limits = AttemptLimits(verdict)
    // Each resolution counts: its signed URL is used until storage rejects it.
    let kept = Mutex<ResolvedAddress?>(nil)
    do throws(TransferError) {
      let outcome = try await withRetries(
        fetcher.retries, clock: fetcher.context.clock, random: fetcher.context.random,
        classify: { result in
          let decision = limits.classify(result)
          let ending = AttemptEnding(result, isRepeated: decision != .done)
          observer.handle(.fetchTried(digest, ending))
          return decision
        },
        onRetry: { notice in
          observer.handle(.fetchRetries(digest, name: entry.file.name, notice))
        },
        operation: { _ throws(TransferError) in
          var attempt = request
          attempt.kept = kept.withLock { $0 }
          limits.begins(isFresh: attempt.kept == nil)
          let before = writer.received
          observer.handle(.fetchTries(digest, has: before))
          do throws(TransferError) {
            let outcome = try await fetcher.http.download(
              attempt, into: writer,
              progress: { observer.handle(.fetchAdvanced(digest, bytes: $0)) },
              resolved: { address in kept.withLock { $0 = address } })
            if case .refused = outcome { kept.withLock { $0 = nil } }
            return outcome
          } catch {
            // Where nothing came from, nothing more is looked for.
            if writer.received <= before { kept.withLock { $0 = nil } }
            throw error
          }
        })
      return read(outcome, sentToken: request.bearer != nil)
    } catch {
      return .refused(Self.outcome(of: error))
    }
  }

  /// - Parameter site: whom the token is for, if it may go there at all; a redirect to another
  ///   origin goes without it.
  private func request(_ url: SafeURL, below site: SafeURL) -> DownloadRequest {
    let mayCarryToken = fetcher.token != nil && fetcher.tokens.allows(site)
    return DownloadRequest(
      url: url, bearer: mayCarryToken ? fetcher.token : nil,
      bearerOrigins: mayCarryToken ? [site.origin] : [],
      rejectsDocuments: !expectsDocument(type: entry.file.type, name: entry.file.name),
      allowsPlainHTTP: site.isLoopback && site.scheme == "http")
  }

  private func read(_ outcome: DownloadOutcome, sentToken: Bool) -> Transferred {
    switch outcome {
    case .complete(let info): return .received(ByteCount(info.received))
    case .refused(let response, let isResolution):
      switch verdict(response, isResolution) {
      case .blocked(.loginRequired) where sentToken: return .refused(.blocked(.tokenRefused))
      case .blocked(let reason): return .refused(.blocked(reason))
      case .passing:
        return .refused(
          .failed(.unreachable, "the server keeps answering \(response.status)"))
      case .expiredSignature:
        return .refused(
          .failed(.unreachable, "the storage keeps rejecting the signed URL"))
      case .failed(let reason): return .refused(.failed(.other, reason))
      }
    }
  }

  private func verdict(_ response: HTTPResponse, _ isResolution: Bool) -> DownloadVerdict {
    entry.isObject
      ? classifyObjectRefusal(response, isFirst: isResolution)
      : classifyRefusal(response, isResolution: isResolution)
  }

  private static func outcome(of error: TransferError) -> FetchOutcome {
    switch error {
    case .cancelled, .closed: return .failed(.interrupted, "stopped; what came is kept")
    case .sinkFailed(let failure):
      if let error = failure.error as? StoreError { return Fetcher.outcome(of: error) }
      return .failed(.other, "\(error)")
    case .notAModel, .lengthMismatch: return .failed(.verification, "\(error)")
    default: return .failed(error.isPassing ? .unreachable : .other, "\(error)")
    }
  }
}

/// Decides about repeating by the site's rules, and counts what may be repeated only so often.
private final class AttemptLimits: Sendable {
  /// Refusals of addresses that were resolved anew.
  private let attempts = Mutex(0)
  /// Whether the last attempt resolved its address anew.
  private let isFresh = Mutex(true)
  private let verdict: @Sendable (HTTPResponse, Bool) -> DownloadVerdict

  init(_ verdict: @escaping @Sendable (HTTPResponse, Bool) -> DownloadVerdict) {
    self.verdict = verdict
  }

  func begins(isFresh: Bool) { self.isFresh.withLock { $0 = isFresh } }

  func classify(_ result: Result<DownloadOutcome, TransferError>) -> RetryDecision {
    guard case .success(.refused(let response, let isResolution)) = result else {
      return .standard(result)
    }
    // What a kept address says is no word on the file: it is asked for anew, and that counts.
    guard isFresh.withLock({ $0 }) else {
      return .retry(
        after: response.headers.retryAfter ?? .zero, reason: "the signed URL is no longer good")
    }
    let attempt = attempts.withLock { count in
      count += 1
      return count
    }
    switch verdict(response, isResolution) {
    case .blocked, .failed: return .done
    case .passing(let after, let limit):
      if let limit, attempt >= limit { return .done }
      return .retry(after: after, reason: "the server answered \(response.status)")
    // A fresh resolution helps at once or not at all.
    case .expiredSignature:
      return attempt >= 3
        ? .done : .retry(after: .zero, reason: "the signed URL is no longer good")
    }
  }
}
