/// A moment in UTC as the catalogue gives it, to the millisecond; civsync compares these and never
/// does calendar arithmetic with them.
package struct Timestamp: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// Milliseconds since 1970-01-01T00:00:00Z.
  package let milliseconds: Int64

  package init(milliseconds: Int64) { self.milliseconds = milliseconds }

  /// Reads `2024-03-21`, `2024-03-21T06:33:04`, with or without fraction digits and `Z`, or with an
  /// offset such as `+02:00`: the catalogue writes all of these.
  package init?(_ text: some StringProtocol) {
    var reader = DigitReader(Array(text.utf8))
    guard let year = reader.number(4), reader.take("-"), let month = reader.number(2),
      reader.take("-"), let day = reader.number(2),
      (1...12).contains(month), (1...31).contains(day)
    else { return nil }
    var milliseconds = Self.days(year: year, month: month, day: day) * 86_400_000
    if reader.take("T") || reader.take(" ") {
      guard let hour = reader.number(2), reader.take(":"), let minute = reader.number(2),
        hour < 25, minute < 60
      else { return nil }
      milliseconds += (hour * 60 + minute) * 60_000
      if reader.take(":") {
        guard let second = reader.number(2), second < 61 else { return nil }
        milliseconds += second * 1_000 + reader.fraction()
      }
      guard let offset = reader.offset() else { return nil }
      milliseconds -= offset
    }
    guard reader.isAtEnd else { return nil }
    self.milliseconds = milliseconds
  }

  /// Days since 1970-01-01 in the proleptic Gregorian calendar (Howard Hinnant's `days_from_civil`).
  private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  package static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.milliseconds < right.milliseconds
  }

  /// `2024-03-21T06:33:04.436Z`; the fraction is left out when it is zero.
  package var description: String {
    let days = Int64((Double(milliseconds) / 86_400_000).rounded(.down))
    let inDay = milliseconds - days * 86_400_000
    let (year, month, day) = Self.civil(days)
    let seconds = inDay / 1_000
    let fraction = inDay % 1_000
    return "\(pad(year, 4))-\(pad(month))-\(pad(day))T"
      + "\(pad(seconds / 3_600)):\(pad(seconds / 60 % 60)):\(pad(seconds % 60))"
      + (fraction == 0 ? "Z" : ".\(pad(fraction, 3))Z")
  }

  /// `2024-03-21`.
  package var day: String { String(description.prefix(10)) }

  private static func civil(_ days: Int64) -> (Int64, Int64, Int64) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (
      yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month,
      dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    )
  }
}

private func pad(_ number: Int64, _ width: Int = 2) -> String {
  let digits = String(number)
  return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

private struct DigitReader {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { position == bytes.count }

  mutating func number(_ width: Int) -> Int64? {
    guard position + width <= bytes.count else { return nil }
    var value: Int64 = 0
    for byte in bytes[position..<position + width] {
      guard (0x30...0x39).contains(byte) else { return nil }
      value = value * 10 + Int64(byte - 0x30)
    }
    position += width
    return value
  }

  mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard position < bytes.count, bytes[position] == UInt8(ascii: scalar) else { return false }
    position += 1
    return true
  }

  /// Milliseconds of an optional `.123456`.
  mutating func fraction() -> Int64 {
    guard take(".") else { return 0 }
    var value: Int64 = 0
    var digits = 0
    while position < bytes.count, (0x30...0x39).contains(bytes[position]) {
      if digits < 3 { value = value * 10 + Int64(bytes[position] - 0x30) }
      digits += 1
      position += 1
    }
    while digits < 3 {
      value *= 10
      digits += 1
    }
    return value
  }

  /// Milliseconds to subtract for `Z`, nothing (taken as UTC), `+02:00` or `-0530`.
  mutating func offset() -> Int64? {
    if take("Z") || isAtEnd { return 0 }
    let sign: Int64 = take("+") ? 1 : -1
    if sign < 0, !take("-") { return nil }
    guard let hours = number(2) else { return nil }
    _ = take(":")
    guard let minutes = number(2) else { return nil }
    return sign * (hours * 60 + minutes) * 60_000
  }
}
