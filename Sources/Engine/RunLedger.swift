import CatalogueModel
import Core
import Planning

/// Which actions of a plan are carried out when some objects could not be had, and how the world
/// is recorded then. Pure.
struct RunLedger {
  private(set) var actions: [Action] = []
  private(set) var result: [Entry]

  /// - Parameters:
  ///   - former: the records before the run.
  ///   - missing: digests that could not be had.
  init(_ plan: Plan, former: [Entry], missing: Set<Digest>) {
    result = plan.result
    guard !missing.isEmpty else {
      actions = plan.actions
      return
    }
    var lost: Set<Place> = []
    var kept: [EntryIdentity: Set<Place>] = [:]
    for action in plan.actions {
      if let required = action.requires, missing.contains(required.digest) {
        Self.keep(action, &kept)
      } else if action.kind == .remove, action.source == .place, let former = action.former,
        missing.contains(former.digest)
      {
        Self.keep(action, &kept)
      } else if let entry = action.entry, missing.contains(entry.digest), action.source != .none {
        if action.kind == .repair { continue }
        lost.insert(action.place)
        if action.kind == .replace { Self.keep(action, &kept) }
      } else {
        actions.append(action)
      }
    }
    settle(former, missing: missing, lost: lost, kept: kept)
  }

  /// The entry that was to leave a place keeps it.
  private static func keep(_ action: Action, _ kept: inout [EntryIdentity: Set<Place>]) {
    guard let former = action.former else { return }
    kept[former.identity, default: []].insert(action.from ?? action.place)
  }

  private mutating func settle(
    _ former: [Entry], missing: Set<Digest>, lost: Set<Place>,
    kept: [EntryIdentity: Set<Place>]
  ) {
    result = result.compactMap { entry in
      guard missing.contains(entry.digest) else { return entry }
      var entry = entry
      entry.file.places.removeAll(where: lost.contains)
      return entry.file.places.isEmpty ? nil : entry
    }
    let known = Set(result.map(\.identity))
    for var entry in former {
      guard let places = kept[entry.identity] else { continue }
      if known.contains(entry.identity) {
        for index in result.indices where result[index].identity == entry.identity {
          result[index].file.places = Set(result[index].file.places).union(places).sorted()
        }
      } else {
        entry.file.places = places.sorted()
        result.append(entry)
      }
    }
    result.sort { $0.identity < $1.identity }
  }
}
