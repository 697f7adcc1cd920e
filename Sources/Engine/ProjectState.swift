import Core
import FoundationEssentials
import SystemIO

/// What a project keeps of itself: `.civsync/project.json`.
struct ProjectState: Codable, Equatable {
  static let version = 1

  var version = Self.version
  /// Names the project in the markers of its trees.
  var id: String
  /// Where its objects are: rollback needs no manifest to find them.
  var store: String
  /// What that store is called, by its `ID`. `nil` in the project of a civsync that knew no such names;
  /// empty when the user gave the store up: then the next one that is used will do.
  var storeID: String?

  static func path(_ project: Project) -> AbsolutePath { project.state.appending("project.json") }

  /// - Returns: `nil` before the first apply.
  static func load(_ project: Project, _ fileSystem: FileSystem) throws(EngineError)
    -> ProjectState?
  {
    let path = path(project)
    let bytes: [UInt8]?
    do {
      bytes = try fileSystem.read(path, limit: 64 << 10)
    } catch {
      throw EngineError("C010", "cannot read `\(path)`: \(error)")
    }
    guard let bytes else { return nil }
    struct Header: Codable { var version: Int }
    let data = Data(bytes)
    guard let header = try? JSONDecoder().decode(Header.self, from: data) else {
      throw damaged(path)
    }
    guard header.version == version else {
      throw EngineError(
        "C011", "`\(path)` is of version \(header.version), this civsync knows version \(version)",
        help: "use the civsync that wrote it, or a newer one")
    }
    guard let state = try? JSONDecoder().decode(ProjectState.self, from: data) else {
      throw damaged(path)
    }
    return state
  }

  private static func damaged(_ path: AbsolutePath) -> EngineError {
    EngineError(
      "C012", "`\(path)` is damaged",
      help: "restore it from a backup; it holds the project's id and where its store is")
  }

  func save(_ project: Project, _ fileSystem: FileSystem) throws(SystemError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(self) else { return }
    try fileSystem.writeDurably(Array(data) + [0x0a], to: Self.path(project))
  }
}
