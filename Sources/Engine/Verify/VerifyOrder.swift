import Core

/// One object that could be read, with what decides when.
struct VerifyCandidate: Sendable, Equatable {
  var digest: Digest
  /// When it came, by its file's time; seconds since 1970.
  var came: Int64
  /// When it was last found sound and has not changed since; `nil`: never.
  var verified: Int64?
  /// Its size or time says already that it is not what it was.
  var isSuspect: Bool
}

/// Which objects a run reads, and in which order. What looks wrong is read first and in any case; of
/// the rest what was never read, the newest first, then what was read longest ago: so runs that are
/// bounded by time or share come round to everything.
struct VerifyOrder: Sendable {
  var sample: Double?
  var seed: UInt64 = 0
  var newestFirst = false

  /// - Returns: positions in `candidates`.
  func choose(_ candidates: [VerifyCandidate]) -> [Int] {
    sampled(candidates).sorted { comesFirst(candidates[$0], candidates[$1]) }
  }

  private func comesFirst(_ one: VerifyCandidate, _ other: VerifyCandidate) -> Bool {
    if one.isSuspect != other.isSuspect { return one.isSuspect }
    if !newestFirst, one.verified != other.verified { return one.age < other.age }
    if one.came != other.came { return one.came > other.came }
    return one.digest < other.digest
  }

  /// By chance among those that were read longest ago. The same seed chooses the same ones again as
  /// long as nothing was read meanwhile, whatever else comes into the store.
  private func sampled(_ candidates: [VerifyCandidate]) -> [Int] {
    guard let sample else { return Array(candidates.indices) }
    let suspects = candidates.indices.filter { candidates[$0].isSuspect }
    let others = candidates.indices.filter { !candidates[$0].isSuspect }
      .map { (index: $0, age: candidates[$0].age, lot: lot(candidates[$0].digest)) }
      .sorted { ($0.age, $0.lot) < ($1.age, $1.lot) }
    let count = Int((Double(candidates.count) * sample).rounded(.up))
    return suspects + others.prefix(max(0, count)).map(\.index)
  }

  /// A number that seed and digest give together, evenly spread (SplitMix64).
  private func lot(_ digest: Digest) -> UInt64 {
    var value = digest.bytes.prefix(8).reduce(seed &+ 0x9e37_79b9_7f4a_7c15) {
      ($0 << 8 | $0 >> 56) ^ UInt64($1)
    }
    value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
    return value ^ value >> 31
  }
}

extension VerifyCandidate {
  /// The smaller, the longer ago.
  fileprivate var age: Int64 { verified ?? .min }
}
