import CatalogueModel
package import Core

/// Numbers and lists in words.
package enum Measures {
  /// `1 file`, `12 files`.
  package static func count(_ number: Int, _ noun: String, _ plural: String? = nil) -> String {
    number == 1 ? "1 \(noun)" : "\(number) \(plural ?? noun + "s")"
  }

  /// `0.4 s`, `45 s`, `4 min 12 s`, `1 h 05 min`. Anything that is no number of seconds is `?`.
  package static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 360_000_000 else { return "?" }
    if seconds < 9.95 {
      let tenths = Int((seconds * 10).rounded())
      return tenths % 10 == 0 ? "\(tenths / 10) s" : "\(tenths / 10).\(tenths % 10) s"
    }
    let whole = Int(seconds.rounded())
    switch whole {
    case ..<60: return "\(whole) s"
    case ..<3_600: return "\(whole / 60) min \(twoDigits(whole % 60)) s"
    default: return "\(whole / 3_600) h \(twoDigits(whole / 60 % 60)) min"
    }
  }

  /// A duration that is not known better than that: `5 s`, `40 s`, `4 min`, `1.5 h`, `12 h`.
  package static func roughly(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 360_000_000 else { return "?" }
    func whole(_ value: Double) -> Int { Int(value.rounded()) }
    switch seconds {
    case ..<57.5: return "\(max(5, whole(seconds / 5) * 5)) s"
    case ..<3_570: return "\(max(1, whole(seconds / 60))) min"
    default:
      let halves = whole(seconds / 1_800)
      return halves < 20 && halves % 2 == 1 ? "\(halves / 2).5 h" : "\(whole(seconds / 3_600)) h"
    }
  }

  /// `340 ms`, `1.2 s`: how long an answer took.
  package static func latency(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 0.9995 else { return duration(seconds) }
    return "\(Int((seconds * 1_000).rounded())) ms"
  }

  /// `72 MB/s`; `nil` of what is no speed.
  package static func speed(_ bytesPerSecond: Double) -> String? {
    guard bytesPerSecond.isFinite, bytesPerSecond >= 0, bytesPerSecond < 1e15 else { return nil }
    return "\(ByteCount(Int64(bytesPerSecond.rounded())))/s"
  }

  /// A share from 0 to 1: `0 %`, `0.4 %`, `12 %`. What is little is not called nothing, and what is
  /// not all not 100 %.
  package static func share(_ share: Double) -> String {
    guard share.isFinite else { return "?" }
    let percent = share * 100
    switch percent {
    case ...0: return "0 %"
    case ..<0.1: return "< 0.1 %"
    case ..<9.95:
      let tenths = Int((percent * 10).rounded())
      return tenths % 10 == 0 ? "\(tenths / 10) %" : "\(tenths / 10).\(tenths % 10) %"
    case 100...: return "100 %"
    default: return "\(Swift.min(99, Int(percent.rounded()))) %"
    }
  }

  /// A moment in the reader's time zone: `2026-01-01 00:01:00`.
  package static func local(_ seconds: Int64, _ offsetMinutes: Int) -> String {
    // A time that nobody's clock has stays one that can be counted.
    let seconds = Swift.min(Swift.max(seconds, 0), 250_000_000_000)
    let text = Timestamp(milliseconds: (seconds + Int64(offsetMinutes) * 60) * 1_000).description
    return "\(text.prefix(10)) \(text.dropFirst(11).prefix(8))"
  }

  private static func twoDigits(_ number: Int) -> String {
    number < 10 ? "0\(number)" : "\(number)"
  }

  /// `18.2 GB`, or `?` for a length that nobody has told yet.
  package static func size(_ bytes: ByteCount) -> String {
    bytes == .zero ? "?" : bytes.description
  }

  /// `9.1 of 18.2 GB`, or `980 MB of 18.2 GB`: a unit that both share is written once. Of an
  /// unknown whole, what is done.
  package static func part(_ done: ByteCount, of total: ByteCount) -> String {
    if total == .zero { return done.description }
    let done = done.description.split(separator: " ")
    let total = total.description.split(separator: " ")
    let first = done.last == total.last ? done.prefix(1) : done[...]
    return (first + ["of"] + total[...]).joined(separator: " ")
  }

  /// Whole percent, rounded down so that only what is done says 100; `nil` of nothing.
  package static func percent(_ done: ByteCount, of total: ByteCount) -> Int? {
    guard total > .zero else { return nil }
    return Int((Double(done.bytes) / Double(total.bytes) * 100).rounded(.down)).clamped(to: 0...100)
  }
}

extension Int {
  func clamped(to range: ClosedRange<Int>) -> Int {
    Swift.min(range.upperBound, Swift.max(range.lowerBound, self))
  }
}
