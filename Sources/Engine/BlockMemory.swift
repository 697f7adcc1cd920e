import CatalogueModel
package import Core
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
    /// What it means, for `why`. Older files have it not.
    var text: String?
    var collections: [String]?
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

  /// All that is remembered, in the order of the plan that showed it.
  func all() -> [RememberedBlock] {
    guard let bytes = try? fileSystem.read(path),
      let file = try? JSONDecoder().decode(File.self, from: Data(bytes)), file.version == 1
    else { return [] }
    return file.blocked.map { item in
      RememberedBlock(
        model: item.model.map { ModelID($0) }, version: item.modelVersion.map { VersionID($0) },
        file: item.file.map { FileID($0) }, title: item.title, code: item.code, text: item.text,
        collections: item.collections ?? [])
    }
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
    text = entry.reason.text
    collections = entry.collections
  }
}

/// A block that an earlier apply showed.
package struct RememberedBlock: Sendable, Equatable {
  package var model: ModelID?
  package var version: VersionID?
  package var file: FileID?
  package var title: String
  package var code: String
  /// `nil` where only the code is known.
  package var text: String?
  package var collections: [String]
}
