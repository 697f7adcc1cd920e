internal import CLinux

/// The C library's allocator, as a short-lived program with much data and a few threads wants it.
package enum Allocator {
  /// Keeps what is not in use from adding up: else there are eight heaps for each processor, each of
  /// which keeps what was freed in it, and after a large list was freed the next ones stand among small
  /// things. Before the first thread.
  /// - Returns: whether the library does so; a program without it only takes more.
  @discardableResult
  package static func keepSmall() -> Bool { civsync_limit_heaps(2, 128 << 10) != 0 }
}
