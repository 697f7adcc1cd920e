import CatalogueModel
import Core
import Planning

/// Which actions of a plan are carried out when some objects could not be had, and how the world
/// is recorded then. Pure.
struct RunLedger {
  let actions: [Action]
  let result: [Entry]

  /// - Parameters:
  ///   - former: the records before the run.
  ///   - missing: digests that could not be had.
  init(_ plan: Plan, former: [Entry], missing: Set<Digest>) {
    let cut = PlanCut(plan, former: former) { Self.fails($0, missing) }
    actions = cut.actions
    result = cut.result
  }

  private static func fails(_ action: Action, _ missing: Set<Digest>) -> Bool {
    if let required = action.requires, missing.contains(required.digest) { return true }
    // What leaves its place and could not be taken into the store first stays.
    if action.kind == .remove, action.source == .place {
      return action.former.map { missing.contains($0.digest) } ?? false
    }
    return action.source != .none && (action.entry.map { missing.contains($0.digest) } ?? false)
  }
}
