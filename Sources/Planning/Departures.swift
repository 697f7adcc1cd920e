package import CatalogueModel
import Core

/// Why a recorded entry leaves.
package enum Leaving: Sendable, Equatable {
  /// An edit of the manifest no longer selects it.
  case deselected
  /// The user said so.
  case pruned
  /// The successor is placed instead.
  case succeeded(by: EntryIdentity)
  /// The snapshot that is gone back to does not have it.
  case rolledBack
}

/// The places that the records have and the wanted world has not, found by what leaves them.
struct Departures {
  private(set) var byPlace: [Place: Entry] = [:]
  private var byIdentity: [EntryIdentity: Set<Place>] = [:]
  private var bySuccessor: [EntryIdentity: Set<Place>] = [:]
  private var successors: [Place: EntryIdentity] = [:]

  mutating func insert(_ place: Place, _ entry: Entry, successor: EntryIdentity?) {
    byPlace[place] = entry
    byIdentity[entry.identity, default: []].insert(place)
    if let successor {
      bySuccessor[successor, default: []].insert(place)
      successors[place] = successor
    }
  }

  /// Places that this very entry leaves, in order.
  func places(of identity: EntryIdentity) -> [Place] {
    (byIdentity[identity] ?? []).sorted()
  }

  /// Places that an older version leaves because this entry takes over, in order.
  func places(succeededBy identity: EntryIdentity) -> [Place] {
    (bySuccessor[identity] ?? []).sorted()
  }

  @discardableResult
  mutating func remove(_ place: Place) -> Entry? {
    guard let entry = byPlace.removeValue(forKey: place) else { return nil }
    byIdentity[entry.identity]?.remove(place)
    if let successor = successors.removeValue(forKey: place) {
      bySuccessor[successor]?.remove(place)
    }
    return entry
  }
}
