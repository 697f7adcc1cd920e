import CatalogueModel
import ContentStore
package import Core
import Diagnostics
import FoundationEssentials
import GitStore
import History
import ManifestModel
import Planning
import SystemIO
import Transfer
import Tree

extension Engine {
  /// Makes a plan and writes it to a file, to be carried out later, once, as it is.
  package func save(
    _ request: PlanRequest, to path: AbsolutePath, civsync: String
  ) async throws -> PlannedRun {
    if try fileSystem(path, isThere: true), !SavedPlan.isSavedPlan(path, fileSystem) {
      throw EngineError(
        "C174", "`\(path)` is there and not a saved plan; it stays as it is",
        help: "name another file, or remove it", exit: .usage)
    }
    if request.verifies {
      throw EngineError(
        "C133", "a plan that was made by reading the files cannot be saved",
        notes: ["whoever applies it would have to read them again to know that it still fits"],
        help: "run `civsync apply --verify`", exit: .usage)
    }
    let http = try context.makeClient(loadManifest().manifest.transfer)
    defer { http.shutdown() }
    var survey = try await survey(http, request)
    if !survey.plan.companions.isEmpty {
      observer.handle(
        .notice(
          "sidecars and previews are no part of a saved plan; the next `civsync apply` sees to them"
        ))
      survey.plan.companions = []
    }
    let saved = SavedPlan(
      id: (0..<32).map { _ in String(Int(context.random() * 16) & 15, radix: 16) }.joined(),
      created: context.timestamp, civsync: civsync, bounds: try bounds(of: survey),
      isPart: survey.isPart, contents: SavedContents(survey.plan))
    let bytes = try saved.encoded()
    // Before the file is there: whoever has it may rely on what it takes from the store.
    try await registerPlan(saved.id, at: path, survey)
    try await disk.run { () throws(EngineError) in
      do {
        try self.fileSystem.writeDurably(bytes, to: path)
      } catch {
        throw EngineError(
          "C173", "the plan could not be written to `\(path)`: \(error)",
          exit: CommandExit(refusedBy: error))
      }
    }
    return survey.run
  }

  private func fileSystem(
    _ path: AbsolutePath, isThere followingLinks: Bool
  ) throws(EngineError) -> Bool {
    do {
      return try fileSystem.status(path, followingLinks: followingLinks) != nil
    } catch {
      throw EngineError("C173", "cannot look at `\(path)`: \(error)")
    }
  }

  private func bounds(of survey: Survey) throws(EngineError) -> SavedPlan.Bounds {
    let touched = survey.plan.actions.flatMap { [$0.place, $0.from].compactMap(\.self) }
    return SavedPlan.Bounds(
      manifests: Self.texts(survey.manifest), lock: try lockDigest(),
      head: survey.head?.id?.hex, store: survey.workspace.store.root.string,
      trees: Self.roots(survey.workspace),
      places: Set(touched).sorted().map { SavedPlace($0, survey.world.places[$0] ?? .absent) },
      stored: Set(
        survey.plan.actions.filter { $0.source == .store }.compactMap { $0.entry?.digest.hex }
      ).sorted())
  }

  private static func texts(_ manifest: Manifest) -> [SavedPlan.Text] {
    manifest.sources.map { source in
      SavedPlan.Text(
        path: source.name, role: source.role.rawValue,
        sha256: ContentHasher.digest(of: source.bytes).hex)
    }
  }

  private static func roots(_ workspace: Workspace) -> [SavedPlan.Root] {
    workspace.trees.sorted { $0.name < $1.name }.map {
      SavedPlan.Root(name: $0.name.name, root: $0.root.string)
    }
  }

  private func lockDigest() throws(EngineError) -> String? {
    do {
      return try fileSystem.read(project.lockFile, limit: 1 << 30).map {
        ContentHasher.digest(of: $0).hex
      }
    } catch {
      throw EngineError("C040", "cannot read the lock `\(project.lockFile)`: \(error)")
    }
  }

  // MARK: Carrying out

  /// Carries out a saved plan, if everything that it is bound to is still as it was.
  package func apply(
    saved path: AbsolutePath, allowPartial: Bool, runsChecks: Bool = true, review: PlanReview
  ) async throws -> RunOutcome? {
    let saved = try await disk.run { () throws(EngineError) in
      try SavedPlan.load(path, self.fileSystem)
    }
    let manifest = try loadManifest().manifest
    try requireTrust(manifest, runsChecks: runsChecks)
    let lock = try await acquireLock(.named(manifest))
    defer { lock.release() }
    try await recover()
    let http = try context.makeClient(manifest.transfer)
    defer { http.shutdown() }
    let outcome = try await tellingRecovery {
      try await apply(
        survey(of: saved), http, run: "apply", allowPartial: allowPartial, runsChecks: runsChecks,
        review)
    }
    if outcome?.snapshot != nil { noteUse(of: saved) }
    return outcome
  }

  private func survey(of saved: SavedPlan) async throws -> Survey {
    var moved: [String] = []
    if let used = usedPlans(in: project.state).first(where: { $0.id == saved.id }) {
      moved.append("it was carried out already, at \(used.time)")
    }
    // Which manifests there are is among what the plan is bound to.
    let ground = try await self.ground(PlanRequest(changesManifests: true))
    moved += try differences(saved.bounds, ground)
    if !moved.isEmpty { throw Self.stale(moved) }
    let plan = try saved.plan()
    let world = try await look(ground.workspace, ground.manifest, plan.result, ground.former)
    moved = Self.differences(saved.bounds, world)
    if !moved.isEmpty { throw Self.stale(moved) }
    var survey = Survey(ground: ground, world: world, plan: plan, isPart: saved.isPart)
    survey.plan.space = SpaceNeed(plan.actions, world)
    try await addCompanions(to: &survey, CatalogueAnswers(), asksAgain: false)
    return survey
  }

  private static func stale(_ moved: [String]) -> EngineError {
    EngineError(
      "C175", "the saved plan no longer fits; nothing was changed",
      notes: Array(moved.prefix(10)) + (moved.count > 10 ? ["and \(moved.count - 10) more"] : []),
      help: "make it anew with `civsync plan -o`", exit: .stale)
  }

  private func differences(
    _ bounds: SavedPlan.Bounds, _ ground: Ground
  ) throws(EngineError) -> [String] {
    var moved: [String] = []
    let texts = Self.texts(ground.manifest)
    for text in bounds.manifests where !texts.contains(text) {
      let isThere = texts.contains { $0.path == text.path }
      moved.append("`\(text.path)` \(isThere ? "was edited" : "is no longer part of the manifest")")
    }
    let before = Set(bounds.manifests.map(\.path))
    for text in texts where !before.contains(text.path) {
      moved.append("`\(text.path)` is part of the manifest now")
    }
    if bounds.head != ground.head?.id?.hex {
      func name(_ hex: String?) -> String { hex.map { String($0.prefix(10)) } ?? "none" }
      moved.append(
        "the last snapshot was \(name(bounds.head)) and is \(name(ground.head?.id?.hex))")
    }
    if try bounds.lock != lockDigest() { moved.append("the lock is another one") }
    if bounds.store != ground.workspace.store.root.string {
      moved.append("the store was `\(bounds.store)` and is `\(ground.workspace.store.root)`")
    }
    let roots = Self.roots(ground.workspace)
    for tree in bounds.trees where !roots.contains(tree) {
      moved.append("the tree `\(tree.name)` no longer is at `\(tree.root)`")
    }
    return moved
  }

  private static func differences(
    _ bounds: SavedPlan.Bounds, _ world: ObservedWorld
  ) -> [String] {
    var moved: [String] = []
    for place in bounds.places {
      guard let path = TreePath(place.path) else { continue }
      let here = Place(tree: TreeName(place.tree), path: path)
      let now = SavedPlace(here, world.places[here] ?? .absent)
      if now != place { moved.append("at `\(here)` stood \(place.seen), and now \(now.seen)") }
    }
    let stored = Set(world.stored.map(\.hex))
    for hex in bounds.stored where !stored.contains(hex) {
      moved.append("the store no longer has the object \(hex.prefix(12))")
    }
    return moved
  }

  // MARK: Once

  struct Use: Codable {
    var version = 1
    var id: String
    var time: String
  }

  private static let uses = "plans.jsonl"

  /// A line that cannot be read is passed over: the last snapshot guards as well.
  func usedPlans(in state: AbsolutePath) -> [Use] {
    let path = state.appending(Self.uses)
    guard let bytes = try? fileSystem.read(path, limit: 64 << 20) else { return [] }
    return bytes.split(separator: UInt8(ascii: "\n")).compactMap {
      try? JSONDecoder().decode(Use.self, from: Data($0))
    }
  }

  private func noteUse(of saved: SavedPlan) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(Use(id: saved.id, time: context.timestamp)) else { return }
    do {
      let path = project.state.appending(Self.uses)
      try fileSystem.append(Array(data) + [UInt8(ascii: "\n")], to: path)
    } catch {
      observer.handle(.notice("that the plan was used could not be noted: \(error)"))
    }
  }
}
