import CatalogueModel
import ContentStore
import Core
import History
import ManifestModel
import Planning
import SystemIO
import Tree

/// The part of a repair that changes store and trees. Its order leaves a crash at any point to be
/// repaired by the next run: sound bytes are verified → what is damaged has a second name → one rename
/// puts the sound file in its place → the trees are switched from a journal.
extension Engine {
  /// Gives what damaged objects hold a name of its own, and publishes the sound ones.
  func replaceDamaged(
    _ outcome: inout RepairOutcome, _ run: RepairRun
  ) throws(EngineError) {
    var kept: [Digest: FileStatus] = [:]
    do {
      for cure in outcome.restored {
        let digest = cure.damage.digest
        guard let status = run.verification.damaged[digest] else { continue }
        if try breakSeal(status, digest, run), try keep(status, cure, run, &outcome) {
          kept[digest] = status
        }
      }
    } catch {
      throw EngineError(
        "C180", "what a damaged object holds could not be kept: \(error)",
        notes: ["nothing was replaced; what was fetched is kept"],
        help: "make room, or make `.civsync/aside` writable, and run it again",
        exit: error.isFull ? .noSpace : .failed)
    }
    do {
      try run.store.publish(inPlaceOf: kept)
      for cure in outcome.restored where cure.damage.kind != .missing {
        guard kept[cure.damage.digest] == nil else { continue }
        let paths = try run.store.setAside(of: cure.damage.digest)
        outcome.aside += paths.suffix(1).map { project.relative($0) }
      }
    } catch {
      throw EngineError(
        "C181", "what was restored could not be made durable: \(error)",
        notes: ["what was damaged is kept: \(outcome.aside.joined(separator: ", "))"],
        help: "remove the cause and run it again", exit: error.isFull ? .noSpace : .failed)
    }
  }

  /// From now on nobody takes the damaged file for sound, under whatever name: a switch that finds it
  /// keeps it as the user's.
  /// - Returns: `false` for what is no file.
  private func breakSeal(
    _ status: FileStatus, _ digest: Digest, _ run: RepairRun
  ) throws(StoreError) -> Bool {
    guard status.kind == .file, let now = try run.store.status(of: digest),
      now.isSameFile(as: status)
    else { return false }
    try run.store.markDamaged(digest, seen: now)
    return true
  }

  /// - Returns: whether it has a name that it keeps.
  private func keep(
    _ status: FileStatus, _ cure: Cure, _ run: RepairRun, _ outcome: inout RepairOutcome
  ) throws(StoreError) -> Bool {
    // A place that is a hard link to it goes aside with it.
    if isPlaced(status, cure.damage, run) || status.size == 0 { return true }
    let folder = project.aside.appending(run.asideName, "objects")
    do throws(SystemError) {
      try fileSystem.makeFolders(folder)
      let path = try link(run.store.path(of: cure.damage.digest), into: folder, cure.damage)
      try fileSystem.syncFolder(folder)
      outcome.aside.append(project.relative(path))
      return true
    } catch {
      guard error.isCrossDevice || error.isUnsupported else { throw .system(error) }
    }
    // On another file system it stays with the store. What cannot be read goes there when the sound
    // one comes.
    if cure.damage.kind != .unreadable { try run.store.removeIfDamaged(cure.damage.digest) }
    return false
  }

  private func isPlaced(
    _ status: FileStatus, _ damage: VerifyReport.Damage, _ run: RepairRun
  ) -> Bool {
    damage.places.contains { shown in
      guard let root = run.verification.workspace.roots[shown.place.tree] else { return false }
      let there = try? fileSystem.status(root.appending(shown.place.path))
      return there?.isSameFile(as: status) ?? false
    }
  }

  /// `4061790b1f2a-aurora.safetensors`; with `-2`, `-3` before it where that is taken.
  private func link(
    _ object: AbsolutePath, into folder: AbsolutePath, _ damage: VerifyReport.Damage
  ) throws(SystemError) -> AbsolutePath {
    let name = damage.places.first.map { "-" + $0.place.path.name } ?? ""
    for number in 1... {
      let start = damage.digest.short + (number == 1 ? "" : "-\(number)")
      // No longer than a file system allows; what tells a model's kind stands at the end.
      var end = Substring(name)
      while start.utf8.count + end.utf8.count > 255 { end = end.dropFirst() }
      let path = folder.appending(start + end)
      do throws(SystemError) {
        try fileSystem.link(object, to: path)
        return path
      } catch {
        guard error.isExisting else { throw error }
      }
    }
    return folder
  }

  /// Links the places anew that were the damaged files themselves, and records that.
  func relink(_ outcome: inout RepairOutcome, _ run: RepairRun) async throws {
    guard let head = run.head else { return }
    let actions = relinks(outcome.restored, run, head.entries)
    guard !actions.isEmpty else { return }
    let lock = try await disk.run { () throws(EngineError) in
      try LockFile(path: self.project.lockFile, files: self.fileSystem).read()
    }
    let recorded = Set(head.entries.map(\.identity))
    let count = actions.count
    var switched = RunOutcome()
    try await record(
      Recording(
        head: head, workspace: run.verification.workspace, manifests: head.manifests,
        selection: head.selection, links: run.manifest?.links ?? [:],
        treeLinks: run.manifest?.treeLinks ?? [:], link: run.manifest?.link, actions: actions,
        entries: head.entries, lockedBeyond: lock.filter { !recorded.contains($0.identity) },
        title: "verify: \(count) \(count == 1 ? "file" : "files") repaired", body: ""),
      &switched)
    outcome.relinked = switched.done.map(\.place)
    outcome.aside += switched.aside
    outcome.left = switched.left
    outcome.snapshot = switched.snapshot
  }

  private func relinks(_ cures: [Cure], _ run: RepairRun, _ entries: [Entry]) -> [Action] {
    var stale: Set<Place> = []
    for cure in cures {
      for shown in cure.damage.places where shown.standing == .shared {
        guard let root = run.verification.workspace.roots[shown.place.tree],
          let status = try? fileSystem.status(root.appending(shown.place.path)),
          status.kind == .file
        else { continue }
        stale.insert(shown.place)
      }
    }
    var actions: [Action] = []
    for entry in entries {
      // Several owners of one place have the same content.
      for place in entry.file.places where stale.remove(place) != nil {
        actions.append(
          Action(
            kind: .repair, place: place, entry: entry, former: entry, source: .store,
            movesAside: true, reason: "its object was damaged"))
      }
    }
    return actions.sorted { $0.place < $1.place }
  }
}
