import Core
import GitStore
import History
import ManifestModel
import SystemIO

/// A manifest that a rollback puts back.
package struct ManifestReturn: Sendable, Equatable {
  package enum Change: String, Sendable {
    /// Its text becomes that of the snapshot.
    case write
    /// The snapshot had no overlay: it would change what the manifest says.
    case aside
  }

  /// As the snapshot calls it.
  package var name: String
  package var change: Change
}

extension Engine {
  private func place(of name: String) -> AbsolutePath {
    project.folder.resolving(name) ?? project.manifest
  }

  private func text(at path: AbsolutePath) throws(EngineError) -> [UInt8]? {
    do {
      return try fileSystem.read(path, limit: manifestByteLimit + 1)
    } catch {
      throw EngineError("C145", "cannot read the manifest `\(path)`: \(error)")
    }
  }

  /// What putting a snapshot's manifests back would change.
  /// - Throws: `C144` while a text on the disk is in no snapshot: it would be lost.
  func manifestsBack(to target: Snapshot, from head: Snapshot) throws(EngineError)
    -> [ManifestReturn]
  {
    guard !target.manifests.isEmpty else {
      throw EngineError(
        "C145", "that snapshot has no manifests to put back",
        help: "leave `--manifest` out", exit: .usage)
    }
    try requireKeptTexts(target, head)
    return try changes(to: target.manifests, from: head.manifests)
  }

  private func changes(
    to wanted: [ManifestCopy], from former: [ManifestCopy]
  ) throws(EngineError) -> [ManifestReturn] {
    var changes: [ManifestReturn] = []
    for copy in wanted where try text(at: place(of: copy.path)) != copy.bytes {
      changes.append(ManifestReturn(name: copy.path, change: .write))
    }
    let names = Set(wanted.map(\.path))
    for copy in former where copy.role == .overlay && !names.contains(copy.path) {
      guard try text(at: place(of: copy.path)) != nil else { continue }
      changes.append(ManifestReturn(name: copy.path, change: .aside))
    }
    return changes
  }

  /// Every text that declares something now, or that would be overwritten, must be in a snapshot.
  private func requireKeptTexts(_ target: Snapshot, _ head: Snapshot) throws(EngineError) {
    var texts: [String: [UInt8]] = [:]
    for copy in head.manifests + target.manifests {
      texts[copy.path] = try text(at: place(of: copy.path))
    }
    // What the manifest includes today and no snapshot knows yet. One that cannot be read to its
    // end differs from the recorded one.
    for source in (try? loadManifest().manifest.sources) ?? [] { texts[source.name] = source.bytes }
    let kept = Set((head.manifests + target.manifests).map(\.bytes))
    var edited: [String] = []
    for (name, bytes) in texts.sorted(by: { $0.key < $1.key }) where !kept.contains(bytes) {
      let isKnown = try reading { history throws(HistoryError) in
        try history.hasManifest(bytes)
      }
      if !isKnown { edited.append(name) }
    }
    guard edited.isEmpty else {
      throw EngineError(
        "C144", "the manifests hold edits that no snapshot has; nothing was changed",
        notes: edited.map { "edited: `\($0)`" },
        help: "apply them first, or copy them elsewhere and undo the edits; without `--manifest` "
          + "they stay as they are")
    }
  }

  /// Puts the manifests of a snapshot back. Done again it changes nothing; a text that no snapshot
  /// has is left, and told.
  /// - Parameter folder: below `aside/`, for an overlay that the snapshot had not.
  func putManifestsBack(_ snapshot: Snapshot, aside folder: String) throws(EngineError)
    -> [ManifestReturn]
  {
    let before = try parent(of: snapshot).map { id throws(EngineError) in try self.snapshot(id) }
    let changes = try changes(to: snapshot.manifests, from: before?.manifests ?? [])
    // One name, so that what a run that was cut off left under it goes.
    let own = FileSystem(
      observer: fileSystem.observer,
      names: TemporaryNames(only: TemporaryNames.prefix + "manifest"))
    for folder in Set(snapshot.manifests.map { place(of: $0.path).parent }) {
      _ = try? own.unlink(folder.appending(own.names.make()))
    }
    var done: [ManifestReturn] = []
    for change in changes {
      let path = place(of: change.name)
      if let bytes = try text(at: path) {
        let isKnown = try reading { history throws(HistoryError) in
          try history.hasManifest(bytes)
        }
        guard isKnown else {
          observer.handle(.notice("left as it is: `\(change.name)` was edited meanwhile"))
          continue
        }
      }
      do {
        switch change.change {
        case .write:
          guard let copy = snapshot.manifests.first(where: { $0.path == change.name }) else {
            continue
          }
          try own.makeFolders(path.parent)
          try own.writeDurably(copy.bytes, to: path)
        case .aside:
          let shelf = project.aside.appending(folder, "manifests")
          try fileSystem.makeFolders(shelf)
          try fileSystem.rename(path, to: shelf.appending(path.name))
          try fileSystem.syncFolder(path.parent)
        }
      } catch {
        throw EngineError(
          "C145", "the manifest `\(change.name)` could not be put back: \(error)",
          help:
            "remove the cause, then run `civsync rollback HEAD --manifest`: the placed files stand "
            + "already as that snapshot has them, and this puts its manifests back")
      }
      done.append(change)
    }
    return done
  }
}
