import CatalogueModel
import ContentStore
import Core
import Planning
import SystemIO
import Tree

/// Looks at everything a plan is about: places, objects, space. By `stat`; content is read only
/// where the user's own file could be the wanted one.
struct WorldObserver: Sendable {
  let trees: [TreeName: AbsolutePath]
  let store: ContentStore
  let content: KnownContent
  let files: FileSystem
  /// Files and folders of civsync's own: no place may be one of them or below one.
  let reserved: [AbsolutePath]

  /// - Parameters:
  ///   - wanted: entries with the places they shall have.
  ///   - recorded: entries with the places they have by the records.
  func look(wanted: [Entry], recorded: [Entry]) throws(EngineError) -> ObservedWorld {
    var world = ObservedWorld()
    let observers = trees.mapValues { root in
      TreeObserver(root: root, objects: store, files: files)
    }
    let known = owners(of: recorded)
    for (place, entry) in owners(of: wanted).merging(known, uniquingKeysWith: { $1 }) {
      guard let observer = observers[place.tree], let root = trees[place.tree] else { continue }
      world.places[place] = try look(
        place, entry, isRecorded: known[place] != nil, observer, root.appending(place.path))
    }
    try lookAtStore(wanted + recorded, &world)
    return world
  }

  /// One owner for each place; several have the same content.
  private func owners(of entries: [Entry]) -> [Place: Entry] {
    var owners: [Place: Entry] = [:]
    for entry in entries {
      for place in entry.file.places where owners[place] == nil { owners[place] = entry }
    }
    return owners
  }

  func look(
    _ place: Place, _ entry: Entry, isRecorded: Bool, _ observer: TreeObserver,
    _ path: AbsolutePath
  ) throws(EngineError) -> Observed {
    if let own = reserved.first(where: { $0.contains(path) }) {
      return .unsafe("`\(own.name)` is civsync's own")
    }
    // A tree may lie within another one; what is in it is that tree's alone.
    if let root = trees[place.tree],
      let inner = trees.first(where: {
        $0.key != place.tree && root.contains($0.value) && $0.value.contains(path)
      })
    {
      return .unsafe("it is in tree `\(inner.key)`")
    }
    let state: ObservedState
    do {
      state = try observer.observe(
        place.path, expecting: entry.digest, size: isRecorded ? entry.file.bytes.bytes : nil,
        placedBefore: isRecorded)
    } catch {
      throw EngineError("C031", "cannot look at `\(path)`: \(error)")
    }
    switch state {
    case .absent: return .absent
    case .intact: return .intact
    case .blocked(let problem): return .unsafe("\(problem)")
    case .modified(.contentChanged) where entry.file.origin == .adopted:
      // The user's own file never carried civsync's seal: its content decides.
      let digest = try content.digest(of: path, place.path, by: observer)
      return digest == entry.digest ? .intact : .modified("the content changed")
    case .modified(let reason): return .modified("\(reason)")
    case .foreign(.file(let size)):
      let mayMatch = Self.couldBe(size, entry.file.bytes)
      let digest = mayMatch ? try content.digest(of: path, place.path, by: observer) : nil
      return .foreignFile(bytes: ByteCount(size), digest: digest)
    case .foreign(.folder): return .foreignOther("a folder")
    case .foreign(.symlink(let target)): return .foreignOther("a link to `\(target)`")
    case .foreign(.other): return .foreignOther("something that is no file")
    }
  }

  /// Whether a file of this size could be the one that the catalogue describes, whose size is
  /// right to about one KiB and above 3.8 GB less so; unknown sizes match all.
  static func couldBe(_ size: Int64, _ told: ByteCount) -> Bool {
    told == .zero || abs(size - told.bytes) <= max(2_048, told.bytes / 1_000_000)
  }

  private func lookAtStore(
    _ entries: [Entry], _ world: inout ObservedWorld
  ) throws(EngineError) {
    do {
      for digest in Set(entries.map(\.digest)) where try store.stat(digest)?.isSealed == true {
        world.stored.insert(digest)
      }
      for partial in try store.partials() {
        world.partial[partial.digest] = ByteCount(partial.received)
      }
      world.free = try freeSpace(at: store.root)
    } catch {
      throw EngineError("C032", "cannot look at the store `\(store.root)`: \(error)")
    }
  }

  /// The room where the path is, or will be.
  private func freeSpace(at path: AbsolutePath) throws(SystemError) -> ByteCount {
    if try files.status(path, followingLinks: true) == nil, path != path.parent {
      return try freeSpace(at: path.parent)
    }
    return try files.freeSpace(path).available
  }
}
