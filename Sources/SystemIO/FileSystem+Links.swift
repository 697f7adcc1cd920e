internal import CLinux
internal import Glibc

extension FileSystem {
  /// Renames; what stands at `target` is replaced.
  package func rename(
    _ source: some Locatable, to target: some Locatable
  ) throws(SystemError) {
    try rename(source.location, target.location, "rename", flags: 0)
  }

  /// Renames to a name where nothing stands.
  /// - Throws: EEXIST when something does. On a file system without that promise a hard link takes
  ///   its place; where there are none either, a look just before the rename.
  package func renameNoReplace(
    _ source: some Locatable, to target: some Locatable
  ) throws(SystemError) {
    do {
      try rename(
        source.location, target.location, "rename", flags: UInt32(CIVSYNC_RENAME_NOREPLACE))
    } catch  where error.code == EINVAL || error.code == ENOSYS {
      try renameNoReplaceByLink(source.location, target.location)
    }
  }

  private func renameNoReplaceByLink(
    _ source: Location, _ target: Location
  ) throws(SystemError) {
    do {
      try link(source, to: target)
    } catch  where error.code != EEXIST && error.isUnsupported {
      guard try status(target) == nil else {
        throw SystemError(call: "rename", path: target.description, code: EEXIST)
      }
      return try rename(source, target, "rename", flags: 0)
    }
    try unlink(source)
  }

  /// Exchanges two things in one step; both must be there.
  /// - Throws: EINVAL or ENOSYS where the file system cannot do it.
  package func exchange(_ one: some Locatable, _ other: some Locatable) throws(SystemError) {
    try rename(one.location, other.location, "exchange", flags: UInt32(CIVSYNC_RENAME_EXCHANGE))
  }

  private func rename(
    _ source: Location, _ target: Location, _ name: String, flags: UInt32
  ) throws(SystemError) {
    let isExchange = flags == UInt32(CIVSYNC_RENAME_EXCHANGE)
    try call(
      name, target,
      did: isExchange
        ? .exchanged(source.description, target.description)
        : .renamed(source.description, to: target.description)
    ) {
      withExtendedLifetime(source) {
        unsafe Int(
          civsync_renameat2(source.base, source.text, target.base, target.text, flags))
      }
    }
  }

  /// Removes a name that is no folder.
  /// - Returns: `false` when it was not there.
  @discardableResult
  package func unlink(_ place: some Locatable) throws(SystemError) -> Bool {
    let location = place.location
    do {
      try call("unlink", location, did: .unlinked(location.description)) {
        unsafe Int(unlinkat(location.base, location.text, 0))
      }
      return true
    } catch  where error.isMissing {
      return false
    }
  }

  /// Makes `target` a further name of the file `source` (a symbolic link is linked itself).
  package func link(_ source: some Locatable, to target: some Locatable) throws(SystemError) {
    let source = source.location
    let target = target.location
    try call(
      "link", target, did: .linked(source.description, to: target.description)
    ) {
      withExtendedLifetime(source) {
        unsafe Int(linkat(source.base, source.text, target.base, target.text, 0))
      }
    }
  }

  /// Makes a symbolic link that holds `text`.
  package func symlink(_ text: String, at place: some Locatable) throws(SystemError) {
    let location = place.location
    try call(
      "symlink", location, did: .madeSymlink(location.description, text: text)
    ) { unsafe Int(symlinkat(text, location.base, location.text)) }
  }

  /// The text of a symbolic link; what is not UTF-8 in it becomes U+FFFD.
  package func readLink(_ place: some Locatable) throws(SystemError) -> String {
    let location = place.location
    var buffer = [CChar](repeating: 0, count: 4_097)
    let length = try call("readlink", location) {
      unsafe readlinkat(location.base, location.text, &buffer, buffer.count)
    }
    return String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Sets the time of the last change of a file that need not be writable; the caller must own it.
  package func setModified(_ place: some Locatable, _ time: FileTime) throws(SystemError) {
    let location = place.location
    let times = [
      timespec(tv_sec: 0, tv_nsec: Self.omitTime),
      timespec(tv_sec: Int(time.seconds), tv_nsec: Int(time.nanoseconds)),
    ]
    try call(
      "utimens", location,
      did: Self.inode(at: location).map { .setModified($0, time) }
    ) {
      unsafe Int(utimensat(location.base, location.text, times, AT_SYMLINK_NOFOLLOW))
    }
  }

  package func setMode(_ place: some Locatable, _ mode: UInt32) throws(SystemError) {
    let location = place.location
    try call(
      "chmod", location, did: Self.inode(at: location).map { .setMode($0, mode) }
    ) {
      unsafe Int(fchmodat(location.base, location.text, mode, 0))
    }
  }
}
