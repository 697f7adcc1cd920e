import ContentStore
import Core
import SystemIO
import Tree

extension Engine {
  /// Makes store and trees ready, with this project's name on them.
  func prepare(_ workspace: Workspace) async throws {
    try await disk.run { () throws(EngineError) in
      do {
        // Looked at once more: a disk may have gone while a question stood.
        try self.requireStore(workspace.store)
        let known = try ProjectState.load(self.project, self.fileSystem)
        try workspace.store.prepare()
        let state = ProjectState(
          id: workspace.id, store: workspace.store.root.string,
          storeID: try self.identity(of: workspace.store, known))
        if known != state { try state.save(self.project, self.fileSystem) }
      } catch let error as EngineError {
        throw error
      } catch {
        throw Self.unprepared(error)
      }
    }
    try await shareStore(workspace.store)
    try await disk.run { () throws(EngineError) in
      try self.register(workspace)
      // Looked at once more: a disk may have gone while files came, or while a question stood.
      let claimed = try self.claimedRoots()
      try self.checkRoots(workspace, claimed: claimed)
      do {
        try self.claim(workspace, claimed: claimed)
      } catch {
        throw Self.unprepared(error)
      }
    }
  }

  private static func unprepared(_ error: any Error) -> EngineError {
    EngineError(
      "C054", "cannot prepare store and folders: \(error)", exit: CommandExit(refusedBy: error))
  }

  /// What the store is called from now on. One that lost its name gets it back.
  private func identity(
    of store: ContentStore, _ known: ProjectState?
  ) throws(StoreError) -> String {
    let before = known?.storeID ?? ""
    return try store.settleIdentity(before.isEmpty ? newProjectID() : before)
  }

  /// Puts the project's name on its trees as far as it is not there.
  private func claim(
    _ workspace: Workspace, claimed: [TreeName: AbsolutePath]
  ) throws(TreeError) {
    var unclaimed: [TreeRoot] = []
    for tree in workspace.trees {
      let state = try tree.check(
        project: workspace.id, wasClaimed: wasOurs(tree, workspace, claimed), files: fileSystem)
      if state != .claimed { unclaimed.append(tree) }
    }
    guard !unclaimed.isEmpty else { return }
    let trials = try Trials.begin(
      in: unclaimed.map(\.root), state: project.state, files: fileSystem)
    defer { trials.end() }
    for tree in unclaimed {
      try tree.claim(
        project: workspace.id, wasClaimed: wasOurs(tree, workspace, claimed), files: trials.files)
    }
  }

  /// Whether this project has placed files there: a copy of another one has not.
  private func wasOurs(
    _ tree: TreeRoot, _ workspace: Workspace, _ claimed: [TreeName: AbsolutePath]
  ) -> Bool {
    guard let before = claimed[tree.name] else { return false }
    let old = TreeRoot(name: tree.name, root: before)
    return before == tree.root
      || holder(of: old, own: workspace.id, in: workspace.store) == nil
  }

  /// The roots that the last snapshot says this project has placed files in.
  private func claimedRoots() throws(EngineError) -> [TreeName: AbsolutePath] {
    let trees = try placedList()?.trees ?? []
    return Dictionary(trees.map { ($0.name, $0.root) }, uniquingKeysWith: { first, _ in first })
  }
}
