import CatalogueModel
import ContentStore
import Core
import History
import Planning
import SystemIO
import Tree

extension Engine {
  /// How the trees stand to the last snapshot. Needs neither manifest nor network.
  /// - Parameter verifies: the content of every placed file is read, for what its time and size do
  ///   not tell.
  package func status(verifies: Bool = false) async throws -> TreeStatus {
    let pending = try pendingText()
    guard let placed = try await disk.run({ () throws(EngineError) in try self.placedList() })
    else {
      try noteLostHistory()
      return TreeStatus(pending: pending)
    }
    let workspace = try workspace(trees: placed.trees, store: nil)
    try checkRoots(workspace, claimed: workspace.roots)
    try await disk.run { () throws(EngineError) in try self.noteStore(workspace.store) }
    var status = try await drift(placed, workspace, verifies: verifies)
    status.snapshot = placed.commit
    status.pending = pending
    return status
  }

  private func drift(
    _ placed: PlacedList, _ workspace: Workspace, verifies: Bool
  ) async throws(EngineError) -> TreeStatus {
    let spots = placed.spots
    let world = await worldObserver(workspace, verifies: verifies)
    let view = try await world.view(of: spots, ObjectsToSee(spots))
    return try await disk.run { () throws(EngineError) in
      var status = TreeStatus()
      for (spot, sighting) in zip(spots, view.sightings) {
        guard sighting != .edited else {
          status.editedFiles += 1
          continue
        }
        let isStored = view.isStored(spot.digest)
        if let drift = TreeStatus.Drift(spot.place, sighting, isStored: isStored) {
          status.drift.append(drift)
        } else {
          status.intact += 1
        }
      }
      try self.lookAtCompanions(placed.companions, workspace, &status)
      status.drift.sort { $0.place < $1.place }
      // All of them are there, so what else is there needs no look at its name.
      let isIntact = status.drift.isEmpty && status.unsafeCompanions == 0
      for (name, root) in workspace.roots {
        let others = Set(workspace.roots.values).subtracting([root])
        let own = (spots + placed.companions).lazy.filter { $0.place.tree == name }
        status.foreign +=
          isIntact
          ? try self.count(root, others) { _ in true } - own.count
          : try self.countForeign(
            root, Set(own.map { Array($0.place.path.string.utf8) }), without: others)
      }
      return status
    }
  }

  /// Companions are looked at and never read: what the user changes of them is the user's.
  private func lookAtCompanions(
    _ companions: [Spot], _ workspace: Workspace, _ status: inout TreeStatus
  ) throws(EngineError) {
    let observers = workspace.roots.mapValues {
      TreeObserver(root: $0, objects: workspace.store, files: fileSystem)
    }
    for spot in companions {
      guard let observer = observers[spot.place.tree] else { continue }
      switch try look(at: spot.place, as: spot.digest, observer) {
      case .absent: status.drift.append(TreeStatus.Drift(kind: .missing, place: spot.place))
      case .intact: status.intact += 1
      case .other: status.edited += 1
      case .unsafe: status.unsafeCompanions += 1
      }
    }
  }

  private func countForeign(
    _ root: AbsolutePath, _ own: Set<[UInt8]>, without others: Set<AbsolutePath>
  ) throws(EngineError) -> Int {
    try count(root, others) { !own.contains($0) }
  }

  /// Files below the root, as far as they are meant, other trees within it left out. Links are not
  /// followed.
  private func count(
    _ root: AbsolutePath, _ others: Set<AbsolutePath>, _ isMeant: ([UInt8]) -> Bool
  ) throws(EngineError) -> Int {
    do {
      var count = 0
      var folders: [[UInt8]] = [[]]
      while let folder = folders.popLast() {
        let text = String(decoding: folder, as: UTF8.self)
        let listing = try fileSystem.listing(of: text.isEmpty ? root : root.appending(text))
        var path = folder.isEmpty ? [] : folder + [UInt8(ascii: "/")]
        let start = path.count
        for item in listing.items {
          path.replaceSubrange(start..., with: listing.name(of: item))
          if start == 0, path == markerName || path == storeName { continue }
          let kind =
            try item.kind
            ?? fileSystem.status(
              root.appending(String(decoding: path, as: UTF8.self)))?.kind
          if kind == .folder {
            let isOther = others.contains {
              $0.string.utf8.elementsEqual(root.string.utf8 + [0x2f] + path)
            }
            if !isOther { folders.append(path) }
          } else if isMeant(path) {
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

private let markerName = Array(TreeRoot.markerName.utf8)
private let storeName = Array(".civsync-store".utf8)

extension TreeStatus.Drift {
  /// `nil` for a place that is as it shall be.
  fileprivate init?(_ place: Place, _ sighting: Sighting, isStored: Bool) {
    switch sighting {
    case .intact where isStored: return nil
    case .intact:
      self.init(
        kind: .missing, place: place,
        detail: "from the store; the placed file is intact, `civsync apply` takes it back")
    case .absent: self.init(kind: .missing, place: place)
    case .unsafe(let why): self.init(kind: .missing, place: place, detail: why)
    case .behind(let folder):
      self.init(kind: .missing, place: place, detail: "`\(folder.folder)` \(folder.why)")
    case .wrongLink(let how): self.init(kind: .wrongLink, place: place, detail: how)
    case .edited: return nil
    case .modified(let how): self.init(kind: .modified, place: place, detail: how)
    case .forged:
      self.init(
        kind: .modified, place: place, detail: Sighting.forgedText, onlyReadingTells: true)
    case .foreignFile, .foreignOther: self.init(kind: .modified, place: place)
    }
  }
}
