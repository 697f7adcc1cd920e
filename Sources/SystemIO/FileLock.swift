package import Core

/// Who holds a lock, as the holder wrote it into the lock file.
package struct LockHolder: Hashable, Sendable {
  package let process: Int32
  /// What it is doing, such as `civsync apply`.
  package let command: String
  /// Since when, as the caller writes times.
  package let since: String

  package init(process: Int32, command: String, since: String) {
    self.process = process
    self.command = command
    self.since = since
  }

  /// `pid 4711, civsync apply, since 2026-09-01 12:00:00`
  package var text: String {
    "pid \(process), \(command.split(separator: "\n").joined(separator: " ")), since \(since)"
  }

  /// Reads what ``text`` wrote.
  package init?(parsing text: String) {
    guard text.hasPrefix("pid "), let mark = text.lastRange(of: ", since "),
      let comma = text.firstIndex(of: ","), comma < mark.lowerBound,
      let process = Int32(text[..<comma].dropFirst(4))
    else { return nil }
    self.process = process
    self.command = String(text[comma..<mark.lowerBound].dropFirst(2))
    self.since = String(text[mark.upperBound...].prefix { $0 != "\n" })
  }
}

extension String {
  fileprivate func lastRange(of text: String) -> Range<String.Index>? {
    ranges(of: text).last
  }
}

/// The outcome of an attempt to lock.
package enum LockAttempt: Sendable {
  case acquired(FileLock)
  /// Another process, or this one through another descriptor, has it. The holder is `nil` in the
  /// moment before it has written its name.
  case held(by: LockHolder?)
}

/// Whom a lock keeps out.
package enum LockMode: Sendable {
  /// Everybody.
  case exclusive
  /// Those who want it for themselves alone.
  case shared
}

/// A `flock`: it ends with ``release()``, with the last reference, or with the process,
/// however that ends. The file stays, so that all processes lock the same one.
package final class FileLock: Sendable {
  private let file: Locked<OpenFile?>
  private let mode: LockMode

  fileprivate init(_ file: consuming OpenFile, _ mode: LockMode) {
    self.file = Locked(Optional(file))
    self.mode = mode
  }

  deinit { release() }

  /// Gives the lock back; a second call does nothing.
  package func release() {
    file.withLock { file in
      // Emptied first: the name of a holder that is gone would mislead.
      if mode == .exclusive { try? file?.truncate(to: 0) }
      file = nil
    }
  }
}

extension FileSystem {
  /// Tries to take a lock without waiting. A lock file that is there needs no room on the disk.
  /// - Parameters:
  ///   - path: the lock file; made when it is not there, its folder must be.
  ///   - holder: written into it by whoever has it alone.
  package func tryLock(
    _ path: AbsolutePath, _ mode: LockMode = .exclusive, holder: LockHolder
  ) throws(SystemError) -> LockAttempt {
    let file = try openLock(path)
    guard try file.tryLock(mode) else { return .held(by: try lockHolder(path)) }
    if mode == .exclusive {
      // The name is for people. On a full disk, or in a file of another user's, the lock is one without.
      try? file.truncate(to: 0)
      try? file.write(Array((holder.text + "\n").utf8)[...])
    }
    return .acquired(FileLock(file, mode))
  }

  /// For reading alone where it is another user's: that is enough for a lock.
  private func openLock(_ path: AbsolutePath) throws(SystemError) -> OpenFile {
    do {
      return try open(path, .updateOrCreate, followingLinks: true)
    } catch  where error.isForbidden {
      return try open(path, .read, followingLinks: true)
    }
  }

  /// Who says to hold a lock; `nil` when nobody does.
  package func lockHolder(_ path: AbsolutePath) throws(SystemError) -> LockHolder? {
    try read(path, limit: 64 << 10).flatMap {
      LockHolder(parsing: String(decoding: $0, as: UTF8.self))
    }
  }
}
