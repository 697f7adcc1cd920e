import CatalogueModel
import ContentStore
import Core
import Planning
import SystemIO
import Tree

/// Looks at everything a plan or a status is about: places, objects, space. By `stat` as long as
/// that tells; content is read where a time was changed, where the user's own file could be the
/// wanted one, and where the user asked for it.
struct WorldObserver: Sendable {
  let trees: [TreeName: AbsolutePath]
  let store: ContentStore
  let content: KnownContent
  let files: FileSystem
  /// Files and folders of civsync's own: no place may be one of them or below one.
  let reserved: [AbsolutePath]
  /// For calls that block.
  let disk: BlockingExecutor
  /// Read the content of every placed file: for what `stat` cannot see.
  var verifies = false

  /// - Parameters:
  ///   - wanted: entries with the places they shall have.
  ///   - recorded: entries with the places they have by the records.
  func look(wanted: [Entry], recorded: [Entry]) async throws(EngineError) -> ObservedWorld {
    let spots = Spot.spots(wanted: wanted, recorded: recorded)
    var objects = ObjectsToSee(recorded, areExact: true)
    objects.add(wanted, areExact: false)
    let view = try await view(of: spots, objects)
    return try await disk.run { () throws(EngineError) in
      var world = ObservedWorld()
      world.places.reserveCapacity(spots.count)
      for (spot, sighting) in zip(spots, view.sightings) {
        world.places[spot.place] = Observed(sighting)
        if sighting == .forged { world.forged.insert(spot.place) }
        if sighting == .edited { world.edited.insert(spot.place) }
      }
      world.shared = view.shared
      world.stored = Set(view.objects.all.lazy.filter(\.value.isStored).map(\.key))
      world.damaged = view.damaged
      try self.lookAtRoom(&world)
      return world
    }
  }

  /// What stands at each of the spots, and which of the objects the store has in good order.
  func view(
    of spots: [Spot], _ objects: ObjectsToSee
  ) async throws(EngineError) -> WorldView {
    var glances = try await disk.run { () throws(EngineError) in try self.glance(spots, objects) }
    let contents = try await settle(&glances, spots)
    var view = WorldView(sightings: glances.sightings, objects: glances.objects)
    view.shared = glances.shared
    try await lookAtObjects(spots, contents, &view)
    return view
  }

  /// What the looks alone told, and what they left open.
  struct Glances: Sendable {
    var sightings: [Sighting] = []
    var doubts: [Doubt] = []
    var objects: ObjectsToSee
    /// Places of what tools may write to that lead to the store's own file.
    var shared: Set<Place> = []
    /// Folders that are none, each looked at once.
    fileprivate var behind: [Place: UnusableFolder] = [:]
  }

  struct Doubt: Sendable {
    /// Of the spot.
    var index: Int
    var file: FileToRead
    var why: ReadingReason
    /// What it is if its content is another one.
    var otherwise: Sighting
  }

  private func glance(
    _ spots: [Spot], _ objects: ObjectsToSee
  ) throws(EngineError) -> Glances {
    var glances = Glances(objects: objects)
    glances.sightings.reserveCapacity(spots.count)
    let views = trees.map { name, root in
      TreeView(
        name: name, root: root,
        reserved: ReservedPaths(
          reserved, others: trees.filter { $0.key != name }, in: root),
        observer: TreeObserver(root: root, objects: store, files: files))
    }
    for (index, spot) in spots.enumerated() {
      guard let tree = views.first(where: { $0.name == spot.place.tree }) else {
        glances.sightings.append(.absent)
        continue
      }
      glances.sightings.append(try glance(spot, index, tree, &glances))
    }
    return glances
  }

  fileprivate struct TreeView {
    var name: TreeName
    var root: AbsolutePath
    var reserved: ReservedPaths
    var observer: TreeObserver
  }

  private func glance(
    _ spot: Spot, _ index: Int, _ tree: TreeView, _ glances: inout Glances
  ) throws(EngineError) -> Sighting {
    if let why = tree.reserved.objection(to: spot.place.path) { return .unsafe(why) }
    let (state, status): (ObservedState, FileStatus?)
    do {
      (state, status) = try tree.observer.look(
        spot.place.path, expecting: spot.digest, size: spot.isRecorded ? spot.bytes.bytes : nil,
        placedBefore: spot.isRecorded, isExact: spot.isEditable)
    } catch {
      throw EngineError(
        "C031", "cannot look at `\(tree.root.appending(spot.place.path))`: \(error)")
    }
    switch state {
    case .absent: return .absent
    case .intact(let kind):
      guard let status else { return .intact }
      if kind == .hardlink { glances.objects.note(spot.digest, linked: FileIdentity(status)) }
      let isShared = kind == .hardlink || kind == .symlink
      if isShared, spot.isEditable { glances.shared.insert(spot.place) }
      if verifies, spot.isRecorded {
        let path = kind == .symlink ? store.path(of: spot.digest) : tree.path(spot)
        glances.doubt(
          index, path, status, .verifying, spot.isEditable && !isShared ? .edited : .forged)
      }
      return .intact
    case .blocked(let problem): return try glances.behind(problem, tree, trees, files)
    case .modified(let reason):
      let sighting = Sighting(reason, isEditable: spot.isEditable)
      if let status, let path = mayBeIntact(spot, reason, tree) {
        glances.doubt(index, path, status, .timeChanged, sighting)
      }
      return sighting
    case .foreign(.file(let size)):
      if let status, Self.couldBe(size, spot.bytes) {
        glances.doubt(
          index, tree.path(spot), status, .inTheWay,
          .foreignFile(bytes: ByteCount(size), digest: nil))
      }
      return .foreignFile(bytes: ByteCount(size), digest: nil)
    case .foreign(.folder): return .foreignOther("a folder")
    case .foreign(.symlink(let target)): return .foreignOther("a link to `\(target)`")
    case .foreign(.other): return .foreignOther("something that is no file")
    }
  }

  /// Where the content is that decides, when only the time of a placed file differs. The user's own
  /// file may have any size: the records hold the catalogue's figure until it is in the store.
  private func mayBeIntact(
    _ spot: Spot, _ reason: ModificationReason, _ tree: TreeView
  ) -> AbsolutePath? {
    switch reason {
    case .contentChanged(let size):
      size == spot.bytes.bytes || spot.isAdopted ? tree.path(spot) : nil
    case .objectChanged(let size):
      size == spot.bytes.bytes || spot.isAdopted ? store.path(of: spot.digest) : nil
    case .wrongLink, .danglingLink, .replaced: nil
    }
  }

  /// Whether a file of this size could be the one that the catalogue describes, whose size is
  /// right to about one KiB and above 3.8 GB less so; unknown sizes match all.
  static func couldBe(_ size: Int64, _ told: ByteCount) -> Bool {
    told == .zero || abs(size - told.bytes) <= max(2_048, told.bytes / 1_000_000)
  }
}

// MARK: - Content

extension WorldObserver {
  /// Reads what the looks left open.
  private func settle(
    _ glances: inout Glances, _ spots: [Spot]
  ) async throws(EngineError) -> [FileIdentity: ReadContent] {
    var contents: [FileIdentity: ReadContent] = [:]
    for why in [ReadingReason.timeChanged, .inTheWay, .verifying] {
      let doubts = glances.doubts.filter { $0.why == why }
      guard !doubts.isEmpty else { continue }
      // Who asks for the content does not want to hear what it once was.
      let reading = verifies ? .verifying : why
      contents.merge(try await content.contents(of: doubts.map(\.file), why: reading)) { $1 }
      for doubt in doubts {
        guard let read = contents[FileIdentity(doubt.file.status)] else { continue }
        glances.sightings[doubt.index] = try sighting(doubt, spots[doubt.index], read)
      }
    }
    return contents
  }

  private func sighting(
    _ doubt: Doubt, _ spot: Spot, _ read: ReadContent
  ) throws(EngineError) -> Sighting {
    switch read {
    case .digest(let digest) where doubt.why == .inTheWay:
      return .foreignFile(bytes: ByteCount(doubt.file.status.size), digest: digest)
    case .digest(spot.digest): return .intact
    case .digest: return doubt.otherwise
    case .gone: return .absent
    case .unreadable(let error):
      guard verifies, doubt.why != .inTheWay else {
        throw EngineError("C030", "cannot read `\(doubt.file.path)`: \(error)")
      }
      return .modified("the content cannot be read: \(error)")
    }
  }
}

extension WorldObserver.Glances {
  /// What stands behind such a folder.
  fileprivate mutating func behind(
    _ problem: ParentProblem, _ tree: WorldObserver.TreeView, _ trees: [TreeName: AbsolutePath],
    _ files: FileSystem
  ) throws(EngineError) -> Sighting {
    let key = Place(tree: tree.name, path: problem.path)
    if let known = behind[key] { return .behind(known) }
    var folder = UnusableFolder(problem.path, why: problem.why)
    do throws(SystemError) {
      let here = try files.status(tree.root.appending(problem.path), followingLinks: true)
      for (name, root) in trees.sorted(by: { $0.key < $1.key }) where name != tree.name {
        guard let here, try files.status(root, followingLinks: true)?.isSameFile(as: here) == true
        else { continue }
        folder.other = name
        folder.why =
          "leads to tree `\(name)`, which has these files for itself: name it alone in the `trees` of "
          + "their collections, or put the folder back"
      }
    } catch {
      throw EngineError(
        "C031", "cannot look at `\(tree.root.appending(problem.path))`: \(error)")
    }
    behind[key] = folder
    return .behind(folder)
  }

  fileprivate mutating func doubt(
    _ index: Int, _ path: AbsolutePath, _ status: FileStatus, _ why: ReadingReason,
    _ otherwise: Sighting
  ) {
    doubts.append(
      WorldObserver.Doubt(
        index: index, file: FileToRead(path: path, status: status), why: why,
        otherwise: otherwise))
  }
}

extension WorldObserver.TreeView {
  func path(_ spot: Spot) -> AbsolutePath { root.appending(spot.place.path) }
}

extension Sighting {
  fileprivate init(_ reason: ModificationReason, isEditable: Bool) {
    switch reason {
    case .wrongLink, .danglingLink: self = .wrongLink("\(reason)")
    case .contentChanged where isEditable: self = .edited
    case .contentChanged, .objectChanged, .replaced: self = .modified("\(reason)")
    }
  }
}

extension Observed {
  fileprivate init(_ sighting: Sighting) {
    self =
      switch sighting {
      case .absent: .absent
      case .intact: .intact
      case .wrongLink(let text), .modified(let text): .modified(text)
      case .edited: .modified(Sighting.editedText)
      case .forged: .modified(Sighting.forgedText)
      case .foreignFile(let bytes, let digest): .foreignFile(bytes: bytes, digest: digest)
      case .foreignOther(let text): .foreignOther(text)
      case .unsafe(let text): .unsafe(text)
      case .behind(let folder): .behind(folder)
      }
  }
}
