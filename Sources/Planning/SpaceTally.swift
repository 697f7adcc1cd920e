internal import CatalogueModel
internal import Core
internal import Resolution

/// What the actions of a plan come to in bytes, and what there is to say of it.
struct SpaceTally {
  private(set) var need: SpaceNeed
  /// Of each tree on another file system how its files get there.
  private(set) var notes: [ResolutionNote] = []

  init(_ actions: [Action], _ world: ObservedWorld) {
    need = SpaceNeed(free: world.free)
    need.reserve = world.reserve
    var seen = Set<Digest>()
    var copied: [TreeName: ByteCount] = [:]
    var linked: Set<TreeName> = []
    for action in actions {
      guard let entry = action.entry, action.source != .none, action.source != .missing else {
        continue
      }
      let (bytes, tree) = (entry.file.bytes, action.place.tree)
      if action.source != .place {
        if !world.linking.copies(entry, in: tree) {
          linked.insert(tree)
        } else if world.linking.apart.contains(tree) {
          // Not on the store's disk, whose room is told.
          copied[tree, default: .zero] += bytes
        } else {
          need.needed += bytes
        }
      }
      guard seen.insert(entry.digest).inserted else { continue }
      switch action.source {
      case .network:
        let here = world.partial[entry.digest] ?? .zero
        let missing = ByteCount(max(0, bytes.bytes - here.bytes))
        need.fetch += missing
        need.needed += missing
      case .store: need.inStore += bytes
      case .place where action.kind == .adopt && world.adoptsByLink && !entry.file.isEditable:
        break
      case .place: need.needed += bytes
      case .none, .missing: break
      }
    }
    if !actions.isEmpty, let store = world.linking.readOnlyStore {
      notes.append(.storeReadOnly(store))
    }
    for (tree, bytes) in copied.sorted(by: { $0.key < $1.key }) {
      notes.append(.linkedOtherwise(tree, copies: true, bytes: bytes))
    }
    for tree in linked.intersection(world.linking.refused).sorted() {
      notes.append(.storeOfAnother(tree))
    }
    for tree in linked.intersection(world.linking.symbolic).sorted() {
      notes.append(.linkedOtherwise(tree, copies: false, bytes: .zero))
    }
  }
}
