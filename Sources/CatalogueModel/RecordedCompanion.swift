package import Core

/// A companion as it was first made or fetched: pinned by its digest, and placed beside each of the
/// places of its file. Snapshot only.
package struct RecordedCompanion: Sendable, Hashable {
  package var kind: CompanionKind
  /// From 1; only previews come in numbers.
  package var number: Int
  package var digest: Digest
  package var bytes: ByteCount

  package init(kind: CompanionKind, number: Int = 1, digest: Digest, bytes: ByteCount) {
    self.kind = kind
    self.number = number
    self.digest = digest
    self.bytes = bytes
  }

  /// The order in which they are written.
  static func precedes(_ left: Self, _ right: Self) -> Bool {
    (left.kind.rawValue, left.number) < (right.kind.rawValue, right.number)
  }
}
