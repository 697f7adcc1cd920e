package import Core

/// What stands at a place, as far as planning needs to know.
package enum Observed: Sendable, Equatable {
  case absent
  /// The wanted content, placed as civsync places it.
  case intact
  /// Something civsync placed that has changed since; the text says how.
  case modified(String)
  /// A file that civsync has no record of. `digest` where the content was read, which is only done
  /// when its size could be the wanted one.
  case foreignFile(bytes: ByteCount, digest: Digest?)
  /// A folder, a socket, a link to nowhere: anything else that civsync did not place.
  case foreignOther(String)
  /// The way there leads through something that is not a folder of the tree.
  case unsafe(String)
}

/// The world as it was looked at: the other half of a plan's input.
package struct ObservedWorld: Sendable {
  /// Every place that is wanted or recorded.
  package var places: [Place: Observed]
  /// Digests whose objects stand in the store, of those that matter.
  package var stored: Set<Digest>
  /// Bytes that an interrupted fetch left in the store, by digest.
  package var partial: [Digest: ByteCount]
  /// Free bytes on the store's file system; `nil` when it could not be told.
  package var free: ByteCount?
  /// Placing writes the bytes once more (`link: copy`).
  package var copies: Bool

  package init(
    places: [Place: Observed] = [:], stored: Set<Digest> = [],
    partial: [Digest: ByteCount] = [:], free: ByteCount? = nil, copies: Bool = false
  ) {
    self.places = places
    self.stored = stored
    self.partial = partial
    self.free = free
    self.copies = copies
  }
}
