/// The header fields of a request or response, in order; names compare without regard to case.
package struct HTTPHeaders: Sendable, Equatable, ExpressibleByDictionaryLiteral {
  package struct Field: Sendable, Equatable {
    package var name: String
    package var value: String

    fileprivate func isNamed(_ name: String) -> Bool {
      func lowercased(_ byte: UInt8) -> UInt8 { (0x41...0x5a).contains(byte) ? byte | 0x20 : byte }
      return self.name.utf8.count == name.utf8.count
        && zip(self.name.utf8, name.utf8).allSatisfy { lowercased($0) == lowercased($1) }
    }
  }

  package private(set) var fields: [Field] = []

  package init() {}

  package init(dictionaryLiteral elements: (String, String)...) {
    for (name, value) in elements { add(name, value) }
  }

  package mutating func add(_ name: String, _ value: String) {
    fields.append(Field(name: name, value: value))
  }

  /// The value of a field: several of one name are joined with `, `; `nil` without one. Setting
  /// replaces all of that name.
  package subscript(name: String) -> String? {
    get {
      guard let first = fields.firstIndex(where: { $0.isNamed(name) }) else { return nil }
      return fields[(first + 1)...].reduce(fields[first].value) { value, field in
        field.isNamed(name) ? value + ", " + field.value : value
      }
    }
    set {
      fields.removeAll { $0.isNamed(name) }
      if let newValue { add(name, newValue) }
    }
  }

  /// `Content-Length` in bytes; `nil` when absent or not a number.
  package var contentLength: Int64? {
    self["Content-Length"].flatMap { Int64($0) }.flatMap { $0 >= 0 ? $0 : nil }
  }

  /// The media type alone, in lower case: `text/html` of `Text/HTML; charset=utf-8`.
  package var mediaType: String? {
    guard let value = self["Content-Type"] else { return nil }
    return String(value.prefix { $0 != ";" }).lowercased().filter { $0 != " " && $0 != "\t" }
  }

  /// How long the server asks to wait. A date is measured against the response's own `Date`, so
  /// that no clock of ours is needed; `nil` when absent or unreadable.
  package var retryAfter: Duration? {
    guard let text = self["Retry-After"] else { return nil }
    if let seconds = Int64(text) { return seconds >= 0 ? .seconds(min(seconds, 604_800)) : nil }
    guard let then = HTTPDate.seconds(text), let now = self["Date"].flatMap(HTTPDate.seconds) else {
      return nil
    }
    return .seconds(min(max(0, then - now), 604_800))
  }

  /// Appends a continuation line (the obsolete folding of RFC 9112, 5.2) to the last field.
  mutating func fold(_ text: String) {
    guard let last = fields.indices.last else { return }
    fields[last].value += " " + text
  }
}

/// The dates that HTTP writes, `Sun, 06 Nov 1994 08:49:37 GMT`.
enum HTTPDate {
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// Seconds since 1970; `nil` for any other form (the two obsolete ones included).
  static func seconds(_ text: String) -> Int64? {
    let parts = text.split(separator: " ")
    guard parts.count == 6, parts[5] == "GMT", let day = Int64(parts[1]),
      let month = months.firstIndex(of: String(parts[2])), let year = Int64(parts[3]),
      (1...31).contains(day), (1_970...9_999).contains(year)
    else { return nil }
    let time = parts[4].split(separator: ":").map { Int64($0) ?? -1 }
    guard time.count == 3, (0...23).contains(time[0]), (0...59).contains(time[1]),
      (0...60).contains(time[2])
    else { return nil }
    let days = daysSince1970(year: year, month: Int64(month) + 1, day: day)
    return days * 86_400 + time[0] * 3_600 + time[1] * 60 + time[2]
  }

  /// Counts years from March, so that the leap day is a year's last and needs no special case.
  private static func daysSince1970(year: Int64, month: Int64, day: Int64) -> Int64 {
    let shifted = month > 2 ? year : year - 1
    let monthFromMarch = (month + 9) % 12
    let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
    let leapDays = shifted / 4 - shifted / 100 + shifted / 400
    return shifted * 365 + leapDays + dayOfYear - 719_468
  }
}
