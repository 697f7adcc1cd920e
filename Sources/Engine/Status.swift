import CatalogueModel
import ContentStore
import Core
import History
import Planning
import SystemIO
import Tree

extension Engine {
  /// How the trees stand to the last snapshot. Needs neither manifest nor network.
  package func status() async throws -> TreeStatus {
    let pending = try pendingText()
    guard let head = try await disk.run({ () throws(EngineError) in try self.headSnapshot() })
    else {
      try noteLostHistory()
      return TreeStatus(pending: pending)
    }
    let workspace = try workspace(trees: head.treeRoots, store: nil)
    try checkRoots(workspace, claimed: head.roots)
    let entries = Entry.entries(of: head.models)
    var status = try await disk.run { () throws(EngineError) in
      try self.drift(entries, workspace)
    }
    status.snapshot = head.id
    status.pending = pending
    return status
  }

  private func drift(_ entries: [Entry], _ workspace: Workspace) throws(EngineError) -> TreeStatus {
    let content = KnownContent(index: openIndex(), files: fileSystem, now: context.unixTime)
    let world = WorldObserver(
      trees: workspace.roots, store: workspace.store, content: content, files: fileSystem,
      reserved: reserved(workspace))
    var status = TreeStatus()
    var known: [TreeName: Set<String>] = [:]
    for (name, root) in workspace.roots {
      let observer = TreeObserver(root: root, objects: workspace.store, files: fileSystem)
      for entry in entries {
        for place in entry.file.places where place.tree == name {
          guard known[name, default: []].insert(place.path.string).inserted else { continue }
          if let drift = try drift(place, entry, observer, root.appending(place.path), world) {
            status.drift.append(drift)
          } else {
            status.intact += 1
          }
        }
      }
      let others = Set(workspace.roots.values).subtracting([root])
      var companions = ObservedCompanions()
      try companions.add(entries, in: name) { place, digest throws(EngineError) in
        try self.look(at: place, as: digest, observer)
      }
      status.intact += companions.intact
      status.edited += companions.edited
      status.drift += companions.missing.map { TreeStatus.Drift(kind: .missing, place: $0) }
      status.foreign += try countForeign(
        root, (known[name] ?? []).union(companions.known), without: others)
    }
    status.drift.sort { $0.place < $1.place }
    return status
  }

  /// - Returns: `nil` for a place that is as it shall be.
  private func drift(
    _ place: Place, _ entry: Entry, _ observer: TreeObserver, _ path: AbsolutePath,
    _ world: WorldObserver
  ) throws(EngineError) -> TreeStatus.Drift? {
    let state: ObservedState
    do {
      state = try observer.observe(
        place.path, expecting: entry.digest, size: entry.file.bytes.bytes)
    } catch {
      throw EngineError("C031", "cannot look at `\(path)`: \(error)")
    }
    switch state {
    case .intact:
      guard (try? world.store.stat(entry.digest)) == nil else { return nil }
      return TreeStatus.Drift(
        kind: .missing, place: place,
        detail: "from the store; the placed file is intact, `civsync apply` takes it back")
    case .absent: return TreeStatus.Drift(kind: .missing, place: place)
    case .blocked(let problem):
      return TreeStatus.Drift(kind: .missing, place: place, detail: "\(problem)")
    case .modified(.wrongLink), .modified(.danglingLink):
      return TreeStatus.Drift(kind: .wrongLink, place: place, detail: state.detail)
    case .modified, .foreign:
      // An adopted file is the user's own and never looked like a placed one.
      if entry.file.origin == .adopted,
        try world.look(place, entry, isRecorded: true, observer, path) == .intact
      {
        return nil
      }
      return TreeStatus.Drift(kind: .modified, place: place, detail: state.detail)
    }
  }

  /// Files below the root that no record names, other trees within it left out. Links are not
  /// followed.
  private func countForeign(
    _ root: AbsolutePath, _ known: Set<String>, without others: Set<AbsolutePath>
  ) throws(EngineError) -> Int {
    do {
      var count = 0
      var folders = [root]
      while let folder = folders.popLast() {
        for item in try fileSystem.list(folder) {
          let name = item.displayName
          if folder == root, name == TreeRoot.markerName || name == ".civsync-store" { continue }
          let path = folder.appending(name)
          if item.kind == .folder {
            if others.contains(path) { continue }
            folders.append(path)
          } else if !known.contains(String(path.string.dropFirst(root.string.count + 1))) {
            count += 1
          }
        }
      }
      return count
    } catch {
      throw EngineError("C031", "cannot look through the tree: \(error)")
    }
  }
}

extension ObservedState {
  fileprivate var detail: String? {
    if case .modified(let reason) = self { "\(reason)" } else { nil }
  }
}
