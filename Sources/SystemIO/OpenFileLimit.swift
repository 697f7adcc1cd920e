internal import Glibc

/// How many files and connections this process may have open at one time.
package enum OpenFileLimit {
  /// Fewer do not do for fetching: each of twenty connections is one, each file that comes two or three, the
  /// index and the history some more.
  package static let least = 64
  /// As many as can be made use of.
  private static let most = 1_024

  /// Takes as many as the system lets the process have for the asking.
  /// - Returns: how many it may have now.
  package static func raise() -> Int {
    var limit = rlimit()
    let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    guard unsafe getrlimit(kind, &limit) == 0 else { return most }
    let wanted = min(limit.rlim_max, rlim_t(most))
    guard limit.rlim_cur < wanted else { return Int(clamping: limit.rlim_cur) }
    limit.rlim_cur = wanted
    guard unsafe setrlimit(kind, &limit) == 0 else { return least }
    return Int(clamping: wanted)
  }
}
