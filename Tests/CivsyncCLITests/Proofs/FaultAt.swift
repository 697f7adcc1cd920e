import Core
import SystemIO

/// Lets calls through up to one, which fails: alone, or with all that follow.
final class FaultAt: SystemCallObserver {
  private struct State {
    var met = 0
    var verified: Set<Digest> = []
    var failed: String?
  }

  private let point: Int
  private let code: Int32
  private let stays: Bool
  private let state = Locked(State())
  let wantsEffects = true

  /// - Parameter point: from 1.
  init(_ point: Int, code: Int32, stays: Bool) {
    self.point = point
    self.code = code
    self.stays = stays
  }

  /// Calls so far.
  var met: Int { state.withLock { $0.met } }
  /// What was found to be whole and right: from that moment on it must not get lost.
  var verified: Set<Digest> { state.withLock { $0.verified } }
  /// The first call that failed.
  var failed: String? { state.withLock { $0.failed } }

  func willCall(_ call: String, path: String) -> Int32? {
    state.withLock { state in
      state.met += 1
      guard state.met == point || stays && state.met > point else { return nil }
      state.failed = state.failed ?? "\(call) \(path)"
      return code
    }
  }

  func didCall(_ effect: SystemCallEffect) {
    guard case .renamed(_, let target) = effect, target.hasSuffix(".verified"),
      let name = target.split(separator: "/").last,
      let digest = Digest(hex: String(name.dropLast(".verified".count)))
    else { return }
    state.withLock { _ = $0.verified.insert(digest) }
  }
}
