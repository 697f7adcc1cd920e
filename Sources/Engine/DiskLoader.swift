import Core
import ManifestModel
import SystemIO

/// Reads manifests from the disk and calls them by the path that leads there from the project.
struct DiskLoader: ManifestLoader {
  let fileSystem: FileSystem
  let folder: AbsolutePath

  func load(_ path: AbsolutePath) -> LoadedManifest {
    do {
      guard let status = try fileSystem.status(path, followingLinks: true) else { return .missing }
      guard status.kind == .file else { return .unreadable("it is no file") }
      // One byte more than is allowed is enough to see that it is too long.
      guard status.size <= Int64(manifestByteLimit) else {
        return .found([UInt8](repeating: 0x20, count: manifestByteLimit + 1))
      }
      return try fileSystem.read(path, limit: manifestByteLimit + 1).map { .found($0) } ?? .missing
    } catch {
      return .unreadable("\(error)")
    }
  }

  /// What a symbolic link leads to counts; one that leads nowhere is no folder.
  func list(_ folder: AbsolutePath) -> [ListedName]? {
    guard let entries = try? fileSystem.list(folder) else { return nil }
    return entries.compactMap { entry in
      guard let name = entry.name else { return nil }
      let kind =
        entry.kind == .file || entry.kind == .folder
        ? entry.kind
        : (try? fileSystem.status(folder.appending(name), followingLinks: true))?.kind
      return ListedName(name, isFolder: kind == .folder)
    }
  }

  func displayName(of path: AbsolutePath) -> String {
    folder.contains(path) && path != folder
      ? String(path.string.dropFirst(folder.string == "/" ? 1 : folder.string.count + 1))
      : path.string
  }
}
