import CatalogueModel
import ContentStore
import Core
import Planning
import SystemIO
import Tree

/// The time of a file says what it holds; here that is put right before a switch relies on it.
extension Engine {
  /// Takes the seal from files whose content is not what it says. From then on one look tells, to
  /// this run and to all later ones: the file is moved aside like any that was changed, and the
  /// object is fetched anew.
  func breakSeals(_ world: ObservedWorld, _ workspace: Workspace) async throws(EngineError) {
    guard !world.forged.isEmpty || !world.damaged.isEmpty else { return }
    try await disk.run { () throws(EngineError) in
      let objects = world.damaged.map { workspace.store.path(of: $0) }
      let placed = world.forged.compactMap { place in
        workspace.roots[place.tree]?.appending(place.path)
      }
      for path in objects + placed {
        do {
          guard let status = try self.fileSystem.status(path), status.kind == .file else {
            continue
          }
          try self.fileSystem.setModified(path, status.modified.withoutSeal)
        } catch {
          throw EngineError(
            "C130",
            "`\(path)` has other content than its time says, and cannot be marked: \(error)",
            notes: ["nothing was changed"], help: "make it writable, or move it away")
        }
      }
    }
  }

  /// Gives objects that a switch is about to use their seal back, after reading them once more: a plan
  /// takes an object whose time alone was changed for what it is, a switch looks at the time.
  func sealAnew(
    _ digests: [Digest], for actions: [Action], _ store: ContentStore
  ) throws(EngineError) {
    var users: [Digest: Action] = [:]
    for action in actions {
      guard let digest = action.entry?.digest, users[digest] == nil else { continue }
      users[digest] = action
    }
    for digest in digests {
      guard let action = users[digest] else { continue }
      let isPlaced = [.create, .replace, .repair].contains(action.kind)
      try sealObject(digest, action, store, mustBeThere: isPlaced)
    }
  }

  private func sealObject(
    _ digest: Digest, _ action: Action, _ store: ContentStore, mustBeThere: Bool
  ) throws(EngineError) {
    do {
      guard let status = try store.status(of: digest) else {
        // Somebody removed it by hand, or a civsync did that knows no lock of the store.
        if mustBeThere { throw Self.vanished(digest, action) }
        return
      }
      if status.isSealed(as: digest) { return }
      if case .ok = try store.verify(digest, reseal: true) { return }
    } catch let error as EngineError {
      throw error
    } catch {
      throw EngineError(
        "C131", "cannot read the object of `\(action.place)`, whose time was changed: \(error)",
        notes: ["nothing was changed"])
    }
    throw EngineError(
      "C132", "the object of `\(action.place)` changed since the plan was made",
      notes: ["sha256 \(digest)", "nothing was changed"],
      help: "run it again: the plan finds it damaged then", exit: .verificationFailed)
  }

  private static func vanished(_ digest: Digest, _ action: Action) -> EngineError {
    EngineError(
      "C220", "the object of `\(action.place)` is not in the store any more",
      notes: ["sha256 \(digest)", "nothing was changed"],
      help: "run it again: the plan fetches it then, or says who has it", exit: .stale)
  }
}
