package import CatalogueModel
import Core

/// Why an entry's bytes did not come. What came stays in the store for the next run.
package struct FetchFailure: Sendable {
  package enum Kind: String, Sendable {
    case unreachable, verification
    case noSpace = "no-space"
    case interrupted, other
  }

  package var entry: Entry
  package var kind: Kind
  package var message: String

  var exit: CommandExit {
    switch kind {
    case .unreachable: .unreachable
    case .verification: .verificationFailed
    case .noSpace: .noSpace
    case .interrupted: .interrupted
    case .other: .failed
    }
  }
}

/// What became of one object.
enum FetchOutcome: Sendable {
  /// It is whole and verified; so many bytes came over the network for it.
  case fetched(ByteCount)
  case blocked(BlockedReason)
  case failed(FetchFailure.Kind, String)
}
