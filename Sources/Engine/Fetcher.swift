import CatalogueModel
import Civitai
import ContentStore
import Core
import ManifestModel
import SystemIO
import Transfer

/// Brings objects into the store, several at once. Verified ones wait there to be published.
struct Fetcher: Sendable {
  let store: ContentStore
  let http: HTTPClient
  let endpoints: [SafeURL]
  let token: Secret?
  let tokens: TokenPolicy
  let context: EngineContext
  let retries: RetryPolicy
  let disk: BlockingExecutor
  let observer: any EngineObserver

  /// How many files are fetched at once.
  let width: Int
  let order: FetchRule
  let pacer: FetchPacer

  /// Entries by content, for other addresses of the same.
  var mirrors: [Digest: [Entry]] = [:]
  /// What the manifest names for objects.
  var objectURLs: [Digest: [SafeURL]] = [:]

  /// Files that fail one after the other, in safe mode, before nothing more is tried.
  private static let mostInRow = 3

  /// Fetches each of the entries, which have different digests.
  /// - Returns: what became of them; nothing of those that were not tried any more.
  func fetch(_ entries: [Entry]) async -> [Digest: FetchOutcome] {
    await withTaskGroup(of: Ended.self) { group in
      var outcomes: [Digest: FetchOutcome] = [:]
      var waiting = FetchOrder(entries, by: order, places: width) { $0.file.bytes.bytes }
      var failuresInRow = 0
      var hasStopped = false
      for place in 0..<width { startNext(at: place, &waiting, in: &group) }
      while let ended = await group.next() {
        observer.handle(.fetchEnded(ended.digest))
        if hasStopped, case .failed(.interrupted, _) = ended.outcome { continue }
        outcomes[ended.digest] = ended.outcome
        switch ended.outcome {
        // Files of a host that is given up cost nothing, and others' may come.
        case .failed(.unreachable, _) where ended.isGivenUp: break
        case .failed(.unreachable, _): failuresInRow += 1
        case .fetched, .blocked, .failed: failuresInRow = 0
        }
        let left = entries.count - outcomes.count
        if failuresInRow >= Self.mostInRow, http.isCareful, left > 0, !hasStopped {
          observer.handle(.stoppedTrying(files: failuresInRow, left: left))
          hasStopped = true
          group.cancelAll()
        }
        if !hasStopped { startNext(at: ended.place, &waiting, in: &group) }
      }
      return outcomes
    }
  }

  private struct Ended: Sendable {
    var place: Int
    var digest: Digest
    var outcome: FetchOutcome
    /// None of the hosts that it would be asked for at is asked any more.
    var isGivenUp: Bool
  }

  private func startNext(
    at place: Int, _ waiting: inout FetchOrder<Entry>, in group: inout TaskGroup<Ended>
  ) {
    guard let entry = waiting.next(at: place) else { return }
    group.addTask {
      let outcome = await fetch(entry)
      var ended = Ended(place: place, digest: entry.digest, outcome: outcome, isGivenUp: false)
      if case .failed(.unreachable, _) = outcome {
        ended.isGivenUp = sources(of: entry).allSatisfy { http.hasGivenUp($0.request.url) }
      }
      return ended
    }
  }

  private func fetch(_ entry: Entry) async -> FetchOutcome {
    if Task.isCancelled { return .failed(.interrupted, "stopped") }
    let bytes = entry.file.bytes
    observer.handle(.fetchBegan(entry.digest, name: entry.file.name, bytes: bytes))
    do {
      guard let writer = try await writer(for: entry) else {
        return .failed(.interrupted, "stopped")
      }
      if writer.isComplete {
        try await disk.run { () throws(StoreError) in try writer.finish() }
        return .fetched(.zero)
      }
      return await FetchAttempts(fetcher: self, entry: entry).run(writer)
    } catch {
      return Self.outcome(of: error)
    }
  }

  /// How often it is looked whether another run is done with an object.
  private static let busyPause: Duration = .milliseconds(200)

  /// Opens the object. As long as another run writes it, that one is waited for: what comes there need
  /// not come twice, and what it leaves is gone on with.
  /// - Returns: `nil` when the task is cancelled meanwhile.
  func writer(for entry: Entry) async throws(StoreError) -> ObjectWriter? {
    var hasSaid = false
    while !Task.isCancelled {
      do throws(StoreError) {
        return try await disk.run { () throws(StoreError) in
          try store.writer(for: entry.digest, length: nil)
        }
      } catch .busy {
        if !hasSaid {
          observer.handle(
            .notice("`\(entry.file.name)` is being fetched by another run; waiting for that one"))
        }
        hasSaid = true
        try? await context.clock.sleep(for: Self.busyPause)
      }
    }
    return nil
  }

  static func outcome(of error: StoreError) -> FetchOutcome {
    switch error {
    case .digestMismatch: .failed(.verification, "\(error)")
    case .system(let error) where error.isFull: .failed(.noSpace, "\(error)")
    default: .failed(.other, "\(error)")
    }
  }
}
