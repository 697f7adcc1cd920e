import CatalogueModel
import ContentStore
import Core
import Planning
import SystemIO

/// The spots of a look and the objects behind them.
struct WorldView: Sendable {
  /// One for each spot, in their order.
  var sightings: [Sighting]
  /// Every object that was looked for.
  var objects: ObjectsToSee
  /// Digests whose objects have other content, and the time that says that they have not.
  var damaged: Set<Digest> = []
  /// Places of what tools may write to that lead to the store's own file.
  var shared: Set<Place> = []

  func isStored(_ digest: Digest) -> Bool { objects[digest]?.isStored ?? false }

  /// Whether all is as it was placed, objects included.
  var isIntact: Bool {
    sightings.allSatisfy { $0 == .intact } && objects.all.values.allSatisfy(\.isStored)
  }
}

/// The objects that a look is to find, and what was found.
struct ObjectsToSee: Sendable {
  struct Object: Sendable {
    var bytes: ByteCount
    /// They were counted, and are not the catalogue's figure.
    var isExact: Bool
    /// A placed hard link that was found intact: where the object is the same file, one look has
    /// told of both.
    var linked: FileIdentity?
    /// It stands in the store as it shall.
    var isStored = false

    func fits(_ size: Int64) -> Bool {
      isExact ? size == bytes.bytes : WorldObserver.couldBe(size, bytes)
    }
  }

  private(set) var all: [Digest: Object] = [:]

  subscript(_ digest: Digest) -> Object? {
    get { all[digest] }
    set { all[digest] = newValue }
  }

  init(_ entries: [Entry], areExact: Bool) {
    all.reserveCapacity(entries.count)
    add(entries, areExact: areExact)
  }

  init(_ spots: [Spot]) {
    all.reserveCapacity(spots.count)
    for spot in spots {
      all[spot.digest] = Object(bytes: spot.bytes, isExact: spot.isRecorded)
    }
  }

  mutating func add(_ entries: [Entry], areExact: Bool) {
    for entry in entries where all[entry.file.digest] == nil {
      all[entry.file.digest] = Object(bytes: entry.file.bytes, isExact: areExact)
    }
  }

  mutating func noteStored(_ digest: Digest) { all[digest]?.isStored = true }

  mutating func note(_ digest: Digest, linked file: FileIdentity) { all[digest]?.linked = file }

  /// The object's name leads to this file.
  fileprivate mutating func note(_ digest: Digest, isAt file: FileIdentity) {
    guard let linked = all[digest]?.linked, linked == file else { return }
    all[digest]?.isStored = true
  }
}

extension WorldObserver {
  /// From so many objects on, reading the names in the store's folders is quicker than a look at
  /// each object.
  private static let namesPay = 1_000

  /// - Parameter contents: what was read already.
  func lookAtObjects(
    _ spots: [Spot], _ contents: [FileIdentity: ReadContent], _ view: inout WorldView
  ) async throws(EngineError) {
    let suspects = verifies ? suspects(spots, view) : []
    var objects = view.objects
    view.objects = ObjectsToSee([])
    let (seen, doubts) = try await disk.run { [objects] () throws(EngineError) in
      do {
        var objects = objects
        let doubts = try self.glance(at: &objects, contents, suspects)
        return (objects, doubts)
      } catch {
        throw EngineError("C032", "cannot look at the store `\(self.store.root)`: \(error)")
      }
    }
    objects = seen
    let unread = doubts.filter { contents[FileIdentity($0.file.status)] == nil }
    let read = try await content.contents(
      of: unread.map(\.file), why: verifies ? .verifying : .timeChanged)
    for doubt in doubts {
      let identity = FileIdentity(doubt.file.status)
      switch contents[identity] ?? read[identity] {
      case .digest(doubt.digest): objects.noteStored(doubt.digest)
      case .digest, .unreadable: if doubt.isSealed { view.damaged.insert(doubt.digest) }
      case .gone, nil: break
      }
    }
    view.objects = objects
  }

  private struct ObjectDoubt: Sendable {
    var digest: Digest
    var file: FileToRead
    var isSealed: Bool
  }

  /// Objects that a repair would be made from: nothing is repaired with what may be damaged too.
  private func suspects(_ spots: [Spot], _ view: WorldView) -> Set<Digest> {
    Set(zip(spots, view.sightings).lazy.filter { $1 != .intact }.map { $0.0.digest })
  }

  private func glance(
    at objects: inout ObjectsToSee, _ contents: [FileIdentity: ReadContent],
    _ suspects: Set<Digest>
  ) throws(StoreError) -> [ObjectDoubt] {
    // With content in play every object is looked at by itself.
    if contents.isEmpty, suspects.isEmpty, objects.all.count >= Self.namesPay {
      try store.forEachName { digest, device, inode in
        objects.note(digest, isAt: FileIdentity(device: device, inode: inode))
      }
    }
    var stored: [Digest] = []
    var doubts: [ObjectDoubt] = []
    for (digest, object) in objects.all where !object.isStored {
      guard let status = try store.status(of: digest), status.kind == .file else { continue }
      let isSealed = status.isSealed(as: digest)
      let isRead = contents[FileIdentity(status)] != nil
      if isRead || (isSealed ? suspects.contains(digest) : object.fits(status.size)) {
        let file = FileToRead(path: store.path(of: digest), status: status)
        doubts.append(ObjectDoubt(digest: digest, file: file, isSealed: isSealed))
      } else if isSealed {
        stored.append(digest)
      }
    }
    for digest in stored { objects.noteStored(digest) }
    return doubts
  }

  func lookAtRoom(_ world: inout ObservedWorld) throws(EngineError) {
    do {
      for partial in try store.partials() {
        world.partial[partial.digest] = ByteCount(partial.received)
      }
      let space = try freeSpace(at: store.root)
      (world.free, world.total) = (space.available, space.total)
    } catch {
      throw EngineError("C032", "cannot look at the store `\(store.root)`: \(error)")
    }
  }

  /// The room where the store is, or will be.
  func freeSpace() throws(SystemError) -> ByteCount { try freeSpace(at: store.root).available }

  private func freeSpace(at path: AbsolutePath) throws(SystemError) -> FreeSpace {
    if try files.status(path, followingLinks: true) == nil, path != path.parent {
      return try freeSpace(at: path.parent)
    }
    return try files.freeSpace(path)
  }
}
