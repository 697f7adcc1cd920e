import CatalogueModel
import Core
import ManifestModel
import Planning
import Resolution

/// What a run is about, read from what the user wrote.
struct Selectors: Sendable {
  private let selectors: [EntrySelector]

  /// - Parameters:
  ///   - texts: as the user wrote them.
  ///   - known: every collection of the manifest and of the records.
  init(
    _ texts: [String], option: String, known collections: Set<String>, hosts: Set<String> = []
  ) throws(EngineError) {
    var selectors: [EntrySelector] = []
    for text in texts {
      guard let selector = EntrySelector(parsing: text, collections: collections, hosts: hosts)
      else {
        throw EngineError(
          "C160", "`\(text)` names nothing that \(option) could mean",
          help: "name a collection, a model (`123`, `123@456`, its address), a path or a pattern "
            + "such as `loras/*`, or a SHA-256", exit: .usage)
      }
      selectors.append(selector)
    }
    self.selectors = selectors
  }

  var isEmpty: Bool { selectors.isEmpty }

  func matches(_ entry: Entry) -> Bool { selectors.contains { $0.matches(entry) } }
  func matches(_ blocked: BlockedEntry) -> Bool { selectors.contains { $0.matches(blocked) } }

  /// Refuses a word that names nothing: more often a slip than a wish.
  func requireUse(
    among entries: [Entry], blocked: [BlockedEntry] = [], option: String,
    collections: Set<String>
  ) throws(EngineError) {
    for selector in selectors {
      if case .collection(let name) = selector.meaning, collections.contains(name) { continue }
      if entries.contains(where: selector.matches) { continue }
      if blocked.contains(where: selector.matches) { continue }
      let near = EntrySelector.near(selector.text, collections: collections, entries: entries)
      throw EngineError(
        "C161", "\(option): nothing that is declared or placed is meant by `\(selector.text)`",
        notes: near.isEmpty ? [] : ["near it: " + near.joined(separator: ", ")],
        help: "`civsync plan` and `civsync status` show paths, `civsync show` what is placed",
        exit: .usage)
    }
  }
}

extension Survey {
  /// Every collection that the manifest declares or the records name.
  var collectionNames: Set<String> {
    Set(manifest.collections.map(\.name)).union(former.flatMap(\.file.collections))
  }

  /// Leaves everything as it is recorded but what the request is about.
  mutating func narrow(_ request: PlanRequest) throws(EngineError) {
    let names = collectionNames
    let hosts = Set(manifest.endpoints.map(\.host))
    let targets = try Selectors(
      request.targets, option: "`--target`", known: names, hosts: hosts)
    let exclusions = try Selectors(
      request.exclusions, option: "`--exclude`", known: names, hosts: hosts)
    if targets.isEmpty, exclusions.isEmpty { return }
    let known = plan.result + former
    try targets.requireUse(
      among: known, blocked: plan.blocked, option: "`--target`", collections: names)
    try exclusions.requireUse(
      among: known, blocked: plan.blocked, option: "`--exclude`", collections: names)
    let isMeant: @Sendable (Entry) -> Bool = {
      (targets.isEmpty || targets.matches($0)) && !exclusions.matches($0)
    }
    plan = plan.narrowed(to: isMeant, former: former, world: world)
    plan.blocked = plan.blocked.filter {
      (targets.isEmpty || targets.matches($0)) && !exclusions.matches($0)
    }
    self.isMeant = isMeant
  }

  /// Without a network nothing can be fetched: what needs it is blocked.
  mutating func stayOffline() {
    let fetched = plan.actions.filter { $0.source == .network }
    plan = plan.cut(former: former, world: world) { $0.source == .network }
    plan.blocked = Self.blocking(fetched, .offline, beside: plan.blocked)
    plan.unanswered = []
  }

  /// Puts off what does not fit on the disk: new files, those that their budgets name last first.
  /// What is placed already comes before anything new.
  mutating func fit() {
    guard !plan.space.fits, let free = plan.space.free else { return }
    let order = FitOrder(manifest)
    let whole = plan
    let creates = Dictionary(
      grouping: whole.actions.filter { $0.kind == .create }, by: { $0.entry?.identity })
    let new = creates.values.compactMap { $0.first?.entry }.sorted(by: order.precedes)
    let others = whole.cut(former: former, world: world) { $0.kind == .create }
    var room = free.bytes - plan.space.reserve.bytes - others.space.needed.bytes
    var out: Set<EntryIdentity> = []
    for entry in new {
      let cost = SpaceNeed(creates[entry.identity] ?? [], world).needed.bytes
      if cost > max(0, room) { out.insert(entry.identity) } else { room -= cost }
    }
    func isOut(_ action: Action) -> Bool {
      action.kind == .create && (action.entry.map { out.contains($0.identity) } ?? false)
    }
    plan = whole.cut(former: former, world: world, dropping: isOut)
    plan.blocked = Self.blocking(whole.actions.filter(isOut), .space, beside: plan.blocked)
  }

  private static func blocking(
    _ actions: [Action], _ reason: BlockedReason, beside blocked: [BlockedEntry]
  ) -> [BlockedEntry] {
    var seen: Set<EntryIdentity> = []
    let more = actions.compactMap(\.entry).filter { seen.insert($0.identity).inserted }.map {
      BlockedEntry($0, reason)
    }
    return BlockedEntry.inOrder(blocked + more)
  }
}

/// In which order new entries are taken where not all fit: as their collection's budget says, else
/// the newest first. Counters of the site are not known of entries: then the newest too.
private struct FitOrder {
  private let orders: [String: TakeOrder]

  init(_ manifest: Manifest) {
    orders = Dictionary(
      manifest.collections.compactMap { collection in
        collection.budget.map { (collection.name, $0.order) }
      }, uniquingKeysWith: { first, _ in first })
  }

  /// Whether the first is taken before the second.
  func precedes(_ left: Entry, _ right: Entry) -> Bool {
    let order = left.file.collections.lazy.compactMap { orders[$0] }.first ?? .newest
    let earliest = Timestamp(milliseconds: .min)
    let (first, second) = (
      left.version.publishedAt ?? earliest, right.version.publishedAt ?? earliest
    )
    switch order {
    case .smallest where left.file.bytes != right.file.bytes:
      return left.file.bytes < right.file.bytes
    case .oldest where first != second: return first < second
    default: return (first, left.identity) > (second, right.identity)
    }
  }
}
