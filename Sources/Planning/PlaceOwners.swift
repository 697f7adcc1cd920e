import CatalogueModel
import Core

/// Every place with the entries that stand there, in the order of places: a sorted list, which for
/// tens of thousands of places takes a fraction of what a list for each of them would.
struct PlaceOwners {
  private struct Owner {
    var place: Place
    var entry: Entry
  }

  private let owners: [Owner]

  init(of entries: [Entry]) {
    var owners: [Owner] = []
    owners.reserveCapacity(entries.count)
    for entry in entries {
      for place in entry.file.places { owners.append(Owner(place: place, entry: entry)) }
    }
    owners.sort {
      if $0.place < $1.place { return true }
      return $0.place == $1.place && $0.entry.identity < $1.entry.identity
    }
    self.owners = owners
  }

  /// The entries of one place in order, of which the first is the one that is named; empty where
  /// none stands.
  subscript(_ place: Place) -> [Entry] {
    let first = owners.bisected { $0.place >= place }
    return owners[first...].prefix { $0.place == place }.map(\.entry)
  }

  /// Each place once, with the entry that is named there.
  var named: some Sequence<(place: Place, entry: Entry)> {
    owners.indices.lazy.filter { index in
      index == 0 || owners[index - 1].place != owners[index].place
    }.map { (owners[$0].place, owners[$0].entry) }
  }
}
