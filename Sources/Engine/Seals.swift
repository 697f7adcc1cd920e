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

  /// Gives the files that a switch is about to use their seal back, after reading them once more:
  /// a plan takes a file whose time alone was changed for what it is, a switch looks at the time.
  /// What no action touches stays as it is.
  func sealAnew(_ actions: [Action], _ workspace: Workspace) throws(EngineError) {
    var seen: Set<Digest> = []
    for action in actions {
      if let digest = action.entry?.digest, seen.insert(digest).inserted {
        let isPlaced = [.create, .replace, .repair].contains(action.kind)
        try sealObject(digest, action, workspace.store, mustBeThere: isPlaced)
      }
      guard !action.movesAside, let former = action.former else { continue }
      // What leaves its place goes only where the store has it: a look must tell that too.
      if seen.insert(former.digest).inserted {
        _ = try? sealObject(former.digest, action, workspace.store, mustBeThere: false)
      }
      let place = action.from ?? action.place
      guard let path = workspace.roots[place.tree]?.appending(place.path) else { continue }
      do {
        try sealPlaced(path, former.digest, size: former.file.bytes.bytes)
      } catch {
        throw EngineError(
          "C131", "cannot read `\(path)`, whose time was changed: \(error)",
          notes: ["nothing was changed"])
      }
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

  private func sealPlaced(
    _ path: AbsolutePath, _ digest: Digest, size: Int64
  ) throws(SystemError) {
    guard let status = try fileSystem.status(path), status.kind == .file, status.size == size,
      !status.isSealed(as: digest), let hashed = try fileSystem.hashFile(path),
      hashed.digest == digest,
      try fileSystem.status(path)?.isUnchanged(since: hashed.status) == true
    else { return }
    try fileSystem.seal(path, as: digest)
  }
}
