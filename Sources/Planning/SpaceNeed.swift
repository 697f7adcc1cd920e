package import Core

/// What carrying out actions costs on the store's disk.
package struct SpaceNeed: Sendable, Equatable {
  /// To be fetched; as exact as the catalogue is.
  package var fetch: ByteCount
  /// Of what is placed, already in the store.
  package var inStore: ByteCount
  /// To be written to the store's disk in all, copies included.
  package var needed: ByteCount
  package var free: ByteCount?
  /// What of it is to stay free.
  package var reserve = ByteCount.zero

  package init(
    fetch: ByteCount = .zero, inStore: ByteCount = .zero, needed: ByteCount = .zero,
    free: ByteCount? = nil
  ) {
    self.fetch = fetch
    self.inStore = inStore
    self.needed = needed
    self.free = free
  }

  package var fits: Bool {
    guard let free, needed > .zero else { return true }
    return needed.bytes <= free.bytes - reserve.bytes
  }

  /// `, of which 10 GB are to stay free`; empty where nothing is.
  package var reserveClause: String {
    reserve > .zero ? ", of which \(reserve) are to stay free as `limits` says" : ""
  }

  /// What the actions come to: each content counts once, each copy for itself.
  package init(_ actions: [Action], _ world: ObservedWorld) {
    self = SpaceTally(actions, world).need
  }
}
