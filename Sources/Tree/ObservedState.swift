package import Core
package import SystemIO

/// What stands at a place, as one look tells.
package enum ObservedState: Hashable, Sendable {
  case absent
  /// The expected content, unchanged since it was placed. A reflink shows as a copy.
  case intact(LinkKind)
  /// Where civsync has placed a file, something else stands now.
  case modified(ModificationReason)
  /// Something that civsync has no record of.
  case foreign(ForeignKind)
  /// The way there does not lead through folders of the tree.
  case blocked(ParentProblem)
}

/// In which way a placed file is not what it was.
package enum ModificationReason: Hashable, Sendable {
  /// Written to, or replaced by another file, of this size.
  case contentChanged(size: Int64)
  /// Written to through a link: the store's object has changed too and needs a cure.
  case objectChanged(size: Int64)
  /// A symbolic link to somewhere else.
  case wrongLink(target: String)
  /// The right symbolic link, but the store does not have the object.
  case danglingLink
  /// A folder, or something that is neither file nor link.
  case replaced(FileKind)
}

extension ModificationReason: CustomStringConvertible {
  package var description: String {
    switch self {
    case .contentChanged: "the content changed"
    case .objectChanged: "the content changed, in the store too"
    case .wrongLink(let target): "the link leads to `\(target)`"
    case .danglingLink: "the store does not have the object it links to"
    case .replaced(.folder): "a folder stands there now"
    case .replaced: "something that is no file stands there now"
    }
  }
}

package enum ForeignKind: Hashable, Sendable {
  case file(size: Int64)
  case folder
  case symlink(target: String)
  /// A socket, a pipe, a device.
  case other
}

/// Why a path is not safe to place at.
package enum ParentProblem: Hashable, Sendable {
  /// A file stands where a folder is needed.
  case file(TreePath)
  /// A symbolic link stands where a folder is needed: it could lead out of the tree.
  case symlink(TreePath, target: String)
}

extension ParentProblem: CustomStringConvertible {
  package var description: String { "`\(path)` \(why)" }

  /// Which folder it is.
  package var path: TreePath {
    switch self {
    case .file(let path), .symlink(let path, _): path
    }
  }

  /// What stands there instead, and what to do.
  package var why: String {
    switch self {
    case .file: "is not a folder; move it away"
    case .symlink(_, let target):
      "is a symbolic link to `\(target)`, which civsync does not follow; put the folder back, or "
        + "make what it leads to a tree of its own with `trees`, or a collection's `root`"
    }
  }
}

/// One look at a path that should hold an object's content.
enum Look {
  case absent
  /// With the status of the file that has the content: a symbolic link's object.
  case intact(LinkKind, FileStatus)
  case differs(ModificationReason, FileStatus)
}

/// Compares what stands somewhere with an object by `lstat` alone.
struct Looker: Sendable {
  let files: FileSystem
  let objects: any ObjectLocating

  /// - Parameter isExact: whether an intact file with several names is the object's own is looked up; else
  ///   it is taken for that.
  func look(
    _ place: some Locatable, as digest: Digest, size: Int64? = nil, isExact: Bool = false
  ) throws(SystemError) -> Look {
    guard let status = try files.status(place) else { return .absent }
    switch status.kind {
    case .file:
      let isSealed = status.isSealed(as: digest, size: size)
      if isSealed, status.links == 1 { return .intact(.copy, status) }
      // The user may have given a copy further names too.
      if isSealed, !isExact { return .intact(.hardlink, status) }
      let isShared = try files.status(objects.path(of: digest))?.isSameFile(as: status) ?? false
      if isSealed { return .intact(isShared ? .hardlink : .copy, status) }
      return .differs(
        isShared ? .objectChanged(size: status.size) : .contentChanged(size: status.size), status)
    case .symlink:
      return try lookAtLink(place, status, digest, size)
    case .folder, .other:
      return .differs(.replaced(status.kind), status)
    }
  }

  private func lookAtLink(
    _ place: some Locatable, _ status: FileStatus, _ digest: Digest, _ size: Int64?
  ) throws(SystemError) -> Look {
    let target = try files.readLink(place)
    let path = objects.path(of: digest)
    guard target == path.string else { return .differs(.wrongLink(target: target), status) }
    guard let object = try files.status(path) else { return .differs(.danglingLink, status) }
    if object.isSealed(as: digest, size: size) { return .intact(.symlink, object) }
    return .differs(.objectChanged(size: object.size), status)
  }

  /// Whether the symbolic link is one that civsync made for the digest, into this store or into
  /// one that stood elsewhere: it holds nothing of the user's.
  func isOwnLink(_ place: some Locatable, _ digest: Digest) throws(SystemError) -> Bool {
    let hex = digest.hex
    return try files.readLink(place).hasSuffix("/sha256/\(hex.prefix(2))/\(hex)")
  }
}
