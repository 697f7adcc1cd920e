internal import CLinux
internal import Glibc

/// How to open a file.
package enum OpenMode: Sendable {
  case read
  /// For reading and writing; it must be there.
  case update
  /// For reading and writing; made, empty, when it is not there.
  case updateOrCreate
  /// For reading and writing; it must not be there yet.
  case create
}

/// An open regular file, closed exactly once: by ``close()`` or when it goes out of scope.
package struct OpenFile: ~Copyable, Sendable {
  let descriptor: Int32
  package let files: FileSystem
  let location: Location
  /// What it was when it was opened; `nil` when this has made it.
  package fileprivate(set) var found: FileStatus?

  deinit {
    // A child that is being started shares the description for a moment: closing alone would leave
    // it the lock.
    flock(descriptor, LOCK_UN)
    Glibc.close(descriptor)
  }

  package func status() throws(SystemError) -> FileStatus {
    var raw = stat()
    try files.call("stat", location) { unsafe Int(fstat(descriptor, &raw)) }
    return FileStatus(raw)
  }

  /// Fills the buffer from `offset` on, as far as the file goes.
  /// - Returns: the number of bytes read; less than the buffer's only at the file's end.
  package func read(
    at offset: Int64, into buffer: UnsafeMutableRawBufferPointer
  ) throws(SystemError) -> Int {
    var done = 0
    while done < buffer.count {
      let count = try files.call("read", location) {
        unsafe pread(
          descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done,
          Int(offset) + done)
      }
      if count == 0 { break }
      done += count
    }
    return done
  }

  /// Fills the array from `offset` on, as far as the file goes, but no more than `limit` bytes.
  /// - Returns: the number of bytes read.
  package func read(
    at offset: Int64, into buffer: inout [UInt8], limit: Int64 = .max
  ) throws(SystemError) -> Int {
    // A typed error does not pass through the closure of the standard library's call.
    let result: Result<Int, SystemError> = unsafe buffer.withUnsafeMutableBytes { bytes in
      let wanted = Int(min(Int64(bytes.count), limit))
      return Result { () throws(SystemError) in
        try unsafe read(
          at: offset, into: UnsafeMutableRawBufferPointer(rebasing: bytes[..<wanted]))
      }
    }
    return try result.get()
  }

  /// Writes all the bytes, beginning at `offset`.
  package func write(_ bytes: UnsafeRawBufferPointer, at offset: Int64) throws(SystemError) {
    var done = 0
    while done < bytes.count {
      var count = 0
      try files.call(
        "write", location, did: unsafe wrote(bytes, from: done, count: count, at: offset)
      ) {
        count = unsafe pwrite(
          descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done,
          Int(offset) + done)
        return count
      }
      done += count
    }
  }

  private func wrote(
    _ bytes: UnsafeRawBufferPointer, from start: Int, count: Int, at offset: Int64
  ) -> SystemCallEffect? {
    let written = unsafe Array(UnsafeRawBufferPointer(rebasing: bytes[start..<start + count]))
    return effect { .wrote($0, offset: offset + Int64(start), bytes: written) }
  }

  /// What was done to this file.
  private func effect(_ make: (UInt64) -> SystemCallEffect) -> SystemCallEffect? {
    FileSystem.inode(descriptor).map(make)
  }

  package func write(_ bytes: ArraySlice<UInt8>, at offset: Int64 = 0) throws(SystemError) {
    let result: Result<Void, SystemError> = unsafe bytes.withUnsafeBytes { buffer in
      Result { () throws(SystemError) in try unsafe write(buffer, at: offset) }
    }
    try result.get()
  }

  /// The content and the size are on the disk when this returns.
  package func sync() throws(SystemError) {
    try files.call("fsync", location, did: effect { .synced($0) }) {
      Int(fsync(descriptor))
    }
  }

  /// The content, and what of the rest is needed to read it, is on the disk when this returns.
  package func syncData() throws(SystemError) {
    try files.call("fdatasync", location, did: effect { .synced($0) }) {
      Int(fdatasync(descriptor))
    }
  }

  /// Starts writing a range to the disk and does not wait, so that the final sync has less to do.
  package func startWriteback(at offset: Int64, length: Int64) throws(SystemError) {
    try files.call("writeback", location) {
      Int(civsync_start_writeback(descriptor, offset, length))
    }
  }

  /// Reserves blocks up to `length` bytes; the size stays.
  package func reserve(_ length: Int64) throws(SystemError) {
    try files.call(
      "reserve", location, did: effect { .reserved($0, size: length) }
    ) { Int(civsync_reserve(descriptor, length)) }
  }

  /// Sets the size; reserved blocks behind it are given back.
  package func truncate(to size: Int64) throws(SystemError) {
    try files.call(
      "truncate", location, did: effect { .truncated($0, size: size) }
    ) { Int(ftruncate(descriptor, Int(size))) }
  }

  /// Sets the time of the last change of the content; the time of the last access stays.
  package func setModified(_ time: FileTime) throws(SystemError) {
    let times = [
      timespec(tv_sec: 0, tv_nsec: FileSystem.omitTime),
      timespec(tv_sec: Int(time.seconds), tv_nsec: Int(time.nanoseconds)),
    ]
    try files.call(
      "utimens", location, did: effect { .setModified($0, time) }
    ) { unsafe Int(futimens(descriptor, times)) }
  }

  package func setMode(_ mode: UInt32) throws(SystemError) {
    try files.call("chmod", location, did: effect { .setMode($0, mode) }) {
      Int(fchmod(descriptor, mode))
    }
  }

  /// Makes the file share the extents of `source`: no bytes are copied.
  package func clone(from source: borrowing OpenFile) throws(SystemError) {
    let origin = source.descriptor
    try files.call(
      "clone", location,
      did: FileSystem.copied(from: origin, to: descriptor, offset: 0, length: nil)
    ) { Int(civsync_clone(descriptor, origin)) }
  }

  /// Takes the `flock` of the file.
  /// - Returns: `false` when another descriptor, of this process or another, holds it.
  package func tryLock(_ mode: LockMode = .exclusive) throws(SystemError) -> Bool {
    let operation = mode == .exclusive ? LOCK_EX : LOCK_SH
    do {
      try files.call("lock", location) { Int(flock(descriptor, operation | LOCK_NB)) }
      return true
    } catch  where error.code == EWOULDBLOCK {
      return false
    }
  }
}

extension FileSystem {
  /// `UTIME_OMIT` of the C library, a macro that Swift does not see.
  static let omitTime = (1 << 30) - 2

  /// Opens a regular file. Symbolic links on the way are followed, one at the end only when
  /// `followingLinks` says so.
  /// - Parameter mode: the permission bits of a file that this makes, before the umask.
  package func open(
    _ place: some Locatable, _ how: OpenMode, followingLinks: Bool = false, mode: UInt32 = 0o666
  ) throws(SystemError) -> OpenFile {
    let location = place.location
    // O_NONBLOCK keeps a named pipe in the way from blocking the open for ever.
    var flags = (followingLinks ? 0 : O_NOFOLLOW) | O_NONBLOCK
    switch how {
    case .read: flags |= O_RDONLY
    case .update: flags |= O_RDWR
    case .updateOrCreate: flags |= O_RDWR | O_CREAT
    case .create: flags |= O_RDWR | O_CREAT | O_EXCL
    }
    let makes = how == .create || how == .updateOrCreate
    var descriptor: Int32 = -1
    try call("open", location, did: makes ? Self.made(location, descriptor) : nil) {
      descriptor = unsafe civsync_openat(location.base, location.text, flags, mode)
      return Int(descriptor)
    }
    var file = OpenFile(descriptor: descriptor, files: self, location: location)
    if how == .create { return file }
    let found = try file.status()
    guard found.kind == .file else {
      throw SystemError(
        call: "open", path: location.description, code: found.kind == .folder ? EISDIR : EINVAL)
    }
    file.found = found
    return file
  }
}
