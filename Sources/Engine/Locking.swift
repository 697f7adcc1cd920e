import ContentStore
import Core
import Diagnostics
import ManifestModel
import SystemIO

/// What a writing command holds until it ends: the project for itself alone, and the stores that it works
/// with together with other writers, so that nothing is collected under its hands.
final class ProjectLock: Sendable {
  private let project: FileLock
  private let stores: Locked<[AbsolutePath: FileLock]>

  init(_ project: FileLock, _ stores: Locked<[AbsolutePath: FileLock]>) {
    self.project = project
    self.stores = stores
  }

  func release() {
    stores.withLock { locks in
      for lock in locks.values { lock.release() }
      locks = [:]
    }
    project.release()
  }
}

/// Which store a writing command looks at.
enum StoreUse {
  /// None, or it takes the store for itself.
  case none
  /// The one that the project has.
  case known
  /// The one that the manifest names, or that the project would make.
  case named(Manifest)
}

extension Engine {
  /// Takes the project's lock and a share in its store's, or says who has it. A folder that is a copy of
  /// another project becomes one of its own.
  func acquireLock(_ use: StoreUse = .known) async throws -> ProjectLock {
    let project = try await lockProject()
    let lock = ProjectLock(project, storeLocks)
    do {
      try await disk.run { () throws(EngineError) in
        self.clearLeftovers()
        try self.settleIdentity()
      }
      if let store = try usedStore(use) { try await shareStore(store) }
      return lock
    } catch {
      lock.release()
      throw error
    }
  }

  private func lockProject() async throws -> FileLock {
    try await waiting { () throws(EngineError) in
      do {
        try self.fileSystem.makeFolders(self.project.state)
        let attempt = try self.fileSystem.tryLock(
          self.project.processLock, holder: self.lockHolder)
        if case .acquired(let lock) = attempt {
          do {
            try self.ignoreState()
          } catch {
            lock.release()
            throw error
          }
        }
        return attempt
      } catch {
        throw EngineError(
          "C021", "cannot use the state folder `\(self.project.state)`: \(error)",
          exit: CommandExit(refusedBy: error))
      }
    } busy: { holder in
      EngineError(
        "C020", "another civsync works on this project: \(holder?.text ?? "it just began")",
        help: "wait for it to end, or stop it with Ctrl-C; plan, log and status work meanwhile",
        exit: .locked)
    }
  }

  /// Whoever holds the lock alone writes in the state folder.
  private func ignoreState() throws(SystemError) {
    let ignore = project.state.appending(".gitignore")
    if try fileSystem.status(ignore) == nil {
      try fileSystem.writeAtomically(Array("*\n".utf8), to: ignore)
    }
  }

  /// Removes what a run was writing when it was killed. Only while the lock keeps others out.
  private func clearLeftovers() {
    for folder in [project.state, project.state.appending("journal")] {
      for entry in (try? fileSystem.list(folder)) ?? []
      where entry.kind == .file && TemporaryNames.isRandom(entry.displayName) {
        _ = try? fileSystem.unlink(folder.appending(entry.displayName))
      }
    }
  }

  private var lockHolder: LockHolder {
    LockHolder(process: context.process, command: context.command, since: context.timestamp)
  }

  /// - Returns: `nil` where nobody has made one yet: then there is nothing in it that could be taken away.
  private func usedStore(_ use: StoreUse) throws(EngineError) -> ContentStore? {
    let state = try ProjectState.load(project, fileSystem)
    let path: AbsolutePath?
    switch use {
    case .none: path = nil
    case .known:
      path = try state.map { state throws(EngineError) in
        try storePath(trees: [], wanted: nil, known: state)
      }
    case .named(let manifest):
      path = try storePath(trees: manifest.treeRoots, wanted: manifest.store, known: state)
    }
    guard let path else { return nil }
    let store = ContentStore(root: path, files: fileSystem)
    // What is wrong with it shows when it is used, and until then nothing is written into it.
    return isUsable(store) ? store : nil
  }

  /// Keeps a store from being collected until the project's lock is given back. Again does nothing.
  func shareStore(_ store: ContentStore) async throws {
    if storeLocks.withLock({ $0[store.root] != nil }) { return }
    let lock = try await lockStore(store, .shared)
    storeLocks.withLock { $0[store.root] = lock }
  }

  func lockStore(_ store: ContentStore, _ mode: LockMode) async throws -> FileLock {
    try await waiting { () throws(EngineError) in
      do throws(StoreError) {
        return try store.tryLock(mode, holder: self.lockHolder)
      } catch {
        throw EngineError(
          "C209", "the store `\(store.root)` cannot be locked: \(error)",
          exit: error.isFull ? .noSpace : .failed)
      }
    } busy: { holder in
      let who = holder.map { "is collecting in it: \($0.text)" } ?? "works with it"
      return EngineError(
        "C208", "the store `\(store.root)` is in use: another civsync \(who)",
        help: "wait for it to end, or let this one wait: `--lock-timeout 10m`", exit: .locked)
    }
  }

  /// How long until somebody looks again.
  private static let lockPause = Duration.milliseconds(100)

  private func waiting(
    for attempt: @escaping @Sendable () throws(EngineError) -> LockAttempt,
    busy: (LockHolder?) -> EngineError
  ) async throws -> FileLock {
    var waited = Duration.zero
    while true {
      switch try await disk.run(attempt) {
      case .acquired(let lock): return lock
      case .held(let holder):
        let error = busy(holder)
        guard waited < context.lockTimeout else { throw error }
        if waited == .zero {
          observer.handle(.notice("waiting: \(error.diagnostics.first?.message ?? "")"))
        }
        let pause = min(Self.lockPause, context.lockTimeout - waited)
        do {
          try await context.clock.sleep(for: pause)
        } catch {
          throw EngineError.interrupted
        }
        waited += pause
      }
    }
  }
}
