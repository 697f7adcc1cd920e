import CatalogueModel
import Core
import Diagnostics
import ManifestModel

/// The manifest's `policy:` held against single files. What all of them come to together is
/// ``Budgets``' part.
struct PolicyRules {
  private let policy: PolicySpec

  init(_ policy: PolicySpec) { self.policy = policy }

  /// The rule that does not let a file in which nobody has yet.
  func refusal(_ model: Model, _ version: Version, _ file: File) -> BlockedReason? {
    if let rule = policy.formats, !Self.allows(rule.value, file.format) {
      return Self.blocked("formats", at: rule)
    }
    if let rule = policy.scan, !rule.value.admits(file.scan) {
      return Self.blocked("scan", at: rule)
    }
    if let rule = policy.commercialUse, !Self.allowsAll(rule.value, model.commercialUse) {
      return Self.blocked("commercialUse", at: rule)
    }
    if let rule = policy.baseModels,
      !rule.value.contains(where: { $0.matches(version.baseModel) })
    {
      return Self.blocked("baseModels", at: rule)
    }
    return refusal(of: file.approximateBytes ?? .zero)
  }

  /// The one rule for single files that looks at an object of the manifest too: it is the user's
  /// own word that declares it.
  func refusal(of bytes: ByteCount) -> BlockedReason? {
    guard let rule = policy.maxFile, bytes > rule.value else { return nil }
    return Self.blocked("maxFile", at: rule)
  }

  private static func blocked<Value>(_ rule: String, at place: Located<Value>) -> BlockedReason {
    .policy(rule: "policy.\(rule)", at: place.span.description)
  }

  /// How many of the placed files do not meet which rule, by what is recorded of them, and by what
  /// the catalogue shows today where nothing is recorded of it. Rules that all meet are left out.
  func unmet(by entries: [Entry], today: [ModelID: Model]) -> [PolicyShortfall] {
    var counts: [String: Int] = [:]
    for entry in entries {
      for rule in rulesUnmet(by: entry, today[entry.model.id]) { counts[rule, default: 0] += 1 }
    }
    if let limit = policy.maxTotal {
      let sizes = Dictionary(
        entries.map { ($0.digest, $0.file.bytes) }, uniquingKeysWith: { first, _ in first })
      if sizes.values.reduce(.zero, +) > limit.value {
        counts["policy.maxTotal"] = sizes.count
      }
    }
    return counts.sorted { $0.key < $1.key }.map { PolicyShortfall(rule: $0.key, files: $0.value) }
  }

  private func rulesUnmet(by entry: Entry, _ model: Model?) -> [String] {
    var rules: [String] = []
    if refusal(of: entry.file.bytes) != nil { rules.append("policy.maxFile") }
    if entry.isObject { return rules }
    if let rule = policy.formats, !Self.allows(rule.value, entry.file.format) {
      rules.append("policy.formats")
    }
    if let rule = policy.baseModels,
      !rule.value.contains(where: { $0.matches(entry.version.baseModel) })
    {
      rules.append("policy.baseModels")
    }
    guard let model else { return rules }
    if let rule = policy.commercialUse, !Self.allowsAll(rule.value, model.commercialUse) {
      rules.append("policy.commercialUse")
    }
    let file = model.versions.first { $0.id == entry.version.id }?.files.first {
      $0.id == entry.file.id && $0.digest == entry.digest
    }
    if let rule = policy.scan, let file, !rule.value.admits(file.scan) {
      rules.append("policy.scan")
    }
    return rules
  }

  private static func allows(_ words: [String], _ word: String?) -> Bool {
    guard let word else { return false }
    return words.contains { sameWord($0, word) }
  }

  private static func allowsAll(_ uses: [String], _ allowed: [String]?) -> Bool {
    uses.allSatisfy { use in (allowed ?? []).contains { sameWord($0, use) } }
  }
}

extension ScanPolicy {
  /// Whether a file with this result may be taken.
  func admits(_ state: ScanState) -> Bool {
    switch state {
    case .success: true
    case .pending: self != .requireSuccess
    case .error, .danger: self == .allowDanger
    }
  }
}
