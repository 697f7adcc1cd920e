import ContentStore
package import Core
import Diagnostics
import SystemIO

/// The store that a project used before, and only that, is its store. One whose disk is not mounted must
/// not pass for an empty one.
extension Engine {
  /// Stops where the project's store is not there, or another stands in its place.
  func requireStore(_ store: ContentStore) throws(EngineError) {
    if let problem = try storeProblem(store) { throw problem }
  }

  /// Says so and goes on, for what needs nothing of the store's content.
  func noteStore(_ store: ContentStore) throws(EngineError) {
    guard let problem = try storeProblem(store)?.diagnostics.first else { return }
    observer.handle(.notice("\(problem.message); \(problem.help ?? "")"))
  }

  /// The store that the project used last; `nil` before the first apply.
  func knownStore() throws(EngineError) -> ContentStore? {
    guard let state = try ProjectState.load(project, fileSystem) else { return nil }
    let path = try storePath(trees: [], wanted: nil, known: state)
    return ContentStore(root: path, files: fileSystem)
  }

  /// Likewise, also of a store that cannot be looked at.
  func noteKnownStore() {
    do {
      if let store = try knownStore() { try noteStore(store) }
    } catch {
      observer.handle(.notice(error.diagnostics.first?.message ?? ""))
    }
  }

  /// Whether it is there, and nothing speaks against it.
  func isUsable(_ store: ContentStore) -> Bool {
    do {
      if try storeProblem(store) != nil { return false }
      return try store.isThere()
    } catch {
      return false
    }
  }

  /// What speaks against taking this store for the one that the project used.
  /// - Returns: `nil` for that one, and for any where the project has used none or gave its own up.
  /// - Throws: `C032` where it cannot be looked at, or is of a version that nobody here knows.
  func storeProblem(_ store: ContentStore) throws(EngineError) -> EngineError? {
    let state = try ProjectState.load(project, fileSystem)
    let (isThere, identity): (Bool, String?)
    do throws(StoreError) {
      (isThere, identity) = (try store.isThere(), try store.identity())
    } catch {
      throw EngineError("C032", "cannot look at the store `\(store.root)`: \(error)")
    }
    let wanted = state?.storeID
    if wanted == "" { return nil }
    if let wanted, let identity, identity != wanted { return isAnother(store, state) }
    if isThere {
      if wanted != nil, identity != nil { return nil }
      return try hasServed(store, state) ? nil : isAnother(store, state)
    }
    if wanted == nil, try !hasPlaced() { return nil }
    return isMissing(store, state, isUnversioned: identity != nil)
  }

  /// Whether it is the store of a project that knows its store's name or, of one that does not, has a file
  /// of its needs.
  func isOwn(_ store: ContentStore, _ state: ProjectState) throws(StoreError) -> Bool {
    guard try store.isThere() else { return false }
    if let wanted = state.storeID { return try store.identity() == wanted }
    return try store.rootOwner(state.id) != nil
  }

  /// Whether a store without a name, or one of which the project knows none, was this project's: it has a
  /// file of its needs, or something that it placed. One that placed nothing takes any.
  private func hasServed(
    _ store: ContentStore, _ state: ProjectState?
  ) throws(EngineError) -> Bool {
    if state?.storeID == nil, try !hasPlaced() { return true }
    do throws(StoreError) {
      if let state, try store.rootOwner(state.id) != nil { return true }
    } catch {
      throw EngineError("C032", "cannot look at the store `\(store.root)`: \(error)")
    }
    for spot in try placedList()?.spots.prefix(64) ?? [] {
      do throws(StoreError) {
        if try store.stat(spot.digest) != nil { return true }
      } catch {
        throw EngineError("C032", "cannot look at the store `\(store.root)`: \(error)")
      }
    }
    return false
  }

  private func hasPlaced() throws(EngineError) -> Bool {
    try placedList().map { !$0.spots.isEmpty } ?? false
  }

  private func isMissing(
    _ store: ContentStore, _ state: ProjectState?, isUnversioned: Bool
  ) -> EngineError {
    guard !isUnversioned else {
      return EngineError(
        "C179", "the store is not whole: `\(store.root)`",
        notes: ["it is the one that this project used, and its file `VERSION` is gone"],
        help: "put that back: `echo civsync-store 1 > \(store.root)/VERSION`")
    }
    return EngineError(
      "C179", "the store is not there: `\(store.root)`", notes: whereabouts(store.root, state),
      help: "mount its disk, or put the folder back; only if it is lost for good, `civsync store "
        + "forget` lets the next `civsync apply` make one anew, from the files that are placed and "
        + "the network")
  }

  private func isAnother(_ store: ContentStore, _ state: ProjectState?) -> EngineError {
    EngineError(
      "C223", "the store `\(store.root)` is not the one that this project used",
      notes: whereabouts(store.root, state),
      help: "mount the right disk, or set `store:` to where that store is; only if it is lost for "
        + "good, or this one shall take its place, `civsync store forget` lets the next `civsync apply` "
        + "go on with this one")
  }

  /// What can be told of where a store should be.
  private func whereabouts(_ path: AbsolutePath, _ state: ProjectState?) -> [String] {
    var notes: [String] = []
    if let before = state?.store, before != path.string {
      notes.append("this project used the store `\(before)`")
    }
    var there = path
    while !exists(there), there != there.parent { there = there.parent }
    if there != path { notes.append("the last folder on the way that is there is `\(there)`") }
    let mount = mountPoint(of: there)
    notes.append(
      mount.string == "/"
        ? "no disk is mounted on the way there: it would lie on the system's own"
        : "it would lie on the disk that is mounted at `\(mount)`")
    return notes
  }

  /// The highest folder on the way up that is on the same disk.
  private func mountPoint(of path: AbsolutePath) -> AbsolutePath {
    func device(_ path: AbsolutePath) -> UInt64? {
      ((try? fileSystem.status(path, followingLinks: true)) ?? nil)?.device
    }
    var top = path
    while top != top.parent, device(top.parent) == device(top) { top = top.parent }
    return top
  }

  /// Gives the store up that the project used: it is lost for good, or another shall take its place. The
  /// next command that needs one takes the store that it finds, or makes one. Nothing is removed.
  /// - Returns: where that will be.
  package func forgetStore() async throws -> AbsolutePath {
    let lock = try await acquireLock(.none)
    defer { lock.release() }
    return try await disk.run { () throws(EngineError) in
      let store = try self.ownStore()
      guard try self.storeProblem(store) != nil else {
        throw EngineError(
          "C224", "the store `\(store.root)` is there, and nothing speaks against it",
          notes: ["nothing was changed"],
          help:
            "only a store that is lost can be given up; `store:` names another, once the folder "
            + "was moved there", exit: .usage)
      }
      let trees = try self.placedList()?.trees ?? []
      let state = ProjectState(
        id: try self.workspace(trees: trees, store: store.root).id, store: store.root.string,
        storeID: "")
      do throws(SystemError) {
        try state.save(self.project, self.fileSystem)
      } catch {
        throw EngineError(
          "C021", "cannot use the state folder `\(self.project.state)`: \(error)",
          exit: error.isFull ? .noSpace : .failed)
      }
      return store.root
    }
  }
}
