import CatalogueModel
import ContentStore
import Core
import ManifestModel
import Planning
import Sidecars
import SystemIO
import Tree

/// What companions are made from, for whoever carries a plan out.
struct CompanionMaterial: Sendable {
  /// What the catalogue tells of the entries that want companions, and of no other.
  var subjects: [EntryIdentity: SidecarSubject] = [:]
}

extension Engine {
  /// Adds to a plan what becomes of companions; of a part, of those that it is about.
  ///
  /// - Parameter answers: what the catalogue said, with details; nothing new is made without.
  func addCompanions(
    to survey: inout Survey, _ answers: CatalogueAnswers, asksAgain: Bool
  ) async throws {
    let (manifest, plan, former) = (survey.manifest, survey.plan, survey.former)
    let isWanted = manifest.collections.contains { !$0.sidecars.isEmpty || $0.previews > 0 }
    guard isWanted || former.contains(where: { !$0.file.companions.isEmpty }) else { return }
    // Who goes to the network anyway tries once more what it did not give before.
    let retries = asksAgain || !plan.fetches.isEmpty
    let failed = retries ? [] : CompanionMemory(project, fileSystem).failed
    var wishes = CompanionWishes(
      manifest, answers, isEdited: isEdited(manifest, survey.head),
      isTried: { !failed.contains($0.wire) })
    let changed = Set(plan.actions.compactMap { $0.entry?.identity })
    let isPart = survey.isPart
    let isMeant = survey.isMeant ?? { !isPart || changed.contains($0.identity) }
    wishes.add(plan.result.filter(isMeant))
    survey.plan = try await planCompanions(
      plan, former: former, wishes.wishes, survey.workspace)
    if isPart {
      let meant = Set((plan.result + former).filter(isMeant).map(\.identity))
      survey.plan.companions.removeAll { !meant.contains($0.slot.entry) }
    }
    let needed = Set(survey.plan.companionsToMake.map(\.slot.entry))
    survey.companions.subjects = wishes.subjects.filter { needed.contains($0.key) }
  }

  /// - Parameter wishes: `nil` to want what the plan's entries have recorded.
  func planCompanions(
    _ plan: Plan, former: [Entry], _ wishes: [EntryIdentity: CompanionWish]?,
    _ workspace: Workspace
  ) async throws -> Plan {
    let places = CompanionPlanner.places(plan, former: former, wishes: wishes)
    guard !places.isEmpty else { return plan }
    let seen = try await disk.run { () throws(EngineError) in
      try self.lookAtCompanions(places, workspace)
    }
    let store = StoreLook(workspace.store)
    let planned = CompanionPlanner.plan(
      plan, former: former, wishes: wishes, seen: seen, isStored: { store.has($0) })
    try store.requireAnswers()
    return planned
  }

  private func lookAtCompanions(
    _ places: [Place: Digest?], _ workspace: Workspace
  ) throws(EngineError) -> [Place: CompanionSeen] {
    var observers: [TreeName: TreeObserver] = [:]
    for tree in workspace.trees {
      observers[tree.name] = TreeObserver(
        root: tree.root, objects: workspace.store, files: fileSystem)
    }
    var seen: [Place: CompanionSeen] = [:]
    for (place, digest) in places {
      guard let observer = observers[place.tree] else { continue }
      seen[place] = try look(at: place, as: digest, observer)
    }
    return seen
  }

  func look(
    at place: Place, as digest: Digest?, _ observer: TreeObserver
  ) throws(EngineError) -> CompanionSeen {
    do {
      switch try observer.observe(place.path, expecting: digest) {
      case .absent: return .absent
      // A link into the store is not how companions are placed.
      case .intact(.symlink), .modified, .foreign: return .other
      case .intact: return .intact
      case .blocked: return .unsafe
      }
    } catch {
      throw EngineError("C031", "cannot look at `\(place)`: \(error)")
    }
  }
}
