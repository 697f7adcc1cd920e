package import CatalogueModel
package import Core

/// A companion of an entry, wherever it stands: what is made once and pinned by its digest.
package struct CompanionSlot: Hashable, Sendable, Comparable {
  package var entry: EntryIdentity
  package var kind: CompanionKind
  /// From 1; only previews come in numbers.
  package var number: Int

  package init(entry: EntryIdentity, kind: CompanionKind, number: Int = 1) {
    self.entry = entry
    self.kind = kind
    self.number = number
  }

  package static func < (left: CompanionSlot, right: CompanionSlot) -> Bool {
    (left.entry, left.kind.rawValue, left.number) < (right.entry, right.kind.rawValue, right.number)
  }
}

package enum CompanionSource: Sendable, Hashable {
  /// Written by civsync from what the catalogue tells today.
  case generated
  /// Fetched, without a token.
  case network(SafeURL)
  case store
  /// No bytes are needed.
  case none
}

/// One change to one companion at one place.
package struct CompanionAction: Sendable, Equatable {
  package enum Kind: String, Sendable, CaseIterable {
    case create, move, repair, replace, remove
  }

  package var kind: Kind
  package var slot: CompanionSlot
  /// Of its model and version, for a person.
  package var title: String
  package var place: Place
  /// The place that a move leaves.
  package var from: Place?
  /// The file that it goes along with, as it stands after the plan; of a removal, as it stood.
  package var beside: Place
  /// `nil` as long as it is not made.
  package var digest: Digest?
  /// What a replacement or removal takes away.
  package var previous: Digest?
  package var source: CompanionSource
  /// The user changed what stands there: it goes to `aside/` first.
  package var movesAside: Bool

  package init(
    _ kind: Kind, _ slot: CompanionSlot, title: String, at place: Place, from: Place? = nil,
    beside: Place, digest: Digest? = nil, previous: Digest? = nil,
    source: CompanionSource = .none, movesAside: Bool = false
  ) {
    self.kind = kind
    self.slot = slot
    self.title = title
    self.place = place
    self.from = from
    self.beside = beside
    self.digest = digest
    self.previous = previous
    self.source = source
    self.movesAside = movesAside
  }

  /// Whether it must be made or fetched before it can be placed.
  package var isMade: Bool {
    switch source {
    case .generated, .network: true
    case .store, .none: false
    }
  }

  /// Departures first, then by place: the order in which things are carried out.
  var sortKey: (Int, Place) {
    let order: [Kind] = [.remove, .move, .replace, .repair, .create]
    return (order.firstIndex(of: kind) ?? 0, place)
  }
}

/// What is wanted beside an entry's files, and what it could be made from.
package struct CompanionWish: Sendable, Equatable {
  package var sidecars: Set<CompanionKind>
  package var previews: Int
  /// The catalogue shows the version today, with its details.
  package var canGenerate: Bool
  /// Where the previews are, by their number from 1 on; `nil` for one that is not to be tried now.
  package var pictures: [SafeURL?]
  /// What is recorded and no longer wanted goes: only an edit of the manifest allows that.
  package var mayRemove: Bool

  package init(
    sidecars: Set<CompanionKind> = [], previews: Int = 0, canGenerate: Bool = false,
    pictures: [SafeURL?] = [], mayRemove: Bool = false
  ) {
    self.sidecars = sidecars
    self.previews = previews
    self.canGenerate = canGenerate
    self.pictures = pictures
    self.mayRemove = mayRemove
  }
}

/// What stands where a companion is wanted or recorded.
package enum CompanionSeen: Sendable, Hashable {
  case absent
  /// As civsync made it.
  case intact
  /// Anything else: the user's own, or a companion that the user has edited.
  case other
  /// The way there is not one of folders.
  case unsafe
}
