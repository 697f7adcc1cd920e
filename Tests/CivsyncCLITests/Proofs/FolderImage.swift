import Core
import SystemIO
import Testing

/// A folder and all that is in it, in memory: names, contents, hard links, modes and times. Written out
/// again it is the same folder, at the same place: the paths that a project remembers hold.
struct FolderImage: Sendable, Equatable {
  enum Node: Sendable, Equatable {
    case folder
    case symlink(String)
    /// A name of the content with this number: several names of one are hard links.
    case file(UInt64)
  }

  struct Content: Sendable, Equatable {
    var bytes: [UInt8]
    var mode: UInt32 = 0o644
    /// `nil`: the time at which it is written out.
    var modified: FileTime?
  }

  /// By their paths from the folder on.
  var names: [String: Node] = [:]
  var contents: [UInt64: Content] = [:]

  init() {}

  init(_ folder: AbsolutePath) throws {
    try read(folder, below: "", FileSystem())
  }

  private mutating func read(
    _ folder: AbsolutePath, below path: String, _ files: FileSystem
  ) throws {
    for entry in try files.list(folder) {
      let name = try #require(entry.name, "the names of a proof are text")
      let place = folder.appending(name)
      guard let status = try files.status(place) else { continue }
      let key = path.isEmpty ? name : path + "/" + name
      switch status.kind {
      case .folder:
        names[key] = .folder
        try read(place, below: key, files)
      case .symlink: names[key] = .symlink(try files.readLink(place))
      case .file, .other:
        names[key] = .file(status.inode)
        if contents[status.inode] == nil {
          contents[status.inode] = Content(
            bytes: try files.read(place) ?? [], mode: status.mode, modified: status.modified)
        }
      }
    }
  }

  /// Makes the folder be this, whatever it holds now.
  func write(to folder: AbsolutePath) throws {
    let files = FileSystem()
    for entry in try files.list(folder) {
      try files.removeAll(folder.appending(try #require(entry.name)))
    }
    var first: [UInt64: AbsolutePath] = [:]
    for (path, node) in names.sorted(by: { $0.key < $1.key }) {
      let place = folder.appending(path)
      try files.makeFolders(place.parent)
      switch node {
      case .folder: try files.makeFolder(place)
      case .symlink(let text): try files.symlink(text, at: place)
      case .file(let number):
        if let other = first[number] {
          try files.link(other, to: place)
          continue
        }
        first[number] = place
        let content = contents[number] ?? Content(bytes: [])
        let file = try files.open(place, .create, mode: 0o600)
        try file.write(content.bytes[...])
        try file.setMode(content.mode)
        if let modified = content.modified { try file.setModified(modified) }
      }
    }
  }

  /// The bytes of a file; `nil` when none stands there.
  func bytes(_ path: String) -> [UInt8]? {
    guard case .file(let number)? = names[path] else { return nil }
    return contents[number]?.bytes
  }

  /// The paths of files below a folder, sorted.
  func files(below folder: String) -> [String] {
    names.compactMap { path, node in
      guard case .file = node, path.hasPrefix(folder + "/") else { return nil }
      return path
    }.sorted()
  }
}
