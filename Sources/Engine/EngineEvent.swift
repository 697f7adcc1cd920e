import Civitai
package import Core
package import Transfer

/// What the engine tells while it works. Data for progress and logs; nothing is decided by it.
package enum EngineEvent: Sendable {
  case askingCatalogue
  /// An endpoint is asked again after a while.
  case catalogueWaits(String, Duration, reason: String)
  /// A site failed too often in a row and is left alone for so long.
  case catalogueRests(String, Duration, reason: String)
  /// It answers again.
  case catalogueReturned(String)
  /// One try of a call to it is over; the time until its answer, where one came.
  case catalogueCalled(took: Duration?, AttemptEnding)
  case fetching(files: Int, bytes: ByteCount)
  case fetchBegan(Digest, name: String, bytes: ByteCount)
  /// A try at it begins; so many of its bytes are there already.
  case fetchTries(Digest, has: Int64)
  /// Its turn has come: the server is asked.
  case fetchAsked(Digest)
  /// That try is over.
  case fetchTried(Digest, AttemptEnding)
  /// Bytes that stand in the store now, resumed ones included.
  case fetchAdvanced(Digest, bytes: Int64)
  /// How large it is, where only the server tells.
  case fetchSized(Digest, bytes: Int64)
  case fetchRetries(Digest, name: String, RetryNotice)
  case fetchEnded(Digest)
  /// Nothing is fetched for a while; `nil`: it goes on.
  case fetchHeld(FetchHold?)
  /// Said about twice a second while files are fetched, also when nothing comes.
  case stillFetching
  /// So many files failed one after the other, although nothing else was under way: the rest is not tried.
  case stoppedTrying(files: Int, left: Int)
  /// What the network client does of its own accord.
  case transfer(TransferNotice)
  /// Files whose content has to be read before it is known how they stand.
  case reading(files: Int, bytes: ByteCount, ReadingReason)
  /// Said now and then while that takes.
  case readOn(files: Int, of: Int, bytes: ByteCount, ofBytes: ByteCount)
  case switching(steps: Int)
  /// A pass of a bench begins, from 1.
  case benchPass(Int, of: Int, policy: String)
  /// An interrupted apply was brought to its end.
  case recovered(String)
  case notice(String)
}

/// Why nothing is fetched for a while.
package enum FetchHold: Sendable, Hashable {
  /// The manifest wants it so, until that time of the day; `nil`: at all times.
  case quiet(until: String?)
  /// The disk has too little room.
  case full
}

extension EngineObserver {
  /// What the catalogue's client tells, as far as somebody waits for it.
  func handle(_ progress: CatalogueProgress) {
    switch progress {
    case .waiting(let endpoint, let delay, let reason):
      handle(.catalogueWaits("\(endpoint.origin)", delay, reason: reason))
    case .rests(let endpoint, let pause, let reason):
      handle(.catalogueRests("\(endpoint.origin)", pause, reason: reason))
    case .returned(let endpoint): handle(.catalogueReturned("\(endpoint.origin)"))
    case .called(let took, let ending): handle(.catalogueCalled(took: took, ending))
    case .listed, .lookedUp: break
    }
  }
}

/// Why the content of files is read.
package enum ReadingReason: Sendable, Equatable {
  /// Their time is not the one that civsync gave them.
  case timeChanged
  /// They stand where a file is wanted, and may be that file.
  case inTheWay
  /// The user asked for it.
  case verifying
  /// Nothing is known of them yet.
  case scanning
}

/// Hears events, on any thread, and must not take long.
package protocol EngineObserver: Sendable {
  func handle(_ event: EngineEvent)
}
