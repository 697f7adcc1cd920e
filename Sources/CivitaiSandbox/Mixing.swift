/// Deterministic values in place of random ones: the same inputs give the same result on every
/// machine and in every run.
enum Mixing {
  /// A well spread 64-bit value of the inputs (the finisher of SplitMix64, applied in turn).
  static func mix(_ values: UInt64...) -> UInt64 {
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    for value in values {
      state = finish(state ^ value &+ 0x9E37_79B9_7F4A_7C15)
    }
    return state
  }

  private static func finish(_ value: UInt64) -> UInt64 {
    var value = value
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }

  /// A value of the text (FNV-1a, finished).
  static func mix(_ text: String) -> UInt64 {
    var state: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return finish(state)
  }

  /// `0..<1`.
  static func fraction(_ value: UInt64) -> Double { Double(value >> 11) / 9_007_199_254_740_992 }

  /// Upper-case hexadecimal digits that look like a checksum: `count` of them, at most 64.
  static func hexadecimal(_ seed: UInt64, count: Int) -> String {
    let digits = (0..<4).map { part in
      let text = String(mix(seed, UInt64(part)), radix: 16, uppercase: true)
      return String(repeating: "0", count: 16 - text.count) + text
    }
    return String(digits.joined().prefix(count))
  }
}
