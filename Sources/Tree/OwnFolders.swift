package import Core
package import SystemIO

/// The folders that civsync has made in its trees, `folders.json` in the state folder: only those
/// are removed when they become empty. Losing the file costs nothing but empty folders.
package struct OwnFolders: Hashable, Sendable {
  package var places: Set<Place>

  private struct Record: Codable {
    var version: Int
    var folders: [String: [String]]
  }

  private static func path(_ state: AbsolutePath) -> AbsolutePath {
    state.appending("folders.json")
  }

  /// - Returns: no folders when the file is missing or cannot be read.
  package static func load(
    in state: AbsolutePath, files: FileSystem = FileSystem()
  ) throws(TreeError) -> OwnFolders {
    do {
      let record = try JSONFile.read(Record.self, version: 1, from: path(state), files: files)
      return OwnFolders(places: Set(namesByTree: record?.folders ?? [:]))
    } catch .unreadable {
      return OwnFolders(places: [])
    }
  }

  package func save(in state: AbsolutePath, files: FileSystem = FileSystem()) throws(TreeError) {
    let record = Record(version: 1, folders: places.namesByTree)
    try JSONFile.write(record, to: Self.path(state), files: files)
  }
}
