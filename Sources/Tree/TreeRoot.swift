package import Core
internal import FoundationEssentials
package import SystemIO

/// A tree's folder, and the marker by which civsync knows it again.
package struct TreeRoot: Hashable, Sendable {
  package let name: TreeName
  /// May itself be a symbolic link to a folder.
  package let root: AbsolutePath

  package init(name: TreeName, root: AbsolutePath) {
    self.name = name
    self.root = root
  }

  package static let markerName = ".civsync-root"
  package var markerPath: AbsolutePath { root.appending(Self.markerName) }
}

/// How a tree's folder stands to a project.
package enum RootState: Hashable, Sendable {
  /// It carries this project's marker.
  case claimed
  /// Never claimed: a folder without a marker.
  case unclaimed
  /// Never claimed, and not there yet.
  case new
  /// It was claimed before, and now the marker (or the folder) is not there: perhaps a disk is not
  /// mounted. Nothing may be made there.
  case gone(folderIsThere: Bool)
  /// Another project, or another tree of this project, has it.
  case taken(project: String, tree: String)
  case unknownVersion(Int)
  /// The marker cannot be read.
  case damaged
  /// Something that is no folder stands there.
  case notAFolder

  /// Why nothing may be placed there, and what to do; `nil` for the states that allow it.
  package var problem: String? {
    switch self {
    case .claimed, .unclaimed, .new: nil
    case .gone(let folderIsThere):
      "its marker `\(TreeRoot.markerName)` is gone"
        + (folderIsThere ? "" : ", and the folder too") + "; is its disk mounted?"
    case .taken(let project, let tree):
      "it belongs to the tree `\(tree)` of the project `\(project)`; choose another folder"
    case .unknownVersion(let version):
      "its marker has version \(version), which this civsync does not know; "
        + "use the civsync that made it"
    case .damaged:
      "its marker `\(TreeRoot.markerName)` cannot be read; "
        + "restore it, or remove it to claim the folder anew"
    case .notAFolder: "a file stands where the folder should be; move it away"
    }
  }
}

private struct Marker: Codable {
  var version: Int
  var project: String
  var tree: String
}

extension TreeRoot {
  /// Looks at the folder and its marker; writes nothing.
  /// - Parameters:
  ///   - project: the project's own id.
  ///   - wasClaimed: whether the project's history says that it has placed files there.
  package func check(
    project: String, wasClaimed: Bool, files: FileSystem = FileSystem()
  ) throws(TreeError) -> RootState {
    guard
      let status = try onDisk({ () throws(SystemError) in
        try files.status(root, followingLinks: true)
      })
    else { return wasClaimed ? .gone(folderIsThere: false) : .new }
    guard status.kind == .folder else { return .notAFolder }
    return try state(by: markerPath, project: project, wasClaimed: wasClaimed, files: files)
  }

  /// Opens the folder and looks at the marker in what was opened: whatever is mounted or unmounted there
  /// from then on, the open folder stays the one that was looked at.
  /// - Throws: ``TreeError/rootNotOurs(_:_:_:)`` when it is not this project's.
  func open(project: String, files: FileSystem) throws(TreeError) -> Folder {
    let folder: Folder
    do {
      folder = try files.openFolder(root, followingLinks: true)
    } catch {
      let found = try check(project: project, wasClaimed: true, files: files)
      throw found == .claimed ? .system(error) : .rootNotOurs(name, root, found)
    }
    let found = try state(
      by: folder.at(Self.markerName), project: project, wasClaimed: true, files: files)
    guard found == .claimed else { throw .rootNotOurs(name, root, found) }
    return folder
  }

  private func state(
    by marker: some Locatable, project: String, wasClaimed: Bool, files: FileSystem
  ) throws(TreeError) -> RootState {
    let bytes = try onDisk { () throws(SystemError) in
      try files.read(marker, limit: 64 << 10, followingLinks: false)
    }
    guard let bytes else { return wasClaimed ? .gone(folderIsThere: true) : .unclaimed }
    guard let marker = try? JSONDecoder().decode(Marker.self, from: Data(bytes)) else {
      return .damaged
    }
    guard marker.version == 1 else { return .unknownVersion(marker.version) }
    guard marker.project == project, marker.tree == name.name else {
      return .taken(project: marker.project, tree: marker.tree)
    }
    return .claimed
  }

  /// Makes the folder if it is not there and puts the marker in it, durably. Does nothing when it
  /// is claimed by this project already.
  /// - Throws: ``TreeError/rootNotOurs(_:_:_:)`` for a folder that may not be claimed.
  package func claim(
    project: String, wasClaimed: Bool = false, files: FileSystem = FileSystem()
  ) throws(TreeError) {
    let state = try check(project: project, wasClaimed: wasClaimed, files: files)
    if state == .claimed { return }
    guard state.problem == nil else { throw .rootNotOurs(name, root, state) }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let marker = Marker(version: 1, project: project, tree: name.name)
    guard let data = try? encoder.encode(marker) else { return }
    try onDisk { () throws(SystemError) in
      try files.makeFolders(root)
      try files.writeDurably(Array(data) + [0x0a], to: markerPath)
    }
  }
}
