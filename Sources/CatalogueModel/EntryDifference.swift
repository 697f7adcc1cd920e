package import Core

/// What two lists of entries, both in order, do not have in common.
package struct EntryDifference: Sendable, Equatable {
  /// What the old list alone has, and the old form of what changed; in order.
  package private(set) var old: [Entry] = []
  /// What the new list alone has, and the new form of what changed; in order.
  package private(set) var new: [Entry] = []

  package init(from old: [Entry], to new: [Entry]) {
    var (i, j) = (old.startIndex, new.startIndex)
    while i < old.endIndex, j < new.endIndex {
      let (before, after) = (old[i].identity, new[j].identity)
      if before == after {
        if old[i] != new[j] {
          self.old.append(old[i])
          self.new.append(new[j])
        }
        i += 1
        j += 1
      } else if before < after {
        self.old.append(old[i])
        i += 1
      } else {
        self.new.append(new[j])
        j += 1
      }
    }
    self.old += old[i...]
    self.new += new[j...]
  }

  /// The models that have any of them.
  package var models: Set<ModelID> {
    var models = Set(old.lazy.map(\.model.id))
    models.formUnion(new.lazy.map(\.model.id))
    return models
  }
}
