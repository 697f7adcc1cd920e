internal import CLinux
package import Core
internal import Glibc

extension FileSystem {
  /// The content and size of a file are on the disk when this returns.
  package func syncFile(_ place: some Locatable) throws(SystemError) {
    try open(place, .read).sync()
  }

  /// The names in a folder are on the disk when this returns.
  package func syncFolder(_ place: some Locatable) throws(SystemError) {
    try syncFolder(try openFolder(place, followingLinks: true))
  }

  package func syncFolder(_ folder: Folder) throws(SystemError) {
    do {
      try call(
        "fsync", folder.location, did: .syncedFolder(folder.path.string)
      ) { Int(fsync(folder.descriptor)) }
    } catch  where error.code == EINVAL {
      // Some network and user-space file systems have no way to sync a folder, and say so.
    }
  }

  /// Everything that was written to the file system of `folder` is on the disk when this returns.
  package func syncFileSystem(_ folder: Folder) throws(SystemError) {
    try call(
      "syncfs", folder.location, did: .syncedFileSystem(folder.path.string)
    ) { Int(civsync_syncfs(folder.descriptor)) }
  }

  /// Replaces a small file durably: a reader finds the old content or the new one, also after a
  /// power cut, and the new one once this has returned.
  /// - Parameter mode: the permissions that it has from its first moment on, less the umask.
  package func writeDurably(
    _ bytes: [UInt8], to path: AbsolutePath, mode: UInt32 = 0o666
  ) throws(SystemError) {
    try replace(path, bytes, durable: true, mode: mode)
  }

  /// Replaces a small file so that a reader finds the old content or the new one, without waiting
  /// for the disk.
  package func writeAtomically(_ bytes: [UInt8], to path: AbsolutePath) throws(SystemError) {
    try replace(path, bytes, durable: false)
  }

  private func replace(
    _ path: AbsolutePath, _ bytes: [UInt8], durable: Bool, mode: UInt32 = 0o666
  ) throws(SystemError) {
    let folder = try openFolder(path.parent, followingLinks: true)
    let temporary = folder.at(names.make())
    do {
      let file = try open(temporary, .create, mode: mode)
      try file.write(bytes[...])
      if durable { try file.sync() }
      try rename(temporary, to: folder.at(path.name))
    } catch {
      _ = try? unlink(temporary)
      throw error
    }
    if durable { try syncFolder(folder) }
  }

  /// The whole content of a small file.
  /// - Returns: `nil` when it is not there.
  /// - Throws: EFBIG when it holds more than `limit` bytes.
  package func read(
    _ place: some Locatable, limit: Int = 64 << 20, followingLinks: Bool = true
  ) throws(SystemError) -> [UInt8]? {
    let location = place.location
    do throws(SystemError) {
      let file = try open(location, .read, followingLinks: followingLinks)
      var bytes: [UInt8] = []
      // Not grown step by step, which would hold what it has twice.
      bytes.reserveCapacity(Int(min(try file.status().size, Int64(limit))))
      var chunk = [UInt8](repeating: 0, count: 64 << 10)
      while true {
        let count = try file.read(at: Int64(bytes.count), into: &chunk)
        bytes += chunk[..<count]
        guard bytes.count <= limit else {
          throw SystemError(call: "read", path: location.description, code: EFBIG)
        }
        if count < chunk.count { return bytes }
      }
    } catch  where error.isMissing {
      return nil
    }
  }
}
