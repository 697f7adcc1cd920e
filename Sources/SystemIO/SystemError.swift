package import Core
internal import Glibc

/// A call to the operating system that failed: which, on what, and why.
package struct SystemError: Error, Hashable, Sendable {
  /// The call's name, such as `rename` or `fsync`.
  package let call: String
  /// What it was asked to work on, for people.
  package let path: String
  /// The `errno` value.
  package let code: Int32

  package init(call: String, path: String, code: Int32) {
    self.call = call
    self.path = path
    self.code = code
  }

  /// The code of a file that is larger than it may be.
  package static var tooBig: Int32 { EFBIG }

  /// The error of a call on something that is not there.
  package static func missing(_ call: String, path: AbsolutePath) -> SystemError {
    SystemError(call: call, path: path.string, code: ENOENT)
  }

  /// The error of a call between two file systems.
  package static func crossDevice(_ call: String, path: AbsolutePath) -> SystemError {
    SystemError(call: call, path: path.string, code: EXDEV)
  }

  /// The code's name in the manuals, such as `ENOSPC`.
  package var symbol: String { Self.known[code]?.symbol ?? "errno \(code)" }

  /// Why, in a few words: `permission denied`.
  package var reason: String {
    if let known = Self.known[code] { return known.reason }
    return unsafe String(cString: strerror(code)).lowercased()
  }

  /// The thing, or a folder on the way to it, is not there.
  package var isMissing: Bool { code == ENOENT || code == ENOTDIR }
  /// Something is there already.
  package var isExisting: Bool { code == EEXIST || code == ENOTEMPTY }
  /// The disk, or the user's share of it, is full.
  package var isFull: Bool { code == ENOSPC || code == EDQUOT }
  /// Whether another library's message ends with the reason of a full disk or quota.
  package static func tellsOfFull(_ message: String) -> Bool {
    [ENOSPC, EDQUOT].contains { message.contains(unsafe String(cString: strerror($0))) }
  }
  /// This user may not do it, or nobody may on this file system.
  package var isForbidden: Bool { [EACCES, EPERM, EROFS].contains(code) }
  /// The two paths are on different file systems.
  package var isCrossDevice: Bool { code == EXDEV }
  /// The file system cannot do this at all, or not for this user or file: another way may work.
  package var isUnsupported: Bool {
    [EOPNOTSUPP, ENOTSUP, ENOSYS, ENOTTY, EINVAL, EXDEV, EPERM, EMLINK].contains(code)
  }

  private struct Known {
    let symbol: String
    let reason: String
    let advice: String
  }

  private static let known: [Int32: Known] = [
    ENOSPC: Known(
      symbol: "ENOSPC", reason: "no space left on the device",
      advice: "free some space there and run the command again; what was fetched is kept"),
    EDQUOT: Known(
      symbol: "EDQUOT", reason: "the disk quota is used up",
      advice: "free some of your space or ask for a larger quota, then run the command again"),
    EACCES: Known(
      symbol: "EACCES", reason: "permission denied",
      advice: "check the owner and mode of the path and of the folders above it"),
    EPERM: Known(
      symbol: "EPERM", reason: "operation not permitted",
      advice: "check the owner of the path, and whether it is marked immutable"),
    EROFS: Known(
      symbol: "EROFS", reason: "the file system is read-only",
      advice: "mount it writable, or choose another folder"),
    EXDEV: Known(
      symbol: "EXDEV", reason: "the paths are on different file systems",
      advice: "choose symbolic links or copies, or put the store beside the tree"),
    ELOOP: Known(
      symbol: "ELOOP", reason: "a symbolic link stands where a real folder or file is needed",
      advice: "replace the link by what it points at, or name that place in the manifest"),
    ENOTDIR: Known(
      symbol: "ENOTDIR", reason: "a file stands where a folder is needed",
      advice: "move the file away or choose another path"),
    EISDIR: Known(
      symbol: "EISDIR", reason: "a folder stands where a file is needed",
      advice: "move the folder away or choose another path"),
    ENOENT: Known(
      symbol: "ENOENT", reason: "no such file or folder",
      advice: "check the path, and that its disk is mounted"),
    EEXIST: Known(
      symbol: "EEXIST", reason: "something is there already",
      advice: "move it away or choose another path"),
    ENOTEMPTY: Known(
      symbol: "ENOTEMPTY", reason: "the folder is not empty",
      advice: "move what is in it away"),
    ENAMETOOLONG: Known(
      symbol: "ENAMETOOLONG", reason: "the name is too long for the file system",
      advice: "choose a shorter name (most file systems allow 255 bytes)"),
    EMFILE: Known(
      symbol: "EMFILE", reason: "too many open files in this process",
      advice: "raise `ulimit -n` or fetch fewer files at once"),
    EMLINK: Known(
      symbol: "EMLINK", reason: "the file has as many hard links as the file system allows",
      advice: "choose symbolic links or copies"),
    EFBIG: Known(
      symbol: "EFBIG", reason: "the file is larger than the file system or `ulimit -f` allows",
      advice: "use a file system for large files, or raise the limit"),
    EIO: Known(
      symbol: "EIO", reason: "the disk reported an error",
      advice: "look at the system log (`dmesg`) and check the disk before you go on"),
    EPIPE: Known(
      symbol: "EPIPE", reason: "the reader has gone", advice: "nothing more can be written there"),
    EOPNOTSUPP: Known(
      symbol: "EOPNOTSUPP", reason: "the file system cannot do this",
      advice: "choose another kind of link (`link:` in the manifest)"),
    ESTALE: Known(
      symbol: "ESTALE", reason: "the network file system lost the file",
      advice: "mount it again and run the command again"),
  ]

  private static let verbs: [String: String] = [
    "write": "write", "read": "read", "fsync": "make durable", "syncfs": "make durable",
    "open": "open", "mkdir": "make the folder", "rmdir": "remove the folder",
    "unlink": "remove", "rename": "rename", "exchange": "exchange", "link": "link to",
    "symlink": "make the symbolic link", "clone": "clone", "copy": "copy", "stat": "look at",
    "list": "list", "reserve": "reserve space for", "truncate": "truncate", "lock": "lock",
    "chmod": "set the mode of", "utimens": "set the time of", "readlink": "read the link",
    "statvfs": "measure the free space at",
  ]
}

extension SystemError: CustomStringConvertible {
  /// What happened, then what to do: ``cannot write `/x`: no space left… (ENOSPC); free…``.
  package var description: String {
    let verb = Self.verbs[call] ?? call
    guard let known = Self.known[code] else {
      return "cannot \(verb) `\(path)`: \(reason) (\(symbol))"
    }
    return "cannot \(verb) `\(path)`: \(known.reason) (\(known.symbol)); \(known.advice)"
  }
}
