package import CatalogueModel
package import Core

extension CompanionKind {
  /// What takes the place of the file's own ending.
  package func ending(_ number: Int) -> String {
    guard self == .preview else { return rawValue }
    // The name is the convention, whatever the picture's own format.
    return number == 1 ? "preview.png" : "preview.\(number).png"
  }
}

extension Place {
  /// Where a companion of the file here stands; `nil` when its name would be too long.
  package func companion(_ kind: CompanionKind, _ number: Int) -> Place? {
    let name = path.name
    let stem = name.lastIndex(of: ".").map { $0 == name.startIndex ? name[...] : name[..<$0] }
    let own = "\(stem ?? name[...]).\(kind.ending(number))"
    let folder = path.parent.map { "\($0.string)/" } ?? ""
    return TreePath(folder + own).map { Place(tree: tree, path: $0) }
  }

  /// Places that are one to some file systems are one here.
  var folded: String { "\(tree.name)\u{0}\(path.string.lowercased())" }
}

/// Which companion stands at which place. Files of one stem would share theirs: the first entry in
/// order has it. No companion takes the place of a file.
package struct CompanionPlaces: Sendable {
  package struct Owner: Sendable {
    package var slot: CompanionSlot
    package var entry: Entry
    /// The file that it goes along with.
    package var beside: Place
    /// `nil` as long as it is not made.
    package var known: RecordedCompanion?
  }

  package private(set) var owners: [Place: Owner] = [:]

  /// The companions that are recorded.
  package init(recordedIn entries: [Entry]) {
    self.init(entries) { entry in
      entry.file.companions.map { companion in
        let slot = CompanionSlot(
          entry: entry.identity, kind: companion.kind, number: companion.number)
        return (slot, companion)
      }
    }
  }

  init(
    _ entries: [Entry], _ slots: (Entry) -> [(CompanionSlot, RecordedCompanion?)]
  ) {
    // Most entries have none, and often no entry has.
    var having = entries.map { (entry: $0, slots: slots($0)) }
    having.removeAll { $0.slots.isEmpty }
    guard !having.isEmpty else { return }
    having.sort { $0.entry.identity < $1.entry.identity }
    var taken = Set(entries.flatMap { $0.file.places.map(\.folded) })
    for (entry, slots) in having {
      for (slot, known) in slots {
        for place in entry.file.places {
          guard let companion = place.companion(slot.kind, slot.number),
            taken.insert(companion.folded).inserted
          else { continue }
          owners[companion] = Owner(slot: slot, entry: entry, beside: place, known: known)
        }
      }
    }
  }
}
