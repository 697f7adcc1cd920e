package import Core

extension FileStatus {
  /// Whether this is a regular file that nobody wrote to since it was sealed as the content of
  /// `digest`: see ``Core/Digest/sealNanoseconds``.
  /// - Parameter size: the object's length where it is known.
  package func isSealed(as digest: Digest, size expected: Int64? = nil) -> Bool {
    guard kind == .file, expected == nil || expected == size else { return false }
    if modified.nanoseconds == digest.sealNanoseconds { return true }
    return modified.nanoseconds == 0 && modified.seconds == digest.sealSeconds
  }
}

extension OpenFile {
  /// Gives the file the time that says it holds the content of `digest`.
  package func seal(as digest: Digest) throws(SystemError) {
    _ = try seal(as: digest, now: status().modified, keepsNanoseconds: false)
  }

  /// - Parameters:
  ///   - now: the file's time.
  ///   - keepsNanoseconds: whether the file system is known to; else it is looked at.
  /// - Returns: whether the file system keeps nanoseconds.
  package func seal(
    as digest: Digest, now: FileTime, keepsNanoseconds: Bool
  ) throws(SystemError) -> Bool {
    try setModified(FileTime(seconds: now.seconds, nanoseconds: digest.sealNanoseconds))
    if keepsNanoseconds { return true }
    if try status().isSealed(as: digest) { return true }
    try setModified(FileTime(seconds: digest.sealSeconds, nanoseconds: 0))
    return false
  }
}

extension FileSystem {
  /// Gives a file, which may be read-only but must be the user's own, the time that says it holds
  /// the content of `digest`.
  package func seal(_ place: some Locatable, as digest: Digest) throws(SystemError) {
    try open(place, .read).seal(as: digest)
  }
}

extension FileTime {
  /// Another time within two seconds, which is no seal where this one is: also on a file system that
  /// keeps no nanoseconds, or only every second second.
  package var withoutSeal: FileTime {
    FileTime(
      seconds: nanoseconds == 0 ? seconds + 2 : seconds,
      nanoseconds: nanoseconds == 0 ? 0 : nanoseconds % 999_999_999 + 1)
  }
}

extension FileStatus {
  /// Whether the file lost its seal because its content was found to be another one, and was not
  /// written to since: see ``FileTime/withoutSeal``.
  package func isMarkedDamaged(as digest: Digest) -> Bool {
    let full = FileTime(seconds: modified.seconds, nanoseconds: digest.sealNanoseconds)
    let coarse = FileTime(seconds: digest.sealSeconds, nanoseconds: 0)
    return kind == .file && (modified == full.withoutSeal || modified == coarse.withoutSeal)
  }
}
