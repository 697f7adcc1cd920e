import CatalogueModel
import ContentStore
import Core
import History
import Planning
import SystemIO

/// What a project tells the store that it needs, so that nobody who collects in it takes that away.
extension Engine {
  /// How this project calls itself in a store.
  func owner(_ id: String) -> StoreRoot.Owner {
    StoreRoot.Owner(project: id, folder: project.folder, state: project.state)
  }

  /// Gives a folder that was copied together with its state an id of its own: two projects must never
  /// write into one file of roots. Only under the project's lock.
  func settleIdentity() throws(EngineError) {
    guard var state = try ProjectState.load(project, fileSystem),
      let path = AbsolutePath(state.store)
    else { return }
    let store = ContentStore(root: path, files: fileSystem)
    let found = try? store.rootOwner(state.id)
    guard let known = found ?? nil, isAnother(known) else { return }
    state.id = newProjectID()
    do {
      try state.save(project, fileSystem)
    } catch {
      throw EngineError(
        "C021", "cannot use the state folder `\(project.state)`: \(error)",
        exit: error.isFull ? .noSpace : .failed)
    }
    observer.handle(
      .notice(
        "this folder is a copy of the project in `\(known.folder)`; it has an id of its own now"))
  }

  /// Whether a file of roots is that of another project which has the same id, and is still there.
  func isAnother(_ owner: StoreRoot.Owner) -> Bool {
    guard owner.state != project.state.string, let path = AbsolutePath(owner.state),
      let there = try? fileSystem.status(path, followingLinks: true), there.kind == .folder
    else { return false }
    // The same folder on another way is no other.
    let own = try? fileSystem.status(project.state, followingLinks: true)
    guard own?.isSameFile(as: there) != true else { return false }
    let other = Project(manifest: path.parent.appending("civsync.yaml"))
    let state = try? ProjectState.load(other, fileSystem)
    return other.state == path && state?.id == owner.project
  }

  /// Makes sure that the store has a file of this project's roots, which names everything that its
  /// snapshots need. Whoever calls this shares the store.
  func register(_ workspace: Workspace) throws(EngineError) {
    let owner = owner(workspace.id)
    do throws(StoreError) {
      // The whole of it: a machine that stopped while something was added may have left what nobody
      // can read, and until it is written anew nobody collects.
      if let found = try workspace.store.root(owner.name), case .success(let root) = found.root {
        let told = Set(root.digests)
        if root.owner != owner || root.digests.count > 2 * told.count + Self.fewRoots {
          // The project was moved; or a civsync of before noted the same again and again.
          try workspace.store.write(StoreRoot(owner, told.sorted()))
        } else {
          // What a run that was killed has added may not be on the disk yet.
          try workspace.store.syncRoot(owner.name)
        }
        return neededDigests.withLock { $0 = told }
      }
    } catch {
      throw Self.unregistered(workspace.store, error)
    }
    let digests = try reach().all
    do {
      try workspace.store.write(StoreRoot(owner, digests))
    } catch {
      throw Self.unregistered(workspace.store, error)
    }
    neededDigests.withLock { $0 = Set(digests) }
  }

  /// A file of roots may name that many more than needed before it is written anew.
  private static let fewRoots = 1_000

  /// Tells the store, durably, what is about to be needed: before it is fetched, and before the journal
  /// that makes it true.
  /// - Parameter head: what the last snapshot has is told already.
  func need(
    _ entries: [Entry], _ more: Set<Digest> = [], beyond head: Snapshot?, in workspace: Workspace
  ) throws(EngineError) {
    let difference = EntryDifference(from: head?.entries ?? [], to: Entry.inOrder(entries))
    var digests = Self.digests(of: difference.new).union(more)
    digests.subtract(Self.digests(of: difference.old))
    digests.subtract(neededDigests.withLock { $0 })
    guard !digests.isEmpty else { return }
    do {
      try workspace.store.addRoots(digests.sorted(), to: workspace.id)
    } catch {
      throw Self.unregistered(workspace.store, error)
    }
    neededDigests.withLock { $0.formUnion(digests) }
  }

  /// Tells the store what a saved plan takes from it. Nothing to do where there is no store yet.
  func registerPlan(
    _ id: String, at path: AbsolutePath, _ survey: Survey
  ) async throws {
    let (store, project) = (survey.workspace.store, survey.workspace.id)
    guard (try? store.isThere()) == true else { return }
    guard (try? store.mayBeWritten()) != false else {
      observer.handle(
        .notice(
          "the store `\(store.root)` may not be written to, so the plan is not noted in it: a `civsync gc` "
            + "by whoever may could take away what only this plan needs"))
      return
    }
    let lock = try await lockStore(store, .shared)
    defer { lock.release() }
    let digests = Self.digests(of: survey.plan.result)
      .subtracting(Self.digests(of: survey.former))
    var owner = owner(project)
    owner.plan = StoreRoot.Plan(id: id, file: path)
    try await disk.run { [owner] () throws(EngineError) in
      do throws(StoreError) {
        try store.write(StoreRoot(owner, digests.sorted()))
      } catch {
        throw Self.unregistered(store, error)
      }
    }
  }

  /// Of files and of what stands beside them.
  static func digests(of entries: [Entry]) -> Set<Digest> {
    var digests: Set<Digest> = []
    digests.reserveCapacity(entries.count)
    for entry in entries {
      digests.insert(entry.digest)
      for companion in entry.file.companions { digests.insert(companion.digest) }
    }
    return digests
  }

  private static func unregistered(_ store: ContentStore, _ error: StoreError) -> EngineError {
    EngineError(
      "C217", "what is needed of the store `\(store.root)` could not be noted in it: \(error)",
      notes: ["nothing was changed; what was fetched is kept"],
      exit: error.isFull ? .noSpace : .failed)
  }
}
