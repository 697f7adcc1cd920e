internal import CatalogueModel
internal import Core

/// Sets those entries apart about which nothing has to be decided: recorded as they are wanted, standing at
/// all their places, in the store, and alone where they stand. Mostly these are nearly all, and what is done
/// about the others does not depend on them.
struct SettledEntries {
  /// Of the wanted ones, whether each is settled.
  private(set) var isSettled: [Bool]
  /// The places that they have.
  private(set) var count = 0
  /// What there is to decide about.
  private(set) var desired: [Entry] = []
  private(set) var former: [Entry] = []

  /// - Parameter former: in order.
  init(
    desired: [Entry], former: [Entry], leaving: [EntryIdentity: Leaving], world: ObservedWorld
  ) {
    isSettled = [Bool](repeating: false, count: desired.count)
    var partner = [Int?](repeating: nil, count: desired.count)
    var isPartner = [Bool](repeating: false, count: former.count)
    var seen: Set<Place> = []
    seen.reserveCapacity(desired.count)
    // Places of what is not settled.
    var open: Set<Place> = []
    for (index, entry) in desired.enumerated() {
      let places = entry.file.places
      let isAlone = places.reduce(true) { $1.isNew(in: &seen) && $0 }
      if !isAlone { open.formUnion(places) }
      guard isAlone, !places.isEmpty, let known = former.inOrder(at: entry.identity),
        former[known] == entry, leaving[entry.identity] == nil, world.holds(entry)
      else { continue }
      isSettled[index] = true
      isPartner[known] = true
      partner[index] = known
    }
    for (index, entry) in former.enumerated() where !isPartner[index] {
      open.formUnion(entry.file.places)
    }
    for (index, entry) in desired.enumerated() {
      if isSettled[index], !entry.file.places.contains(where: open.contains) {
        count += entry.file.places.count
        continue
      }
      isSettled[index] = false
      if let known = partner[index] { isPartner[known] = false }
      self.desired.append(entry)
    }
    for (index, entry) in former.enumerated() where !isPartner[index] { self.former.append(entry) }
  }
}

extension Place {
  fileprivate func isNew(in seen: inout Set<Place>) -> Bool { seen.insert(self).inserted }
}

extension ObservedWorld {
  /// Whether an entry stands as it shall, and in the store.
  fileprivate func holds(_ entry: Entry) -> Bool {
    stored.contains(entry.digest)
      && entry.file.places.allSatisfy { place in
        places[place] == .intact && !(entry.file.isEditable && shared.contains(place))
      }
  }
}
