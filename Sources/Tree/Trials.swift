package import Core
internal import FoundationEssentials
package import SystemIO

/// Files that stand in the trees for a moment, outside of a switch: what is made only to see whether it
/// can be, and the marker before it has its name.
///
/// They all have one name, which is written down with its folders before the first is made, in
/// `.civsync/trials.json`. That stays: whatever is lost in a crash, a later run finds what this one left.
/// All functions block.
package struct Trials: Sendable {
  /// Makes temporary names that are all the one that was written down.
  package let files: FileSystem
  private let folders: [AbsolutePath]

  private struct Record: Codable, Equatable {
    var version: Int
    var name: String
    var folders: [String]
  }

  private static let version = 1

  private static func path(_ state: AbsolutePath) -> AbsolutePath {
    state.appending("trials.json")
  }

  /// Writes down in which folders something is about to be made; durable when this returns.
  /// - Parameter state: the project's state folder.
  package static func begin(
    in folders: [AbsolutePath], state: AbsolutePath, files: FileSystem
  ) throws(TreeError) -> Trials {
    let earlier = try read(in: state, files: files)
    var known = Set(folders.map(\.string))
    for folder in earlier?.folders ?? [] where try isThere(folder, files) { known.insert(folder) }
    let record = Record(
      version: version, name: earlier?.name ?? files.names.make(), folders: known.sorted())
    if record != earlier { try JSONFile.write(record, to: path(state), files: files) }
    let named = FileSystem(observer: files.observer, names: TemporaryNames(only: record.name))
    return Trials(files: named, folders: folders)
  }

  private static func isThere(_ folder: String, _ files: FileSystem) throws(TreeError) -> Bool {
    guard let path = AbsolutePath(folder) else { return false }
    return try onDisk { () throws(SystemError) in try files.status(path) != nil }
  }

  /// Removes what is left of them. What cannot be removed now a later run removes.
  package func end() { Self.remove(files.names.make(), from: folders, files) }

  /// Removes what earlier runs left.
  package static func clear(in state: AbsolutePath, files: FileSystem) {
    guard let record = (try? read(in: state, files: files)) ?? nil else { return }
    remove(record.name, from: record.folders.compactMap { AbsolutePath($0) }, files)
  }

  private static func remove(_ name: String, from folders: [AbsolutePath], _ files: FileSystem) {
    for folder in folders { _ = try? files.unlink(folder.appending(name)) }
  }

  /// - Returns: `nil` when there is none, or none that can be believed: only a name of civsync's own is.
  private static func read(
    in state: AbsolutePath, files: FileSystem
  ) throws(TreeError) -> Record? {
    do {
      let record = try JSONFile.read(Record.self, version: version, from: path(state), files: files)
      guard let record, record.name.hasPrefix(TemporaryNames.prefix), !record.name.contains("/")
      else { return nil }
      return record
    } catch .unreadable {
      return nil
    }
  }
}
