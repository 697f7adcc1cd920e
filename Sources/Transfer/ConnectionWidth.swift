/// How many connections downloads have in all: more while that makes the sum of them faster, fewer when
/// a server pushes back.
///
/// Times are seconds on any clock that only goes forward.
struct ConnectionWidth: Sendable {
  /// The sum counts as faster from so much on; less is chance.
  private static let growth = 1.15
  /// How long a width that proved best is kept before another is tried.
  private static let rest = 10.0
  private static let restAfterPushback = 60.0

  let most: Int
  /// How many there may be. Each download has one in any case.
  private(set) var allowed: Int
  /// No connection helps another.
  var isNarrow = false
  /// How many there are.
  private(set) var used = 0
  private var latency = 0.0
  /// The width before the last step, and what came by it in a second.
  private var before: (width: Int, rate: Double)?
  /// Where the present measurement began; `nil` when there is none.
  private var window: (began: Double, bytes: Int64)?
  private var bytes: Int64 = 0
  private var restsUntil = 0.0

  init(usual: Int = 4, most: Int) {
    self.most = max(1, most)
    allowed = min(max(1, usual), self.most)
  }

  private var limit: Int { isNarrow ? 1 : allowed }
  var hasRoom: Bool { used < limit }
  var isTooWide: Bool { used > limit }
  /// Whether one may be added in the place of another that stands still: for a while both are there.
  var hasSpare: Bool { !isNarrow && used < most }

  /// A connection begins. A download's first one always may.
  mutating func enter() {
    used += 1
    window = nil
  }

  mutating func leave() {
    used -= 1
    window = nil
  }

  mutating func received(_ count: Int) { bytes += Int64(count) }

  /// A server took so long to begin its answer: measurements last some times as long.
  mutating func answered(after seconds: Double) { latency = max(latency * 0.9, seconds) }

  /// A server refused a connection, or an answer, for want of patience.
  mutating func pushedBack(at now: Double) {
    allowed = max(1, min(allowed, used) / 2)
    before = nil
    window = nil
    restsUntil = now + Self.restAfterPushback
  }

  /// To be called several times a second while something is fetched.
  mutating func look(at now: Double) {
    guard now >= restsUntil, used >= allowed else {
      window = nil
      return
    }
    let length = min(2, max(0.15, latency * 6))
    guard let (began, then) = window else {
      window = (now, bytes)
      return
    }
    guard now - began >= length else { return }
    judge(Double(bytes - then) / (now - began), now)
    window = nil
  }

  private mutating func judge(_ rate: Double, _ now: Double) {
    if let before, rate < before.rate * Self.growth {
      allowed = before.width
      self.before = nil
      restsUntil = now + Self.rest
    } else if allowed < most {
      before = (allowed, rate)
      allowed = min(most, allowed * 2)
    } else {
      before = nil
      restsUntil = now + Self.rest
    }
  }
}
