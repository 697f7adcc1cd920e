import ArgumentParser

/// A length of time as an option has it: `30s`, `5m`, `1h`, `7d`.
struct TimeSpan: Sendable, Equatable {
  let seconds: Int64

  private static let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
  /// A thousand years: nobody looks back further, and sums of it stay numbers.
  private static let longest: Int64 = 31_536_000_000

  /// - Throws: what to write instead, for the option of that name.
  /// - Parameter allowsNone: `0s` is one too.
  init(_ text: String, option: String, allowsNone: Bool = false) throws {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let count = Int64(digits), count > 0 || allowsNone, text.count == digits.count + 1,
      let unit = text.last.flatMap({ Self.units[$0] }), count <= Self.longest / unit
    else {
      throw ValidationError(
        "\(option) takes a length of time, a whole number and its unit: 30s, 5m, 1h, 7d")
    }
    seconds = count * unit
  }

  /// For an option's `transform`.
  static func reading(
    _ option: String, allowsNone: Bool = false
  ) -> @Sendable (String) throws -> TimeSpan {
    { try TimeSpan($0, option: option, allowsNone: allowsNone) }
  }

  /// In words, after "the last": `hour`, `30 minutes`.
  var words: String {
    let names: [(Int64, String)] = [
      (86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"),
    ]
    guard let (unit, name) = names.first(where: { seconds % $0.0 == 0 }) else { return "" }
    let count = seconds / unit
    return count == 1 ? name : "\(count) \(name)s"
  }
}
