internal import Core
internal import Diagnostics
internal import YAMLSource

/// `limitRate`: one rate, or several by the time of day.
extension Decoder {
  func limitRate(_ node: YAMLNode, _ spec: inout TransferSpec) {
    guard case .mapping(let pairs) = node.content else {
      spec.limitRate = size(node, "`limitRate`")
      return
    }
    var schedule = RateSchedule([])
    var places: [Span] = []
    for pair in pairs {
      guard let rate = rate(pair.value, "`\(pair.name)`") else { continue }
      if pair.name == "otherwise" {
        schedule.otherwise = rate
        continue
      }
      guard let (start, end) = Self.span(pair.name) else {
        report(
          .badTimeOfDay, "\(quoted(pair.name)) is no part of the day", at: pair.keySpan,
          help: "two times that differ, such as `08:00-18:00` or `22:00-06:00`, or `otherwise`")
        continue
      }
      let span = RateSchedule.Span(start: start, end: end, rate: rate)
      if let other = schedule.spans.firstIndex(where: { $0.overlaps(span) }) {
        report(
          .overlappingTimes, "two parts of the day overlap in `limitRate`", at: pair.keySpan,
          secondary: [Diagnostic.Label(span: places[other], text: "the other one")],
          help: "let one end where the other begins")
      }
      schedule.spans.append(span)
      places.append(pair.keySpan)
    }
    spec.rateSchedule = schedule
  }

  private func rate(_ node: YAMLNode, _ what: String) -> RateSchedule.Rate? {
    node.scalar?.text == "pause" ? .pause : size(node, what).map { .limit($0) }
  }

  /// `08:00-18:00` in minutes since midnight.
  private static func span(_ text: String) -> (start: Int, end: Int)? {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false).map(minute)
    guard ends.count == 2, let start = ends[0], let end = ends[1], start < RateSchedule.minutes,
      start != end % RateSchedule.minutes
    else { return nil }
    return (start, end % RateSchedule.minutes)
  }

  /// From `0:00` to `24:00`.
  private static func minute(_ text: Substring) -> Int? {
    let parts = text.filter { $0 != " " }.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, (1...2).contains(parts[0].count), parts[1].count == 2,
      parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
      let hour = Int(parts[0]), let minute = Int(parts[1]), minute < 60
    else { return nil }
    let sum = hour * 60 + minute
    return sum <= RateSchedule.minutes ? sum : nil
  }
}

extension RateSchedule.Span {
  /// Of two that overlap, one begins within the other.
  fileprivate func overlaps(_ other: Self) -> Bool { holds(other.start) || other.holds(start) }
}
