import CatalogueModel
import Core
import ManifestModel
import Planning
import Resolution

extension Engine {
  /// What the catalogue's answers come to, with the user's word where one was given.
  func heard(
    _ ground: Ground, _ answers: CatalogueAnswers, _ request: PlanRequest
  ) throws(EngineError) -> Resolved {
    switch request.word {
    case nil: return Resolved(resolution: try resolution(ground, answers, request))
    case .accept(let choice):
      let meant = try Meant(choice, ground, command: "accept")
      let resolution = try resolution(ground, answers, request, accepts: meant.matches)
      let keys = resolution.succeeded.filter {
        $0.old.key == $0.successor.key && meant.matches($0.old)
      }.map(\.old.key)
      return Resolved(resolution: resolution, meant: Set(keys))
    case .rename(let choice):
      let meant = try Meant(choice, ground, command: "rename")
      let renaming = Renaming(
        ground.known, answers, for: ground.manifest.collections, isMeant: meant.matches)
      for model in renaming.held.sorted() {
        observer.handle(
          .notice(
            "model \(model) keeps its name: under the new one the manifest would not select it"))
      }
      var named = ground
      named.known = renaming.entries
      return Resolved(
        resolution: try resolution(named, answers, request), meant: renaming.renamed)
    case .prune(let choice, let states): return try pruned(ground, choice, states)
    }
  }

  /// What only the user's word removes: judged on the records, nobody is asked.
  func pruned(
    _ ground: Ground, _ choice: EntryChoice, _ states: Set<RecordedState>
  ) throws(EngineError) -> Resolved {
    let meant = try Meant(choice, ground, command: "prune")
    var resolution = Resolution()
    var protected = 0
    var alone = 0
    for entry in ground.former {
      let isAsked = states.contains(entry.file.state) && meant.matches(entry)
      if isAsked, entry.file.isProtected {
        protected += 1
      } else if isAsked, !meant.isNamed, !Self.hasSuccessor(entry, ground.former) {
        alone += 1
      } else if isAsked {
        resolution.pruned.append(entry)
        continue
      }
      resolution.entries.append(entry)
    }
    if alone > 0 {
      observer.handle(
        .notice(
          "\(alone) superseded \(alone == 1 ? "file stays" : "files stay"): no newer version of "
            + "\(alone == 1 ? "it" : "them") is placed; what you name yourself goes all the same"))
    }
    if protected > 0 {
      observer.handle(
        .notice(
          "\(protected) protected \(protected == 1 ? "entry stays" : "entries stay"); "
            + "`civsync unprotect` gives them free"))
    }
    return Resolved(resolution: resolution, meant: Set(resolution.pruned.map(\.key)))
  }
}

extension Engine {
  /// Whether something that is placed took over from a superseded entry: it never goes before.
  private static func hasSuccessor(_ entry: Entry, _ placed: [Entry]) -> Bool {
    guard entry.file.state == .superseded else { return true }
    return placed.contains {
      $0.model.id == entry.model.id && $0.file.type == entry.file.type
        && $0.identity != entry.identity && $0.file.state == .current && !$0.file.places.isEmpty
    }
  }
}

/// The entries that a command names.
private struct Meant: Sendable {
  private let selectors: Selectors?

  init(_ choice: EntryChoice, _ ground: Ground, command: String) throws(EngineError) {
    guard case .named(let texts) = choice else {
      selectors = nil
      return
    }
    let names = Set(ground.manifest.collections.map(\.name))
      .union(ground.former.flatMap(\.file.collections))
    let option = "`civsync \(command)`"
    let selectors = try Selectors(
      texts, option: option, known: names, hosts: Set(ground.manifest.endpoints.map(\.host)))
    try selectors.requireUse(among: ground.former, option: option, collections: names)
    self.selectors = selectors
  }

  /// Whether the user named entries, instead of meaning all.
  var isNamed: Bool { selectors != nil }

  func matches(_ entry: Entry) -> Bool { selectors?.matches(entry) ?? true }
}

extension Survey {
  /// Leaves everything as it is recorded but these entries.
  mutating func narrow(to keys: Set<FileKey>) {
    plan = plan.narrowed(to: { keys.contains($0.key) }, former: former, world: world)
    plan.blocked = plan.blocked.filter { blocked in
      keys.contains { $0.model == blocked.model && $0.file == blocked.file }
    }
    plan.replaced = []
    plan.notes = []
    plan.unanswered = []
    isMeant = { keys.contains($0.key) }
  }
}
