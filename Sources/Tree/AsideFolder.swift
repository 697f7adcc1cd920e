internal import Core
internal import SystemIO

/// Where files of the user's go that have to make way: `aside/<when>/<tree>/<path>`. Nothing in it
/// is ever overwritten.
struct AsideFolder: Sendable {
  let files: FileSystem
  /// `.civsync/aside/<when>`
  let base: AbsolutePath

  func wanted(_ place: Place) -> AbsolutePath {
    base.appending(place.tree.name).appending(place.path)
  }

  /// Moves what stands at `source` there and makes its new name durable.
  /// - Returns: where it is now.
  /// - Throws: EXDEV for a folder that would have to be copied to another file system.
  func take(_ source: Location, of place: Place) throws(SystemError) -> AbsolutePath {
    let wanted = wanted(place)
    try files.makeFolders(wanted.parent)
    for number in 1... {
      let target = wanted.parent.appending(Self.name(wanted.name, number))
      do {
        do {
          try files.renameNoReplace(source, to: target)
        } catch  where error.isCrossDevice {
          try copy(source, to: target)
        }
        try files.syncFolder(target.parent)
        return target
      } catch  where error.isExisting {
        continue
      }
    }
    return wanted
  }

  /// `name`, `name-2`, `name-3`…, never longer than a file system allows.
  static func name(_ name: String, _ number: Int) -> String {
    if number == 1 { return name }
    let suffix = "-\(number)"
    var stem = Substring(name)
    while stem.utf8.count + suffix.utf8.count > 255 { stem = stem.dropLast() }
    return stem + suffix
  }

  /// To another file system: the copy is whole, durable and under its name before the source goes.
  private func copy(_ source: Location, to target: AbsolutePath) throws(SystemError) {
    guard let before = try files.status(source) else {
      throw SystemError.missing("copy", path: target)
    }
    switch before.kind {
    case .symlink:
      try files.symlink(try files.readLink(source), at: target)
    case .file:
      let temporary = target.parent.appending(files.names.make())
      try files.copy(source, to: temporary, mode: before.mode)
      do {
        try files.syncFile(temporary)
        try files.renameNoReplace(temporary, to: target)
      } catch {
        _ = try? files.unlink(temporary)
        throw error
      }
    case .folder, .other:
      throw SystemError.crossDevice("rename", path: target)
    }
    try files.syncFolder(target.parent)
    // Somebody who still has the file open may have written to it: then both are kept.
    if try files.status(source)?.isUnchanged(since: before) == true { try files.unlink(source) }
  }
}
