import ContentStore
import Core
import SystemIO

/// What the files of `roots/` say: who else needs what.
struct StoreNeeds: Sendable {
  var projects: [CollectReport.ProjectStanding] = []
  /// Of other projects.
  var byProjects: Set<Digest> = []
  var plans: [String] = []
  var byPlans: Set<Digest> = []
  /// Files of plans that do not count any more.
  var spentPlans: [String] = []
  /// Files that were asked to be forgotten, and whose they are.
  var forgotten: [(name: String, standing: CollectReport.ProjectStanding)] = []
}

extension Engine {
  /// Reads what all others need of a store.
  /// - Parameters:
  ///   - id: this project's own; its file is not read, its history tells more.
  ///   - forget: projects whose needs count no more, by id or folder.
  /// - Throws: `C219` for a file that cannot be read: what it names might be taken away.
  func needs(
    _ store: ContentStore, own id: String?, forget: [String]
  ) throws(EngineError) -> StoreNeeds {
    let found: [FoundRoot]
    do {
      found = try store.roots()
    } catch {
      throw EngineError("C219", "cannot read who needs what of the store: \(error)")
    }
    var needs = StoreNeeds()
    var open = forget
    for file in found {
      let root: StoreRoot
      switch file.root {
      case .success(let read): root = read
      case .failure(let problem):
        if file.name == id { continue }
        throw Self.unreadable(file, problem)
      }
      if let plan = root.owner.plan {
        if let path = openPlan(plan, root.owner) {
          needs.plans.append(path)
          needs.byPlans.formUnion(root.digests)
        } else {
          needs.spentPlans.append(file.name)
        }
        continue
      }
      if root.owner.project == id, !isAnother(root.owner) { continue }
      let standing = standing(root, in: store)
      let isMeant: (String) -> Bool = { $0 == standing.id || $0 == standing.folder }
      guard open.contains(where: isMeant) else {
        needs.projects.append(standing)
        needs.byProjects.formUnion(root.digests)
        continue
      }
      if standing.state == .there { throw Self.isThere(standing) }
      open.removeAll(where: isMeant)
      needs.forgotten.append((file.name, standing))
    }
    if let unknown = open.first { throw Self.unregistered(unknown, needs) }
    return needs
  }

  private func standing(
    _ root: StoreRoot, in store: ContentStore
  ) -> CollectReport.ProjectStanding {
    CollectReport.ProjectStanding(
      id: root.owner.project, folder: root.owner.folder, state: state(of: root.owner, in: store),
      objects: Set(root.digests).count)
  }

  /// In doubt a project is there.
  private func state(
    of owner: StoreRoot.Owner, in store: ContentStore
  ) -> CollectReport.ProjectStanding.State {
    guard let path = AbsolutePath(owner.state) else { return .there }
    do {
      guard try fileSystem.status(path, followingLinks: true) != nil else { return .gone }
    } catch {
      return .there
    }
    let other = Project(manifest: path.parent.appending("civsync.yaml"))
    guard let state = try? ProjectState.load(other, fileSystem) else {
      return .there
    }
    guard state.id == owner.project else { return .gone }
    guard let named = AbsolutePath(state.store),
      let there = try? fileSystem.status(named, followingLinks: true),
      let own = try? fileSystem.status(store.root, followingLinks: true)
    else { return .there }
    return there.isSameFile(as: own) ? .there : .elsewhere
  }

  /// Where a saved plan is that is still there and was not carried out: at its path, or under another name
  /// beside that or in the project's folder. In doubt it is.
  private func openPlan(_ plan: StoreRoot.Plan, _ owner: StoreRoot.Owner) -> String? {
    guard let path = AbsolutePath(plan.file) else { return plan.file }
    if let state = AbsolutePath(owner.state),
      usedPlans(in: state).contains(where: { $0.id == plan.id })
    {
      return nil
    }
    do throws(SystemError) {
      if try SavedPlan.id(path, fileSystem) == plan.id { return plan.file }
      let folders = Set([path.parent, AbsolutePath(owner.folder)].compactMap(\.self)).sorted()
      for folder in folders {
        if let found = try renamed(plan.id, in: folder) { return found.string }
      }
      return nil
    } catch {
      return plan.file
    }
  }

  private func beginsLikeAPlan(_ path: AbsolutePath) throws(SystemError) -> Bool {
    var first: [UInt8] = [0]
    let count = try fileSystem.open(path, .read).read(at: 0, into: &first)
    return count == 1 && first[0] == UInt8(ascii: "{")
  }

  /// Large files that are no plans are not read.
  private func renamed(_ id: String, in folder: AbsolutePath) throws(SystemError) -> AbsolutePath? {
    let entries: [FolderEntry]
    do throws(SystemError) {
      entries = try fileSystem.list(folder)
    } catch {
      if error.isMissing { return nil }
      throw error
    }
    for entry in entries where entry.kind != .folder {
      guard let name = entry.name else { continue }
      let path = folder.appending(name)
      guard let status = try fileSystem.status(path), status.kind == .file,
        status.size <= Int64(SavedPlan.limit), try beginsLikeAPlan(path),
        try SavedPlan.id(path, fileSystem) == id
      else { continue }
      return path
    }
    return nil
  }

  private static func unreadable(_ file: FoundRoot, _ problem: RootProblem) -> EngineError {
    switch problem {
    case .unknownVersion(let text):
      EngineError(
        "C219", "`\(file.path)` has the format `\(text)`, which this civsync does not know",
        notes: ["it says what another project needs; nothing was taken away"],
        help: "use the civsync that wrote it, or a newer one")
    case .damaged:
      EngineError(
        "C219", "`\(file.path)` is damaged",
        notes: ["it says what another project needs; nothing was taken away"],
        help: "run `civsync gc --yes` in that project, which writes it anew; if that is gone for "
          + "good, remove the file")
    }
  }

  private static func isThere(_ standing: CollectReport.ProjectStanding) -> EngineError {
    EngineError(
      "C218", "the project in `\(standing.folder)` is there, and uses this store",
      notes: ["only a project that is gone can be forgotten"],
      help: "remove its folder, or give it a store of its own, first", exit: .usage)
  }

  private static func unregistered(_ text: String, _ needs: StoreNeeds) -> EngineError {
    EngineError(
      "C218", "no project `\(text)` has told this store what it needs",
      notes: needs.projects.map { "\($0.id): `\($0.folder)`" },
      help: "name one of the projects that `civsync gc` lists, by id or folder", exit: .usage)
  }
}

extension SavedPlan {
  /// Which plan a file holds.
  /// - Returns: `nil` when there is none, or something else.
  static func id(_ path: AbsolutePath, _ files: FileSystem) throws(SystemError) -> String? {
    guard let bytes = try files.read(path, limit: limit) else { return nil }
    return planID(of: bytes)
  }
}
