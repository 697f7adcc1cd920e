/// A `Content-Range` of bytes: `bytes 5-9/10`, `bytes 5-9/*`, or `bytes */10` beside a 416.
struct ContentRange: Equatable {
  /// First and last position; `nil` in the unsatisfied form.
  var bounds: ClosedRange<Int64>?
  /// The whole object's length, unless the server does not know it.
  var total: Int64?

  /// `nil` for another unit or anything malformed, positions beyond the total included.
  init?(_ text: String) {
    let words = text.split(separator: " ")
    guard words.count == 2, words[0].lowercased() == "bytes" else { return nil }
    let halves = words[1].split(separator: "/", omittingEmptySubsequences: false)
    guard halves.count == 2 else { return nil }
    if halves[1] != "*" {
      guard let total = Self.number(halves[1]) else { return nil }
      self.total = total
    }
    if halves[0] == "*" {
      guard total != nil else { return nil }
      return
    }
    let ends = halves[0].split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count == 2, let first = Self.number(ends[0]), let last = Self.number(ends[1]),
      first <= last, total.map({ last < $0 }) ?? true
    else { return nil }
    self.bounds = first...last
  }

  /// Digits only: `Int64` alone would take a sign too.
  private static func number(_ text: Substring) -> Int64? {
    text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int64(text) : nil
  }
}
