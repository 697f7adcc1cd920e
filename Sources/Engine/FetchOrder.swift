import ManifestModel

/// Which file comes next, where several are fetched at once. Pure.
struct FetchOrder<Item> {
  private var waiting: ArraySlice<Item>
  /// The place that takes from the other end, so that the largest file is not left alone at last.
  private let backwards: Int?

  /// - Parameters:
  ///   - items: as the plan has them, which decides between those of one size.
  ///   - places: how many are fetched at once.
  ///   - size: in bytes; 0 where nobody knows, which counts as large.
  init(_ items: [Item], by rule: FetchRule, places: Int, size: (Item) -> Int64) {
    let sized = items.map { item in
      let bytes = size(item)
      return (item: item, bytes: bytes > 0 ? bytes : .max)
    }
    // Sorting is stable.
    switch rule {
    case .smallFirst: waiting = sized.sorted { $0.bytes < $1.bytes }.map(\.item)[...]
    case .largeFirst: waiting = sized.sorted { $0.bytes > $1.bytes }.map(\.item)[...]
    case .manifest: waiting = items[...]
    }
    backwards = rule == .smallFirst && places > 1 ? places - 1 : nil
  }

  /// The next one for a place, counted from 0; `nil` when all were given out.
  mutating func next(at place: Int) -> Item? {
    place == backwards ? waiting.popLast() : waiting.popFirst()
  }
}
