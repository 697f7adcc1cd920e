/// A JSON document as a tree, for answers whose fields come and go.
///
/// Numbers without fraction or exponent that fit keep all their digits; members keep their order,
/// and of two members of one name the last counts.
package enum JSONValue: Equatable, Sendable {
  case null
  case bool(Bool)
  case integer(Int64)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([Member])

  /// One name and its value in an object.
  package struct Member: Equatable, Sendable {
    package var name: String
    package var value: JSONValue

    package init(name: String, value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  /// Objects here have some thirty members, where a linear search beats building a dictionary.
  package subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.last { $0.name == name }?.value
  }

  package var string: String? {
    if case .string(let text) = self { text } else { nil }
  }

  package var bool: Bool? {
    if case .bool(let flag) = self { flag } else { nil }
  }

  package var array: [JSONValue]? {
    if case .array(let values) = self { values } else { nil }
  }

  package var members: [Member]? {
    if case .object(let members) = self { members } else { nil }
  }

  /// A whole number, also when it was written `3.0`.
  package var integer: Int64? {
    switch self {
    case .integer(let value): value
    case .number(let value): Int64(exactly: value)
    default: nil
    }
  }

  package var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value.isFinite ? value : nil
    default: nil
    }
  }

  /// What kind of value it is, in words: for messages.
  package var kind: String {
    switch self {
    case .null: "null"
    case .bool: "a flag"
    case .integer, .number: "a number"
    case .string: "a text"
    case .array: "a list"
    case .object: "an object"
    }
  }
}

/// Why bytes are not a JSON document.
package struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Problem: Hashable, Sendable {
    /// The document ends inside a value.
    case truncated
    /// A byte that has no place there.
    case unexpected
    /// Bytes follow the document.
    case trailing
    /// More than ``JSONParser/maxDepth`` values inside each other.
    case tooDeep
    /// More bytes than the caller allowed.
    case tooLarge
  }

  package var problem: Problem
  /// Where it shows, in bytes from the beginning.
  package var offset: Int

  package init(_ problem: Problem, at offset: Int) {
    self.problem = problem
    self.offset = offset
  }

  package var description: String {
    switch problem {
    case .truncated: "the JSON ends too early, after \(offset) bytes"
    case .unexpected: "this is no JSON: unexpected character at byte \(offset)"
    case .trailing: "the JSON is followed by something else at byte \(offset)"
    case .tooDeep: "the JSON is nested more than \(JSONParser.maxDepth) deep at byte \(offset)"
    case .tooLarge: "the JSON is too large (\(offset) bytes)"
    }
  }
}
