import Diagnostics
import Foundation
import Testing
import YAMLSource

/// A JSON value.
enum JSON: Hashable, Decodable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSON])
  case object([String: JSON])

  init(from decoder: any Swift.Decoder) throws {
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .null
    } else if let bool = try? value.decode(Bool.self) {
      self = .bool(bool)
    } else if let number = try? value.decode(Double.self) {
      self = .number(number)
    } else if let text = try? value.decode(String.self) {
      self = .string(text)
    } else if let items = try? value.decode([JSON].self) {
      self = .array(items)
    } else {
      self = .object(try value.decode([String: JSON].self))
    }
  }

  /// As an editor reads a manifest: plain scalars are numbers and truth values where they can be.
  init(_ node: YAMLNode) {
    switch node.content {
    case .sequence(let items): self = .array(items.map { JSON($0) })
    case .mapping(let pairs):
      self = .object(
        Dictionary(pairs.map { ($0.name, JSON($0.value)) }, uniquingKeysWith: { $1 }))
    case .scalar(let scalar):
      if node.isNull {
        self = .null
      } else if scalar.isPlain, let number = Double(scalar.text) {
        self = .number(number)
      } else if scalar.isPlain, let bool = Bool(scalar.text) {
        self = .bool(bool)
      } else {
        self = .string(scalar.text)
      }
    }
  }

  var object: [String: JSON]? { if case .object(let value) = self { value } else { nil } }
  var array: [JSON]? { if case .array(let value) = self { value } else { nil } }
  var string: String? { if case .string(let value) = self { value } else { nil } }
  var number: Double? { if case .number(let value) = self { value } else { nil } }

  /// The names that JSON Schema has for what it is.
  var types: Set<String> {
    switch self {
    case .null: ["null"]
    case .bool: ["boolean"]
    case .number(let number): number == number.rounded() ? ["number", "integer"] : ["number"]
    case .string: ["string"]
    case .array: ["array"]
    case .object: ["object"]
    }
  }
}

/// The shipped schema, and as much of JSON Schema as it uses. A keyword that is not known here makes
/// a test fail instead of passing for an agreement.
struct Schema {
  let root: [String: JSON]

  /// The schemas that others refer to, by name.
  var definitions: [String: JSON] { root["$defs"]?.object ?? [:] }

  /// The maps among them.
  var maps: [String: [String: JSON]] {
    definitions.compactMapValues { $0.object?["properties"] == nil ? nil : $0.object }
  }

  /// The words of a definition that has nothing but words.
  func words(_ name: String) -> [String] {
    definitions[name]?.object?["enum"]?.array?.compactMap(\.string) ?? []
  }

  /// What it has against a value; empty when it takes it.
  func complaints(_ value: JSON) -> [String] { complaints(value, .object(root), "") }

  private func complaints(_ value: JSON, _ schema: JSON, _ path: String) -> [String] {
    guard let keywords = schema.object else {
      return schema == .bool(false) ? ["\(path): nothing may stand here"] : []
    }
    return keywords.sorted { $0.key < $1.key }.flatMap { keyword, rule in
      complaints(value, keyword, rule, keywords, path)
    }
  }

  private func complaints(
    _ value: JSON, _ keyword: String, _ rule: JSON, _ all: [String: JSON], _ path: String
  ) -> [String] {
    func unless(_ holds: Bool) -> [String] { holds ? [] : ["\(path): \(keyword)"] }
    switch keyword {
    case "$schema", "$defs", "title", "description", "default": return []
    case "$ref":
      let name = rule.string?.split(separator: "/").last.map(String.init) ?? ""
      guard let target = definitions[name] else { return ["\(path): no definition `\(name)`"] }
      return complaints(value, target, path)
    case "type":
      let types = rule.string.map { [$0] } ?? rule.array?.compactMap(\.string) ?? []
      return unless(!value.types.isDisjoint(with: types))
    case "enum": return unless(rule.array?.contains(value) == true)
    case "anyOf":
      return unless(rule.array?.contains { complaints(value, $0, path).isEmpty } == true)
    case "pattern", "minLength", "maxLength":
      return unless(value.string.map { fits($0, keyword, rule) } ?? true)
    case "minimum": return unless(value.number.map { $0 >= rule.number ?? 0 } ?? true)
    case "maximum": return unless(value.number.map { $0 <= rule.number ?? 0 } ?? true)
    case "minItems": return unless(value.array.map { Double($0.count) >= rule.number ?? 0 } ?? true)
    case "items":
      return (value.array ?? []).enumerated().flatMap {
        complaints($0.element, rule, "\(path)/\($0.offset)")
      }
    default: return mapComplaints(value, keyword, rule, all, path)
    }
  }

  private func mapComplaints(
    _ value: JSON, _ keyword: String, _ rule: JSON, _ all: [String: JSON], _ path: String
  ) -> [String] {
    guard let fields = value.object else { return [] }
    func unless(_ holds: Bool) -> [String] { holds ? [] : ["\(path): \(keyword)"] }
    switch keyword {
    case "required":
      return unless(rule.array?.allSatisfy { fields[$0.string ?? ""] != nil } == true)
    case "minProperties": return unless(Double(fields.count) >= rule.number ?? 0)
    case "maxProperties": return unless(Double(fields.count) <= rule.number ?? 0)
    case "propertyNames":
      return fields.keys.flatMap { complaints(.string($0), rule, "\(path)/\($0)") }
    case "properties":
      return fields.flatMap { name, value in
        rule.object?[name].map { complaints(value, $0, "\(path)/\(name)") } ?? []
      }
    case "additionalProperties":
      let known = all["properties"]?.object ?? [:]
      return fields.filter { known[$0.key] == nil }.flatMap {
        complaints($0.value, rule, "\(path)/\($0.key)")
      }
    default: return ["\(path): the test does not know the keyword `\(keyword)`"]
    }
  }

  private func fits(_ text: String, _ keyword: String, _ rule: JSON) -> Bool {
    switch keyword {
    case "minLength": Double(text.unicodeScalars.count) >= rule.number ?? 0
    case "maxLength": Double(text.unicodeScalars.count) <= rule.number ?? 0
    default:
      text.range(of: rule.string ?? "(?!)", options: .regularExpression) != nil
    }
  }
}

extension Schema {
  static func shipped(_ name: String = "civsync.schema.json") throws -> Schema {
    let text = try document("Manifests/schema/\(name)")
    let json = try JSONDecoder().decode(JSON.self, from: Data(text.utf8))
    return Schema(root: try #require(json.object))
  }

  /// What it has against a manifest.
  func complaints(manifest text: String) throws -> [String] {
    let (root, problems) = parseYAML(SourceFile(name: "civsync.yaml", text: text))
    try #require(problems.rendered() == "")
    return complaints(JSON(try #require(root)))
  }
}

/// A file of the checkout.
private func document(_ path: String) throws -> String {
  let tests = URL(filePath: #filePath).deletingLastPathComponent().resolvingSymlinksInPath()
  let root = tests.deletingLastPathComponent().deletingLastPathComponent()
  return try String(contentsOf: root.appending(path: path), encoding: .utf8)
}
