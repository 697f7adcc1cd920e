import CatalogueModel
import Core
import FoundationEssentials
import SystemIO

/// The blocks that the last apply showed, so that the next plan counts them and shows new ones in
/// full: `.civsync/blocked.json`. Losing it costs nothing but brevity.
struct BlockMemory {
  fileprivate struct File: Codable {
    var version = 1
    var blocked: [Item]
  }

  fileprivate struct Item: Codable {
    var model: Int64?
    var modelVersion: Int64?
    var file: Int64?
    var title: String
    var code: String
  }

  private let path: AbsolutePath
  private let fileSystem: FileSystem

  init(_ project: Project, _ fileSystem: FileSystem) {
    path = project.state.appending("blocked.json")
    self.fileSystem = fileSystem
  }

  /// Those of `blocked` that are remembered.
  func known(among blocked: [BlockedEntry]) -> [BlockedEntry] {
    guard let bytes = try? fileSystem.read(path),
      let file = try? JSONDecoder().decode(File.self, from: Data(bytes)), file.version == 1
    else { return [] }
    let keys = Set(file.blocked.map { Key($0) })
    return blocked.filter { keys.contains(Key(Item($0))) }
  }

  func remember(_ blocked: [BlockedEntry]) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    guard let data = try? encoder.encode(File(blocked: blocked.map(Item.init))) else { return }
    try? fileSystem.writeAtomically(Array(data), to: path)
  }

  private struct Key: Hashable {
    var ids: [Int64?]
    var title: String?
    var code: String

    init(_ item: Item) {
      ids = [item.model, item.modelVersion, item.file]
      title = item.model == nil ? item.title : nil
      code = item.code
    }
  }
}

extension BlockMemory.Item {
  fileprivate init(_ entry: BlockedEntry) {
    model = entry.model?.rawValue
    modelVersion = entry.version?.rawValue
    file = entry.file?.rawValue
    title = entry.title
    code = entry.reason.code
  }
}
