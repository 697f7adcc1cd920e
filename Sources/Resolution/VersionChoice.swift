import CatalogueModel
import Core
import ManifestModel

/// Which versions of a model a policy takes: newest first is by `publishedAt`, then by id, never
/// by the creator's order.
enum VersionChoice {
  static func choose(_ versions: [Version], by policy: VersionPolicy) -> [Version] {
    let newestFirst = versions.sorted { $0.age > $1.age }
    switch policy {
    case .latest: return Array(newestFirst.prefix(1))
    case .latestPerBaseModel:
      var seen: Set<String> = []
      return newestFirst.filter { seen.insert($0.baseModel.lowercased()).inserted }
    case .all: return newestFirst
    case .newest(let count): return Array(newestFirst.prefix(count))
    case .since(let day):
      guard let start = Timestamp(day) else { return newestFirst }
      return newestFirst.filter { ($0.publishedAt ?? Timestamp(milliseconds: .min)) >= start }
    }
  }
}
