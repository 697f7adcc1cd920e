import CatalogueModel
import Core
import GitStore
import History
import Index
import SystemIO
import Tree

/// What stands where by one snapshot, and nothing else of it: all that a look at the trees needs. A
/// snapshot never changes, so the list is kept in the index and found there by the snapshot's id.
struct PlacedList: Sendable, Equatable {
  var commit: CommitID
  /// Sorted by name.
  var trees: [TreeRoot]
  /// Sorted by place, so that neighbours stand in one folder.
  var spots: [Spot]
  /// What stands beside them; sorted too.
  var companions: [Spot]

  init(commit: CommitID, trees: [TreeRoot], spots: [Spot], companions: [Spot] = []) {
    self.commit = commit
    self.trees = trees
    self.spots = spots
    self.companions = companions
  }

  init(commit: CommitID, trees: [TreeRoot], entries: [Entry]) {
    self.init(
      commit: commit, trees: trees.sorted { $0.name < $1.name },
      spots: Spot.spots(wanted: [], recorded: entries).sorted { $0.place < $1.place },
      companions: Spot.companions(recorded: entries).sorted { $0.place < $1.place })
  }
}

// MARK: - As bytes

extension PlacedList {
  private static let header = Array("civsync-placed 2\n".utf8)

  /// A compact form: a path gives only what differs from the one before it.
  var bytes: [UInt8] {
    var bytes = Self.header
    bytes.reserveCapacity(spots.count * 64 + 1_024)
    bytes.append(text: commit.hex)
    bytes.append(number: trees.count)
    for tree in trees {
      bytes.append(text: tree.name.name)
      bytes.append(text: tree.root.string)
    }
    append(spots, to: &bytes)
    append(companions, to: &bytes)
    return bytes
  }

  private func append(_ spots: [Spot], to bytes: inout [UInt8]) {
    bytes.append(number: spots.count)
    var last: [UInt8] = []
    for spot in spots {
      let path = Array(spot.place.path.string.utf8)
      let shared = zip(path, last).prefix { $0 == $1 }.count
      bytes.append(number: trees.firstIndex { $0.name == spot.place.tree } ?? trees.count)
      bytes.append((spot.isAdopted ? 1 : 0) | (spot.isEditable ? 2 : 0))
      bytes.append(digest: spot.digest)
      bytes.append(number: Int(spot.bytes.bytes))
      bytes.append(number: shared)
      bytes.append(number: path.count - shared)
      bytes += path[shared...]
      last = path
    }
  }

  /// - Returns: `nil` for anything but what ``bytes`` wrote.
  init?(bytes: [UInt8]) {
    guard bytes.starts(with: Self.header) else { return nil }
    var reader = ByteReader(bytes, at: Self.header.count)
    guard let hex = reader.text(), let commit = CommitID(hex: hex), let treeCount = reader.number()
    else { return nil }
    var trees: [TreeRoot] = []
    for _ in 0..<treeCount {
      guard let name = reader.text(), let root = reader.text().flatMap({ AbsolutePath($0) })
      else { return nil }
      trees.append(TreeRoot(name: TreeName(name), root: root))
    }
    guard let spots = Self.spots(&reader, trees, limit: bytes.count),
      let companions = Self.spots(&reader, trees, limit: bytes.count), reader.isAtEnd
    else { return nil }
    self.init(commit: commit, trees: trees, spots: spots, companions: companions)
  }

  private static func spots(
    _ reader: inout ByteReader, _ trees: [TreeRoot], limit: Int
  ) -> [Spot]? {
    guard let count = reader.number(), count <= limit else { return nil }
    var spots: [Spot] = []
    spots.reserveCapacity(count)
    var path: [UInt8] = []
    for _ in 0..<count {
      guard let spot = spot(&reader, trees, &path) else { return nil }
      spots.append(spot)
    }
    return spots
  }

  private static func spot(
    _ reader: inout ByteReader, _ trees: [TreeRoot], _ path: inout [UInt8]
  ) -> Spot? {
    guard let tree = reader.number(), trees.indices.contains(tree), let flags = reader.byte(),
      let digest = reader.digest(), let size = reader.number(), let shared = reader.number(),
      shared <= path.count, let length = reader.number(), let rest = reader.bytes(length)
    else { return nil }
    path.replaceSubrange(shared..., with: rest)
    guard let text = String(validating: path, as: UTF8.self),
      let treePath = TreePath(recorded: text)
    else { return nil }
    return Spot(
      place: Place(tree: trees[tree].name, path: treePath), digest: digest,
      bytes: ByteCount(Int64(size)), isRecorded: true, isAdopted: flags & 1 != 0,
      isEditable: flags & 2 != 0)
  }
}

// MARK: - Kept in the index

extension Engine {
  private static var placedMemo: String { "placed" }

  /// What the last snapshot placed, from the index where that has it, else from the history.
  /// - Returns: `nil` before the first snapshot.
  func placedList() throws(EngineError) -> PlacedList? {
    guard let head = try headID() else { return nil }
    if let known = knownPlacedList(head, openIndex()) { return known }
    guard let snapshot = try headSnapshot(), let id = snapshot.id else { return nil }
    return rememberPlaced(snapshot.entries, snapshot.treeRoots, id)
  }

  func knownPlacedList(_ head: CommitID, _ index: Index?) -> PlacedList? {
    guard let bytes = index?.memo(Self.placedMemo), let list = PlacedList(bytes: bytes),
      list.commit == head
    else { return nil }
    return list
  }

  @discardableResult
  func rememberPlaced(_ entries: [Entry], _ trees: [TreeRoot], _ commit: CommitID) -> PlacedList {
    let list = PlacedList(commit: commit, trees: trees, entries: entries)
    keepPlaced(list.bytes)
    return list
  }

  func keepPlaced(_ bytes: [UInt8]) { openIndex()?.keep(bytes, as: Self.placedMemo) }
}
