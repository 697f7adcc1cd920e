import CatalogueModel
import Core
import ManifestModel

/// Where something stands among all that may be taken. What is not told comes last; of equals the
/// lower ids come first.
struct TakeRank {
  var published: Timestamp?
  var downloads: Int64?
  var thumbsUp: Int64?
  var bytes: ByteCount?
  var ids: [Int64]
}

extension TakeOrder {
  func precedes(_ left: TakeRank, _ right: TakeRank) -> Bool {
    let first: Bool? =
      switch self {
      case .newest: Self.compare(left.published, right.published, by: >)
      case .oldest: Self.compare(left.published, right.published, by: <)
      case .mostDownloaded: Self.compare(left.downloads, right.downloads, by: >)
      case .mostLiked: Self.compare(left.thumbsUp, right.thumbsUp, by: >)
      case .smallest: Self.compare(left.bytes, right.bytes, by: <)
      }
    return first ?? left.ids.lexicographicallyPrecedes(right.ids)
  }

  /// - Returns: `nil` for equals.
  private static func compare<Value: Equatable>(
    _ left: Value?, _ right: Value?, by precedes: (Value, Value) -> Bool
  ) -> Bool? {
    if left == right { return nil }
    guard let left else { return false }
    guard let right else { return true }
    return precedes(left, right)
  }
}
