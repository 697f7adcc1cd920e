package import Core
package import Transfer

/// What the engine tells while it works. Data for progress and logs; nothing is decided by it.
package enum EngineEvent: Sendable {
  case askingCatalogue
  /// An endpoint is asked again after a while.
  case catalogueWaits(String, Duration, reason: String)
  case fetching(files: Int, bytes: ByteCount)
  case fetchBegan(Digest, name: String, bytes: ByteCount)
  /// Bytes that stand in the store now, resumed ones included.
  case fetchAdvanced(Digest, bytes: Int64)
  case fetchRetries(Digest, name: String, RetryNotice)
  case fetchEnded(Digest)
  case switching(steps: Int)
  /// An interrupted apply was brought to its end.
  case recovered(String)
  case notice(String)
}

/// Hears events, on any thread, and must not take long.
package protocol EngineObserver: Sendable {
  func handle(_ event: EngineEvent)
}
