import CatalogueModel

/// What cannot be had, by whose hand it could change: what an earlier plan told is counted by
/// reason, what is new is named under its reason and cure.
struct BlockedSection {
  private let known: [BlockedEntry]
  private let byUs: [BlockedEntry]
  private let upstream: [BlockedEntry]

  init(_ blocked: [BlockedEntry], known keys: Set<BlockedKey>) {
    // A folder is one line: it is said each time.
    let isKnown = { (entry: BlockedEntry) in
      entry.reason.folder == nil && keys.contains(BlockedKey(entry))
    }
    known = blocked.filter(isKnown)
    let new = blocked.filter { !isKnown($0) }
    byUs = new.filter(\.reason.isByUs)
    upstream = new.filter { !$0.reason.isByUs }
  }

  func write(to page: inout Page) {
    if !known.isEmpty {
      page.heading("Still blocked: \(Measures.count(known.count, "entry", "entries"))")
      page.paragraph(counts, indent: 2)
    }
    list("Blocked, and you can change it", byUs, &page)
    list("Blocked upstream", upstream, &page)
  }

  /// `2 login needed, 3 gone`: by us first, then as often as they are.
  private var counts: String {
    var counts: [String: (reason: BlockedReason, count: Int)] = [:]
    for entry in known {
      counts[entry.reason.code, default: (entry.reason, 0)].count += 1
    }
    return counts.values.sorted { left, right in
      if left.reason.isByUs != right.reason.isByUs { return left.reason.isByUs }
      return (-left.count, left.reason.code) < (-right.count, right.reason.code)
    }.map { "\($0.count) \($0.reason.name)" }.joined(separator: ", ")
  }

  private func list(_ title: String, _ entries: [BlockedEntry], _ page: inout Page) {
    guard !entries.isEmpty else { return }
    page.heading("\(title): \(Measures.count(entries.count, "entry", "entries"))", .attention)
    var texts: [String] = []
    var groups: [String: [BlockedEntry]] = [:]
    for entry in entries {
      let text = entry.reason.text
      if groups[text] == nil { texts.append(text) }
      groups[text, default: []].append(entry)
    }
    for text in texts {
      page.paragraph(text, indent: 2)
      let group = groups[text] ?? []
      if let behind = Self.behind(group) {
        page.item("x", behind, indent: 4, meaning: .removed)
        continue
      }
      for entry in group {
        page.item(
          "x", DisplayText.title(entry.title) + Self.ids(entry), indent: 4, meaning: .removed)
      }
    }
  }

  /// What is behind a folder, counted: there may be thousands.
  static func behind(_ entries: [BlockedEntry]) -> String? {
    guard entries.first?.reason.folder != nil else { return nil }
    let titles = entries.prefix(3).map { DisplayText.title($0.title) }.joined(separator: ", ")
    let more = entries.count > 3 ? " and \(entries.count - 3) more" : ""
    return "\(Measures.count(entries.count, "file")) behind it: \(titles)\(more)"
  }

  /// ` (101055@128713)`, as far as it is known and anybody's but civsync's.
  private static func ids(_ entry: BlockedEntry) -> String {
    guard let model = entry.model, !model.isObject else { return "" }
    return " (\(model)" + (entry.version.map { "@\($0)" } ?? "") + ")"
  }
}

extension BlockedReason {
  /// A word or two, for counts.
  var name: String {
    switch self {
    case .loginRequired: "login needed"
    case .tokenRefused: "token refused"
    case .quota: "over the site's quota"
    case .region: "not in this region"
    case .fileInTheWay: "with a file in the way"
    case .pathUnsafe: "with an unsafe path"
    case .folderUnusable: "behind a folder that cannot be used"
    case .policy: "against the policy"
    case .budget: "over the budget"
    case .space: "without room on the disk"
    case .offline: "not here, and offline"
    case .objectMissing: "without a source"
    case .addressRefused: "refused at its address"
    case .gated: "early access"
    case .noGrant: "not granted"
    case .downloadsDisabled: "downloads disabled"
    case .archived: "archived"
    case .takenDown: "taken down"
    case .gone: "gone"
    case .scanFailed: "failed the scan"
    case .scanPending: "scan pending"
    case .noDigest: "no digest"
    case .noMatchingFile: "no matching file"
    }
  }
}
