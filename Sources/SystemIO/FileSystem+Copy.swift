internal import CLinux
internal import Glibc

extension FileSystem {
  /// Makes `target`, which must not be there, a clone of `source` that shares its extents and has
  /// its time.
  /// - Throws: an error with `isUnsupported` where the file system has no clones; then nothing is
  ///   left behind.
  package func reflink(
    _ source: some Locatable, to target: some Locatable, mode: UInt32
  ) throws(SystemError) {
    try transfer(source, to: target, mode: mode) { from, to throws(SystemError) in
      try to.clone(from: from)
    }
  }

  /// Copies the content and time of `source` to `target`, which must not be there. The kernel
  /// copies where it can. Not yet durable.
  package func copy(
    _ source: some Locatable, to target: some Locatable, mode: UInt32
  ) throws(SystemError) {
    try transfer(source, to: target, mode: mode) { from, to throws(SystemError) in
      let size = try from.status().size
      let done = try copyInKernel(from, to, size: size)
      if done < size { try copyByBuffer(from, to, offset: done) }
    }
  }

  private func transfer(
    _ source: some Locatable, to target: some Locatable, mode: UInt32,
    _ move: (borrowing OpenFile, borrowing OpenFile) throws(SystemError) -> Void
  ) throws(SystemError) {
    let from = try open(source, .read)
    let to = try open(target, .create, mode: 0o600)
    do {
      try move(from, to)
      try to.setMode(mode)
      try to.setModified(try from.status().modified)
    } catch {
      _ = try? unlink(target)
      throw error
    }
  }

  /// - Returns: how far it came; less than `size` where the file systems do not support it.
  private func copyInKernel(
    _ from: borrowing OpenFile, _ to: borrowing OpenFile, size: Int64
  ) throws(SystemError) -> Int64 {
    let source = from.descriptor
    let target = to.descriptor
    var done: Int64 = 0
    while done < size {
      let left = Int(min(size - done, 1 << 30))
      do {
        var count = 0
        try call(
          "copy", to.location,
          did: Self.copied(from: source, to: target, offset: done, length: Int64(count))
        ) {
          count = Int(civsync_copy_file_range(source, target, left))
          return count
        }
        if count == 0 { break }
        done += Int64(count)
      } catch  where error.isUnsupported && !error.isFull {
        break
      }
    }
    return done
  }

  private func copyByBuffer(
    _ from: borrowing OpenFile, _ to: borrowing OpenFile, offset start: Int64
  ) throws(SystemError) {
    var offset = start
    var buffer = [UInt8](repeating: 0, count: Self.bufferSize)
    while true {
      let count = try from.read(at: offset, into: &buffer)
      if count == 0 { break }
      try to.write(buffer[..<count], at: offset)
      offset += Int64(count)
    }
  }

  /// One mebibyte: larger buffers did not read faster here.
  static let bufferSize = 1 << 20
}
