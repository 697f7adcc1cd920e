internal import Core
internal import Diagnostics
internal import YAMLSource

/// What `versions:` says: a word or map is a policy, a list selects.
enum VersionsValue {
  case policy(VersionPolicy)
  case ids([Located<VersionID>])
}

extension Decoder {
  static let policyWords = ["latest", "all", "latest-per-base-model"]
  /// Of the map that says a policy.
  static let policyKeys = ["newest", "since"]
  private static let policyExpected = "a policy or a list of version ids"

  func versions(_ node: YAMLNode) -> VersionsValue? {
    switch node.content {
    case .sequence(let items):
      return .ids(
        items.compactMap { item in
          id(item, "a version id", as: VersionID.self).map { Located($0, at: item.span) }
        })
    case .mapping: return policyMap(node).map { .policy($0) }
    case .scalar(let scalar):
      switch scalar.text {
      case "latest": return .policy(.latest)
      case "all": return .policy(.all)
      case "latest-per-base-model": return .policy(.latestPerBaseModel)
      default: break
      }
      if node.isNull || VersionID(parsing: scalar.text) != nil {
        wrongType(
          node, "`versions`", expected: Self.policyExpected,
          help: node.isNull
            ? "for example `latest`, `all`, `newest: 3` or `since: 2025-01-01`"
            : "`[\(scalar.text)]` selects that version, `newest: \(scalar.text)` takes so many")
      } else {
        versionsWord(scalar.text, node)
      }
      return nil
    }
  }

  private func versionsWord(_ word: String, _ node: YAMLNode) {
    let words = Self.policyWords + ["newest", "since"]
    switch nearest(word, among: words) {
    case "newest":
      report(
        .badChoice, "`versions` cannot be \(quoted(word))", at: node.span,
        help: "say how many: `{ newest: 3 }`")
    case "since":
      report(
        .badChoice, "`versions` cannot be \(quoted(word))", at: node.span,
        help: "say since when: `{ since: 2025-01-01 }`")
    default: badChoice(word, "`versions`", at: node.span, words: Self.policyWords)
    }
  }

  private func policyMap(_ node: YAMLNode) -> VersionPolicy? {
    guard
      let fields = fields(
        node, of: "`versions`", known: Self.policyKeys, example: "`versions: { newest: 3 }`")
    else { return nil }
    if let newest = fields.pairs["newest"], let since = fields.pairs["since"] {
      report(
        .wrongType, "`versions` takes `newest` or `since`, not both", at: since.keySpan,
        secondary: [Diagnostic.Label(span: newest.keySpan, text: "the other one")],
        help: "remove one of them")
      return nil
    }
    if let node = fields["newest"] { return newest(node) }
    if let node = fields["since"] { return day(node, "`since`").map { .since($0) } }
    if case .mapping(let pairs) = node.content, pairs.isEmpty {
      wrongType(node, "`versions`", expected: Self.policyExpected)
    }
    return nil
  }

  private func newest(_ node: YAMLNode) -> VersionPolicy? {
    guard let text = text(node, "`newest`", expected: "a number") else { return nil }
    if let count = Int(text), count >= 1, count <= 1_000_000 { return .newest(count) }
    report(
      .badNumber, "`newest` cannot be \(quoted(text))", at: node.span,
      help: "say how many versions: 1 or more")
    return nil
  }

  /// A day of the calendar, as it is written.
  func day(_ node: YAMLNode, _ what: String) -> String? {
    guard let text = text(node, what, expected: "a date") else { return nil }
    if CalendarDay.isValid(text) { return text }
    report(
      .badDate, "\(quoted(text)) is not a date", at: node.span,
      help: "write year, month and day: `2025-01-31`")
    return nil
  }
}

/// Days of the Gregorian calendar.
enum CalendarDay {
  /// Whether the text is a real day, written `2025-01-31`.
  static func isValid(_ text: String) -> Bool {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.map(\.utf8.count) == [4, 2, 2],
      text.utf8.allSatisfy({ $0 == UInt8(ascii: "-") || (0x30...0x39).contains($0) }),
      let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]),
      year >= 1_970, (1...12).contains(month)
    else { return false }
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return (1...lengths[month - 1]).contains(day)
  }
}
