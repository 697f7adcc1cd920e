/// A JSON value that keeps what a recorded response says: the order of keys, and numbers as they
/// were written.
enum JSON: Sendable, Hashable {
  case null
  case bool(Bool)
  /// The digits of the number, as they stand in the text.
  case number(String)
  case string(String)
  case array([JSON])
  case object([Member])

  struct Member: Sendable, Hashable {
    var key: String
    var value: JSON
  }

  static func integer(_ value: some BinaryInteger) -> JSON { .number(String(value)) }

  /// A finite number; a whole one is written without fraction, as JavaScript does.
  static func decimal(_ value: Double) -> JSON {
    if value == value.rounded(), abs(value) < 1e15 { return .number(String(Int64(value))) }
    return .number(String(value))
  }

  static func strings(_ values: [String]) -> JSON { .array(values.map(JSON.string)) }

  /// The first member of that key; setting appends a key that was not there, and `nil` removes it.
  subscript(key: String) -> JSON? {
    get {
      guard case .object(let members) = self else { return nil }
      return members.first { $0.key == key }?.value
    }
    set {
      guard case .object(var members) = self else { return }
      let index = members.firstIndex { $0.key == key }
      switch (index, newValue) {
      case (let index?, let value?): members[index].value = value
      case (let index?, nil): members.remove(at: index)
      case (nil, let value?): members.append(Member(key: key, value: value))
      case (nil, nil): return
      }
      self = .object(members)
    }
  }

  var text: String? {
    if case .string(let text) = self { text } else { nil }
  }

  var integer: Int64? {
    guard case .number(let digits) = self else { return nil }
    return Int64(digits)
  }

  var double: Double? {
    guard case .number(let digits) = self else { return nil }
    return Double(digits)
  }

  var flag: Bool? {
    if case .bool(let flag) = self { flag } else { nil }
  }

  var elements: [JSON]? {
    if case .array(let elements) = self { elements } else { nil }
  }

  var isNull: Bool { self == .null }

  /// The same object without the members whose value is `null`, at every depth: what
  /// `GET /models/:id` does to its answer.
  var droppingNulls: JSON {
    switch self {
    case .object(let members):
      .object(
        members.compactMap { member in
          member.value.isNull ? nil : Member(key: member.key, value: member.value.droppingNulls)
        })
    case .array(let elements): .array(elements.map(\.droppingNulls))
    default: self
    }
  }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
  init(stringLiteral value: String) { self = .string(value) }
  init(integerLiteral value: Int64) { self = .integer(value) }
  init(booleanLiteral value: Bool) { self = .bool(value) }
  init(arrayLiteral elements: JSON...) { self = .array(elements) }
  init(dictionaryLiteral elements: (String, JSON)...) {
    self = .object(elements.map { Member(key: $0.0, value: $0.1) })
  }
  init(nilLiteral: ()) { self = .null }
}
