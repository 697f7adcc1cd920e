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
    var sources = fetcher.sources(of: entry)[...]
    var answer =
      entry.isObject
      ? FetchOutcome.blocked(.objectMissing) : .failed(.other, "the manifest names no endpoint")
    var mismatches = 0
    while true {
      let current = writer
      switch await transfer(into: current, from: &sources, &answer) {
      case .refused(let outcome):
        await fetcher.disk.run { current.abandon() }
        return outcome
      case .received(let bytes):
        do {
          let all = max(bytes.bytes, current.received - before)
          try await fetcher.disk.run { () throws(StoreError) in try current.finish() }
          return .fetched(ByteCount(all))
        } catch .digestMismatch(let expected, let actual, let length)
          where mismatches + 1 < Self.mismatchTries || sources.count > 1
        {
          mismatches += 1
          // Who gives wrong bytes again and again is not asked any more.
          if mismatches >= Self.mismatchTries, let liar = sources.popFirst() {
            if isOwn(liar) {
              answer = Fetcher.outcome(
                of: .digestMismatch(expected: expected, actual: actual, length: length))
            }
            mismatches = 0
          }
          fetcher.observer.handle(
            .notice("`\(entry.file.name)` came with wrong bytes; fetching it once more"))
          do {
            guard let again = try await fetcher.writer(for: entry) else {
              return .failed(.interrupted, "stopped")
            }
            writer = again
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

  /// Tries one source after the other. A refusal that another endpoint may not share is only believed
  /// when the last has said it.
  /// - Parameters:
  ///   - sources: those that gave nothing are taken out.
  ///   - answer: the last word on the file itself.
  private func transfer(
    into writer: ObjectWriter, from sources: inout ArraySlice<FetchSource>,
    _ answer: inout FetchOutcome
  ) async -> Transferred {
    while var source = sources.first {
      source.request.hasOther = sources.count > 1
      switch await transfer(source, into: writer) {
      case .received(let bytes): return .received(bytes)
      case .refused(let outcome):
        // What a mirror says is no word on the file itself.
        if isOwn(source) { answer = answer.followed(by: outcome) }
        if case .failed(.interrupted, _) = outcome { return .refused(outcome) }
        if case .failed(.noSpace, _) = outcome { return .refused(outcome) }
        sources.removeFirst()
        // Each address of an object is another server's.
        if !outcome.mayBeElsewhere, !source.entry.isObject {
          sources = sources.drop { $0.entry.identity == source.entry.identity }
        }
      }
    }
    return .refused(answer)
  }

  private func isOwn(_ source: FetchSource) -> Bool { source.entry.identity == entry.identity }

  private func transfer(
    _ source: FetchSource, into writer: ObjectWriter
  ) async -> Transferred {
    let request = source.request
    let digest = entry.digest
    let observer = fetcher.observer
    let limits = AttemptLimits(had: writer.received) { source.verdict($0, $1) }
    // Each resolution counts: its signed URL is used until storage rejects it.
    let kept = Mutex<ResolvedAddress?>(nil)
    let most = Mutex(HighWater(bytes: writer.received))
    let isSized = Atomic(false)
    do throws(TransferError) {
      let outcome = try await withRetries(
        fetcher.retries, clock: fetcher.context.clock, random: fetcher.context.random,
        classify: { result in
          let decision = limits.classify(result, has: writer.received)
          let ending = AttemptEnding(result, isRepeated: ![.done, .again].contains(decision))
          observer.handle(.fetchTried(digest, ending))
          return decision
        },
        onRetry: { notice in
          observer.handle(.fetchRetries(digest, name: entry.file.name, notice))
        },
        operation: { _ throws(TransferError) in
          await fetcher.pacer.enter()
          defer { fetcher.pacer.leave() }
          var attempt = request
          attempt.kept = kept.withLock { $0 }
          limits.begins(isFresh: attempt.kept == nil)
          let before = writer.received
          observer.handle(.fetchTries(digest, has: before))
          do throws(TransferError) {
            let outcome = try await fetcher.http.download(
              attempt, into: writer,
              progress: { bytes in
                if most.withLock({ $0.fallsBack(to: bytes) }) {
                  observer.handle(
                    .notice(
                      "`\(entry.file.name)` is another one on the server now; fetching it anew"))
                }
                if entry.file.bytes == .zero, let total = writer.total,
                  !isSized.exchange(true, ordering: .relaxed)
                {
                  observer.handle(.fetchSized(digest, bytes: total))
                }
                observer.handle(.fetchAdvanced(digest, bytes: bytes))
              },
              resolved: { address in kept.withLock { $0 = address } },
              begins: { observer.handle(.fetchAsked(digest)) })
            if case .refused = outcome { kept.withLock { $0 = nil } }
            return outcome
          } catch {
            // Where nothing came from, nothing more is looked for.
            if writer.received <= before { kept.withLock { $0 = nil } }
            throw error
          }
        })
      return read(outcome, source)
    } catch {
      return .refused(Self.outcome(of: error))
    }
  }

  private func read(_ outcome: DownloadOutcome, _ source: FetchSource) -> Transferred {
    switch outcome {
    case .complete(let info): return .received(ByteCount(info.received))
    case .refused(let response, let isResolution):
      switch source.verdict(response, isResolution) {
      case .blocked(.loginRequired) where source.request.bearer != nil:
        return .refused(.blocked(.tokenRefused))
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

  private static func outcome(of error: TransferError) -> FetchOutcome {
    switch error {
    case .cancelled, .closed: return .failed(.interrupted, "stopped; what came is kept")
    case .sinkFailed(let failure):
      if let error = failure.error as? StoreError { return Fetcher.outcome(of: error) }
      return .failed(.other, "\(error)")
    case .notAModel, .lengthMismatch: return .failed(.verification, "\(error)")
    case .hostFails: return .failed(.unreachable, "\(error)")
    default: return .failed(error.isPassing ? .unreachable : .other, "\(error)")
    }
  }
}

/// Whether bytes that were there had to be given up, told once.
private struct HighWater {
  var bytes: Int64
  var wasTold = false

  mutating func fallsBack(to now: Int64) -> Bool {
    defer { bytes = max(bytes, now) }
    guard now < bytes, !wasTold else { return false }
    wasTold = true
    return true
  }
}

extension FetchSource {
  fileprivate func verdict(_ response: HTTPResponse, _ isResolution: Bool) -> DownloadVerdict {
    entry.isObject
      ? objectRefusal(response, isFirst: isResolution)
      : classifyRefusal(response, isResolution: isResolution)
  }
}

/// Decides about repeating by the site's rules, and counts what may be repeated only so often.
private final class AttemptLimits: Sendable {
  /// Refusals of addresses that were resolved anew.
  private let attempts = Mutex(0)
  /// Whether the last attempt resolved its address anew.
  private let isFresh = Mutex(true)
  /// The most bytes that there ever were.
  private let most: Mutex<Int64>
  private let verdict: @Sendable (HTTPResponse, Bool) -> DownloadVerdict

  /// A try that brought so much counts as none.
  private static let worthwhile: Int64 = 1 << 20

  /// - Parameter had: bytes that were there before the first try.
  init(had: Int64, _ verdict: @escaping @Sendable (HTTPResponse, Bool) -> DownloadVerdict) {
    most = Mutex(had)
    self.verdict = verdict
  }

  func begins(isFresh: Bool) { self.isFresh.withLock { $0 = isFresh } }

  /// - Parameter has: bytes that are there now.
  func classify(
    _ result: Result<DownloadOutcome, TransferError>, has: Int64
  ) -> RetryDecision {
    let isFurther = most.withLock { most in
      defer { most = max(most, has) }
      return has >= most + Self.worthwhile
    }
    guard case .success(.refused(let response, let isResolution)) = result else {
      if isFurther, case .failure(let error) = result, error.isPassing {
        return .goOn(reason: "\(error)")
      }
      return .standard(result)
    }
    // What a kept address says is no word on the file. The next try asks for a fresh one, so that this
    // happens once for each and need not count.
    guard isFresh.withLock({ $0 }) || isResolution else {
      return response.isPassing
        ? .retry(
          after: response.headers.retryAfter, reason: "the server answered \(response.status)")
        : .again
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
