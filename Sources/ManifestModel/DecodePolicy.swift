internal import Core
internal import Diagnostics
internal import YAMLSource

/// Uses of a model that its creator may allow, in the site's own words.
package enum CommercialUse: String, CaseIterable, Hashable, Sendable {
  case image = "Image"
  case rent = "Rent"
  case rentCivit = "RentCivit"
  case sell = "Sell"
}

/// Which snapshots with a tag are kept.
package enum KeptTags: String, CaseIterable, Hashable, Sendable {
  case all, none
}

/// `policy:`, `keep:` and `checks:`.
extension Decoder {
  static let rulesKeys = ["formats", "scan", "commercialUse", "baseModels", "maxFile", "maxTotal"]
  static let keepKeys = ["last", "within", "tags"]
  static let checkKeys = ["name", "run", "timeout"]

  func policy(_ node: YAMLNode?) -> PolicySpec {
    var policy = PolicySpec()
    guard let node,
      let fields = fields(
        node, of: "`policy`", known: Self.rulesKeys,
        example: "`policy: { formats: [SafeTensor], maxFile: 30GB }`")
    else { return policy }
    func required<Value>(_ key: String, _ read: (YAMLNode, String) -> [Value]) -> Located<[Value]>?
    {
      fields[key].map { node in
        requireSome(node, "`\(key)`")
        return Located(read(node, "`\(key)`"), at: node.span)
      }
    }
    policy.formats = required("formats") {
      words($0, $1, of: "formats", known: SiteWords.formats)
    }
    policy.scan = fields["scan"].flatMap { node in
      choice(node, "`scan`").map { Located($0, at: node.span) }
    }
    policy.commercialUse = required("commercialUse") { node, what in
      items(node, what, of: "uses").compactMap {
        choice($0, what, as: CommercialUse.self)?.rawValue
      }
    }
    policy.baseModels = required("baseModels") {
      patterns($0, $1, of: "base models").map(\.value)
    }
    policy.maxFile = locatedSize(fields["maxFile"], "`maxFile`")
    policy.maxTotal = locatedSize(fields["maxTotal"], "`maxTotal`")
    return policy
  }

  func keep(_ node: YAMLNode?) -> KeepSpec {
    var keep = KeepSpec()
    guard let node,
      let fields = fields(
        node, of: "`keep`", known: Self.keepKeys,
        example: "`keep: { last: 10, within: 90d, tags: all }`")
    else { return keep }
    if let node = fields["last"] {
      let help = "say how many snapshots: 0 or more"
      keep.last = number(node, "`last`", 0...1_000_000, help: help).map { Int($0) } ?? keep.last
    }
    if let node = fields["within"] {
      let help = "say how many days: `90d`"
      let seconds = duration(node, "`within`", 0...86_400 * 36_500, help: help)
      if let seconds, seconds % 86_400 != 0 {
        report(
          .badDuration, "`within` is no whole number of days", at: node.span, help: help)
      } else if let seconds {
        keep.withinDays = seconds / 86_400
      }
    }
    if let node = fields["tags"] {
      keep.tagged = choice(node, "`tags`", as: KeptTags.self).map { $0 == .all } ?? keep.tagged
    }
    return keep
  }

  func checks(_ node: YAMLNode?) -> [CheckSpec] {
    guard let node else { return [] }
    var checks: [CheckSpec] = []
    for item in items(node, "`checks`", of: "checks") {
      guard let check = check(item) else { continue }
      if let other = checks.first(where: { $0.name == check.name }) {
        report(
          .badName, "two checks have the name \(quoted(check.name))", at: check.span,
          secondary: [Diagnostic.Label(span: other.span, text: "the other one")],
          help: "give each its own")
      }
      checks.append(check)
    }
    return checks
  }

  private func check(_ node: YAMLNode) -> CheckSpec? {
    let example = "`{ name: loads, run: ./smoke-test.sh, timeout: 60s }`"
    guard let fields = fields(node, of: "a check", known: Self.checkKeys, example: example) else {
      return nil
    }
    let timeout = fields["timeout"].flatMap {
      duration(
        $0, "`timeout`", 1...86_400,
        help: "write a whole number and its unit, up to a day: `60s`, `5m`, `2h`")
    }
    func required(_ key: String) -> Located<String>? {
      guard let node = fields[key] else {
        wrongType(
          node, "a check", expected: "a map that has `\(key)`", help: "for example: \(example)")
        return nil
      }
      return text(node, "`\(key)`").map { Located($0, at: node.span) }
    }
    let name = required("name")
    let run = required("run")
    guard let name, let run else { return nil }
    return CheckSpec(
      name: name.value, command: run.value, timeoutSeconds: timeout ?? 60, span: name.span)
  }
}
