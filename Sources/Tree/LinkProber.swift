package import Core
package import SystemIO

/// How a tree's file refers to the object in the store.
package enum LinkKind: String, Hashable, Sendable, Codable, CaseIterable {
  /// A file of its own that shares the object's extents: costs nothing, and editing it does not
  /// harm the object.
  case reflink
  /// A further name of the object's file.
  case hardlink
  /// A symbolic link that holds the object's path.
  case symlink
  /// A file of its own with the same bytes.
  case copy

  /// This kind, and after it those to try where it does not work.
  package var fallbacks: [LinkKind] {
    Array(Self.allCases.drop { $0 != self }) + (self == .copy ? [.symlink] : [])
  }

  /// Whether placing writes the bytes once more.
  package var costsBytes: Bool { self == .copy }

  /// Whether who writes to the placed file writes to the object.
  var sharesTheObject: Bool { self == .hardlink || self == .symlink }
}

/// What works between the file systems of a store and a tree.
package struct LinkSupport: Hashable, Sendable {
  /// Best first; empty only when nothing can be written to the tree.
  package let kinds: [LinkKind]
  /// Why the other ones do not work.
  package let reasons: [LinkKind: SystemError]

  /// The best kind, or the one the manifest asks for when it works.
  /// - Returns: `nil` when the wanted kind, or any kind, does not work.
  package func choose(_ wanted: LinkKind? = nil) -> LinkKind? {
    guard let wanted else { return kinds.first }
    return kinds.contains(wanted) ? wanted : nil
  }
}

/// Finds out which links work by making them, as the running user: file systems, mounts and
/// kernel settings (`protected_hardlinks`) leave no other way to know. Once for each pair of file
/// systems.
package final class LinkProber: Sendable {
  private struct Pair: Hashable {
    let store: UInt64
    let tree: UInt64
  }

  private let files: FileSystem
  private let known = Locked<[Pair: LinkSupport]>([:])

  package init(files: FileSystem = FileSystem()) { self.files = files }

  /// - Parameters:
  ///   - store: a folder on the store's file system; a probe file is made there and removed.
  ///   - tree: a folder of the tree; links are made there and removed.
  package func probe(
    store: AbsolutePath, tree: AbsolutePath
  ) throws(TreeError) -> LinkSupport {
    try onDisk { () throws(SystemError) in
      let from = try files.openFolder(store, followingLinks: true)
      let to = try files.openFolder(tree, followingLinks: true)
      guard let storeDevice = try files.status(from)?.device,
        let treeDevice = try files.status(to)?.device
      else { throw SystemError.missing("stat", path: tree) }
      let pair = Pair(store: storeDevice, tree: treeDevice)
      if let support = known.withLock({ $0[pair] }) { return support }
      let support = try probe(from, to)
      known.withLock { $0[pair] = support }
      return support
    }
  }

  /// Whether a hard link can be made to a file that is there already: another user's file may refuse what a
  /// file of one's own does not (`protected_hardlinks`).
  /// - Parameter folder: on the same file system; the link is made there and removed.
  package func refusesHardLinks(
    to object: AbsolutePath, in folder: AbsolutePath
  ) throws(TreeError) -> Bool {
    try onDisk { () throws(SystemError) in
      let target = folder.appending(files.names.make())
      do throws(SystemError) {
        try files.link(object, to: target)
      } catch {
        guard error.isUnsupported else { throw error }
        return true
      }
      try files.unlink(target)
      return false
    }
  }

  /// What to expect without writing anything, for a tree that is not there yet: hard links within
  /// one file system, symbolic links across two.
  package func estimate(
    store: AbsolutePath, tree: AbsolutePath
  ) throws(TreeError) -> LinkKind {
    try onDisk { () throws(SystemError) in
      try device(of: store) == device(of: tree) ? .hardlink : .symlink
    }
  }

  /// The device of the path, or of the nearest folder above it that is there.
  private func device(of path: AbsolutePath) throws(SystemError) -> UInt64? {
    if let status = try files.status(path, followingLinks: true) { return status.device }
    return path == path.parent ? nil : try device(of: path.parent)
  }

  private func probe(_ store: Folder, _ tree: Folder) throws(SystemError) -> LinkSupport {
    let object = store.at(files.names.make())
    defer { _ = try? files.unlink(object) }
    let file = try files.open(object, .create, mode: 0o600)
    // A whole block: file systems keep shorter files in other ways, which links may not follow.
    try file.write([UInt8](repeating: 0x70, count: 4_096)[...])
    try file.setMode(0o444)
    var kinds: [LinkKind] = []
    var reasons: [LinkKind: SystemError] = [:]
    for kind in LinkKind.allCases {
      let target = tree.at(files.names.make())
      do {
        let path = AbsolutePath(object.description) ?? store.path
        try files.makeLink(kind, from: object, path: path, to: target)
        kinds.append(kind)
      } catch {
        if error.isFull { throw error }
        reasons[kind] = error
      }
      // What stays would be in the way of the next.
      try files.unlink(target)
    }
    return LinkSupport(kinds: kinds, reasons: reasons)
  }
}

extension FileSystem {
  /// Makes one link of a kind at a name where nothing stands.
  func makeLink(
    _ kind: LinkKind, from object: some Locatable, path: AbsolutePath, to target: some Locatable,
    mode: UInt32 = 0o444
  ) throws(SystemError) {
    switch kind {
    case .reflink: try reflink(object, to: target, mode: mode)
    case .hardlink: try link(object, to: target)
    case .symlink: try symlink(path.string, at: target)
    case .copy: try copy(object, to: target, mode: mode)
    }
  }
}
