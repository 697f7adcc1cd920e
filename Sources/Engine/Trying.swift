import CatalogueModel
import ContentStore
import Core
import Planning
import SystemIO
import Tree

/// Before the commit point everything is tried that the switch will do: permissions, attributes and
/// read-only mounts leave no other way to know.
extension Engine {
  /// The folders that the steps change, or where they are still to be made the nearest ones above them.
  func foldersToTry(
    _ places: [Place], _ roots: [TreeName: AbsolutePath]
  ) -> [AbsolutePath] {
    var seen: Set<AbsolutePath> = []
    var folders: Set<AbsolutePath> = []
    for place in places {
      guard let root = roots[place.tree] else { continue }
      let parent = root.appending(place.path).parent
      guard seen.insert(parent).inserted else { continue }
      folders.insert(nearestFolder(parent, below: root))
    }
    return folders.sorted()
  }

  private func nearestFolder(_ path: AbsolutePath, below root: AbsolutePath) -> AbsolutePath {
    let isThere = (try? fileSystem.status(path, followingLinks: true)) != nil
    return isThere || path == root || !root.contains(path)
      ? path : nearestFolder(path.parent, below: root)
  }

  /// Tries each folder as the running user and by writing.
  func requireWritable(_ folders: [AbsolutePath], _ files: FileSystem) throws(EngineError) {
    for folder in folders {
      let probe = folder.appending(files.names.make())
      do {
        _ = try files.open(probe, .create)
        try files.unlink(probe)
      } catch {
        throw EngineError(
          "C059", "the switch cannot be made: `\(folder)` cannot be changed: \(error)",
          notes: ["nothing was changed"],
          help: "make the folder writable, or declare nothing in it",
          exit: CommandExit(refusedBy: error))
      }
    }
  }
}
