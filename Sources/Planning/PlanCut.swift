package import CatalogueModel
import Core

/// A plan without some of its actions: what they would have changed stays as it is recorded. Pure.
package struct PlanCut: Sendable {
  package private(set) var actions: [Action] = []
  package private(set) var result: [Entry]

  /// A content that does not come to a place.
  private struct Loss: Hashable {
    var place: Place
    var digest: Digest
  }

  private var lost: Set<Loss> = []
  /// The places that recorded entries keep, although the plan had them leave.
  private var kept: [EntryIdentity: Set<Place>] = [:]

  /// - Parameters:
  ///   - former: the records that the plan began with.
  ///   - isDropped: whether an action is left out. One that waits for an entry whose own action is
  ///     left out goes with it.
  package init(_ plan: Plan, former: [Entry], dropping isDropped: (Action) -> Bool) {
    result = plan.result
    let dropped = plan.actions.map(isDropped)
    guard dropped.contains(true) else {
      actions = plan.actions
      return
    }
    let unplaced = Set(
      zip(plan.actions, dropped).compactMap { action, isOut in
        isOut && action.kind != .repair ? action.entry?.identity : nil
      })
    for (action, isOut) in zip(plan.actions, dropped) {
      if isOut || action.requires.map(unplaced.contains) ?? false {
        drop(action)
      } else {
        actions.append(action)
      }
    }
    settle(former)
  }

  private mutating func drop(_ action: Action) {
    // What a repair would have mended stays recorded as it is.
    if action.kind == .repair { return }
    if let entry = action.entry {
      lost.insert(Loss(place: action.place, digest: entry.digest))
    }
    guard let former = action.former else { return }
    kept[former.identity, default: []].insert(action.from ?? action.place)
  }

  private mutating func settle(_ former: [Entry]) {
    result = result.compactMap { entry in
      var entry = entry
      let digest = entry.digest
      entry.file.places.removeAll { lost.contains(Loss(place: $0, digest: digest)) }
      return entry.file.places.isEmpty && kept[entry.identity] == nil ? nil : entry
    }
    let known = Dictionary(
      result.enumerated().map { ($1.identity, $0) }, uniquingKeysWith: { first, _ in first })
    for var entry in former {
      guard let places = kept[entry.identity] else { continue }
      if let index = known[entry.identity] {
        result[index].file.places = Set(result[index].file.places).union(places).sorted()
      } else {
        entry.file.places = places.sorted()
        result.append(entry)
      }
    }
    result.sort { $0.identity < $1.identity }
  }
}

extension Plan {
  /// The plan without some of its actions, with the space that the others need.
  package func cut(
    former: [Entry], world: ObservedWorld, dropping isDropped: (Action) -> Bool
  ) -> Plan {
    let cut = PlanCut(self, former: former, dropping: isDropped)
    var plan = self
    plan.actions = cut.actions
    plan.result = cut.result
    plan.space = SpaceNeed(cut.actions, world)
    return plan
  }

  /// The plan for some entries alone: all others stay as they are recorded, in every respect.
  package func narrowed(
    to matches: (Entry) -> Bool, former: [Entry], world: ObservedWorld
  ) -> Plan {
    var plan = cut(former: former, world: world) { action in
      !((action.entry ?? action.former).map(matches) ?? false)
    }
    let recorded = Dictionary(
      former.map { ($0.identity, $0) }, uniquingKeysWith: { first, _ in first })
    plan.result = plan.result.map { entry in
      guard !matches(entry), var before = recorded[entry.identity] else { return entry }
      before.file.places = entry.file.places
      return before
    }
    plan.marks = marks.filter { matches($0.entry) }
    return plan
  }
}
