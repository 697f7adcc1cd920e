internal import CatalogueModel

/// Collects what a decoder went on without.
///
/// A hostile or badly changed answer could be odd in every file: what is kept is bounded, and the
/// last place then says how many more there were.
struct Oddities {
  static let limit = 500

  private(set) var kept: [CatalogueOddity] = []
  private var dropped = 0
  /// What the site has that civsync does not know; as many kinds at most.
  private(set) var news: [SiteNews: NewsCount] = [:]

  mutating func note(_ subject: String, _ field: String, _ message: String) {
    guard kept.count < Self.limit else {
      dropped += 1
      return
    }
    kept.append(CatalogueOddity(subject: subject, field: field, message: message))
  }

  mutating func append(_ others: [CatalogueOddity]) {
    for oddity in others { note(oddity.subject, oddity.field, oddity.message) }
  }

  /// Notes members of an object that no answer had before.
  mutating func fields(
    _ value: JSONValue, known: Set<String>, of place: String, _ subject: String
  ) {
    for member in value.members ?? [] where !known.contains(member.name) {
      add(SiteNews(.field, place, shortened(member.name)), subject)
    }
  }

  /// Notes a word that is not one of those that are known.
  mutating func word(
    _ text: String?, _ name: String, known: Set<String>, of place: String, _ subject: String
  ) {
    guard let text, !known.contains(text) else { return }
    add(SiteNews(.word, place, name, shortened(text)), subject)
  }

  mutating func add(_ item: SiteNews, _ subject: String, count: Int = 1) {
    if let seen = news[item] {
      news[item] = NewsCount(count: seen.count + count, example: seen.example)
    } else if news.count < Self.limit {
      news[item] = NewsCount(count: count, example: subject)
    }
  }

  mutating func append(_ others: [SiteNews: NewsCount]) {
    for (item, seen) in others { add(item, seen.example, count: seen.count) }
  }

  /// Everything noted, with one line for what did not fit.
  var all: [CatalogueOddity] {
    guard dropped > 0 else { return kept }
    let more = CatalogueOddity(
      subject: "answer", field: "…", message: "\(dropped) more oddities are not listed")
    return kept + [more]
  }
}

/// Reads the fields of one JSON object leniently: what is null counts as absent, what has another
/// type than expected is noted and counts as absent.
struct FieldReader {
  let subject: String
  let value: JSONValue
  /// What kind of object it is, for what the site has that is new.
  let place: String

  init(_ value: JSONValue, subject: String, place: String) {
    self.value = value
    self.subject = subject
    self.place = place
  }

  /// The member's value, unless it is absent or null.
  func raw(_ name: String) -> JSONValue? {
    guard let value = value[name], value != .null else { return nil }
    return value
  }

  func text(_ name: String, _ odd: inout Oddities) -> String? {
    read(name, "a text", &odd) { $0.string }.flatMap { $0.isEmpty ? nil : $0 }
  }

  func flag(_ name: String, _ odd: inout Oddities) -> Bool? {
    read(name, "a flag", &odd) { $0.bool }
  }

  func integer(_ name: String, _ odd: inout Oddities) -> Int64? {
    read(name, "a whole number", &odd) { $0.integer }
  }

  func list(_ name: String, _ odd: inout Oddities) -> [JSONValue]? {
    read(name, "a list", &odd) { $0.array }
  }

  func object(_ name: String, _ odd: inout Oddities) -> FieldReader? {
    read(name, "an object", &odd) { value in
      value.members == nil ? nil : FieldReader(value, subject: subject, place: "\(place).\(name)")
    }
  }

  func date(_ name: String, _ odd: inout Oddities) -> Timestamp? {
    guard let text = text(name, &odd) else { return nil }
    guard let date = Timestamp(text) else {
      odd.note(subject, name, "`\(shortened(text))` is no date that civsync can read; left out")
      return nil
    }
    return date
  }

  private func read<Result>(
    _ name: String, _ wanted: String, _ odd: inout Oddities,
    _ pick: (JSONValue) -> Result?
  ) -> Result? {
    guard let value = raw(name) else { return nil }
    if let result = pick(value) { return result }
    odd.note(subject, name, "expected \(wanted), found \(value.kind); taken as absent")
    odd.add(SiteNews(.type, place, name, value.kind), subject)
    return nil
  }
}

/// A text from outside made fit for a message: one line, no control characters, of bounded length.
func shortened(_ text: String, to limit: Int = 120) -> String {
  var out = ""
  var pending = false
  for character in text.prefix(limit * 4) {
    let isControl = character.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7f }
    if isControl || character == " " {
      pending = !out.isEmpty
      continue
    }
    if pending { out.append(" ") }
    pending = false
    out.append(character)
    if out.count >= limit { return out + "…" }
  }
  return out
}
