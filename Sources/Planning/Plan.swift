package import CatalogueModel
package import Core
package import Resolution

/// The difference between the wanted and the actual world, as data: all that apply does, and all
/// that it shows.
package struct Plan: Sendable {
  /// Sorted by kind as they are carried out, then by place.
  package var actions: [Action]
  /// What becomes of companions, in the order in which it is carried out, after the files.
  package var companions: [CompanionAction] = []
  package var blocked: [BlockedEntry]
  package var replaced: [ReplacedFile]
  /// Records that change without any file changing.
  package var marks: [Mark]
  package var notes: [ResolutionNote]
  package var unanswered: [UnansweredSelector]
  /// Places that stand as they shall.
  package var kept: Int
  /// All entries as they shall be recorded when every action succeeds.
  package var result: [Entry]
  package var space: SpaceNeed

  package init(
    actions: [Action] = [], blocked: [BlockedEntry] = [], replaced: [ReplacedFile] = [],
    marks: [Mark] = [], notes: [ResolutionNote] = [], unanswered: [UnansweredSelector] = [],
    kept: Int = 0, result: [Entry] = [], space: SpaceNeed = SpaceNeed()
  ) {
    self.actions = actions
    self.blocked = blocked
    self.replaced = replaced
    self.marks = marks
    self.notes = notes
    self.unanswered = unanswered
    self.kept = kept
    self.result = result
    self.space = space
  }

  /// Whether applying it would change a tree.
  package var hasChanges: Bool { !actions.isEmpty || !companions.isEmpty }

  package func count(_ kind: ActionKind) -> Int { actions.count(kind) }

  /// The actions of a kind, which stand together.
  package func actions(_ kind: ActionKind) -> [Action] {
    actions.count(kind) == 0 ? [] : actions.filter { $0.kind == kind }
  }

  /// Objects that must come from the network, each once; of several entries with one content, one
  /// that says where to fetch it.
  package var fetches: [Entry] { entries(from: .network) }

  /// Objects that going back needs and the store does not have, each once.
  package var missing: [Entry] { entries(from: .missing) }

  private func entries(from source: ByteSource) -> [Entry] {
    var index: [Digest: Int] = [:]
    var fetches: [Entry] = []
    for action in actions where action.source == source {
      guard let entry = action.entry else { continue }
      if let known = index[entry.digest] {
        if !fetches[known].hasSource, entry.hasSource { fetches[known] = entry }
      } else {
        index[entry.digest] = fetches.count
        fetches.append(entry)
      }
    }
    return fetches
  }

  /// What is wanted and has an address, by its content.
  package var mirrors: [Digest: [Entry]] {
    let wanted = Set(actions.lazy.filter { $0.source == .network }.compactMap { $0.entry?.digest })
    return Dictionary(
      grouping: result.filter { wanted.contains($0.digest) && $0.hasSource }, by: \.digest)
  }
}

package enum ActionKind: String, Sendable, CaseIterable {
  case create, adopt, move, repair, replace, remove, release

  /// The sign it is printed with.
  package var symbol: String {
    switch self {
    case .create: "+"
    case .adopt: "="
    case .move: ">"
    case .repair: "!"
    case .replace: "~"
    case .remove: "-"
    case .release: "<"
    }
  }
}

/// Where an action's bytes come from.
package enum ByteSource: String, Sendable {
  case network, store
  /// The user's own file, taken into the store.
  case place
  /// Nothing that may be asked: it is not in the store, and going back fetches nothing.
  case missing
  /// No bytes are needed.
  case none
}

package struct Action: Sendable, Equatable {
  package var kind: ActionKind
  package var place: Place
  /// The place that is left: of a move, or of the older version that a replacement takes away.
  package var from: Place?
  /// What stands at `place` afterwards; `nil` for `remove` and `release`.
  package var entry: Entry?
  /// What stood at `from` or `place` by the records.
  package var former: Entry?
  package var source: ByteSource
  /// The user changed what stands there: it goes to `aside/` first.
  package var movesAside: Bool
  /// An entry that must be in place before this may happen.
  package var requires: EntryIdentity?
  /// Why, for a person.
  package var reason: String?

  package init(
    kind: ActionKind, place: Place, from: Place? = nil, entry: Entry? = nil, former: Entry? = nil,
    source: ByteSource = .none, movesAside: Bool = false, requires: EntryIdentity? = nil,
    reason: String? = nil
  ) {
    self.kind = kind
    self.place = place
    self.from = from
    self.entry = entry
    self.former = former
    self.source = source
    self.movesAside = movesAside
    self.requires = requires
    self.reason = reason
  }
}

extension Action {
  /// Creations before departures, then by place: the order in which things are carried out.
  var sortKey: (Int, Place) { (ActionKind.allCases.firstIndex(of: kind) ?? 0, place) }
}

extension [Action] {
  /// How many are of a kind. An action is long: to hand each out would cost more than the whole count.
  package func count(_ kind: ActionKind) -> Int {
    var count = 0
    for index in indices where self[index].kind == kind { count += 1 }
    return count
  }
}

/// An entry whose standing changed while its file did not.
package struct Mark: Sendable, Equatable {
  package var entry: Entry
  package var was: RecordedState

  package init(entry: Entry, was: RecordedState) {
    self.entry = entry
    self.was = was
  }
}

extension Entry {
  /// Whether it says where its bytes can be fetched: an object need not.
  var hasSource: Bool { !isObject || file.url != nil }
}
