import CatalogueModel
import Core
import Diagnostics
import ManifestModel

/// Something new that collections ask for, and what its turn is decided by.
struct Candidate {
  var entry: Entry
  /// The collections that ask for it.
  var collections: [Int]
  var downloads: Int64?
  var thumbsUp: Int64?
  /// Nothing has to be fetched for it.
  var isStored: Bool

  fileprivate var rank: TakeRank {
    TakeRank(
      published: entry.version.publishedAt, downloads: downloads, thumbsUp: thumbsUp,
      bytes: entry.file.bytes > .zero ? entry.file.bytes : nil,
      ids: [entry.key.model.rawValue, entry.key.version.rawValue, entry.key.file.rawValue])
  }
}

/// Which new entries still fit what the manifest allows in bytes.
///
/// What is known counts first and is never put off. New ones are gone through in order; one that
/// does not fit is passed over, and a later one that does is taken. Each content counts once. A
/// length that is not told counts as nothing.
struct Budgets {
  private let manifest: Manifest
  /// What is known, with the collections that mean it.
  private let known: [(entry: Entry, collections: [Int])]

  init(_ manifest: Manifest, known: [(entry: Entry, collections: [Int])]) {
    self.manifest = manifest
    self.known = known
  }

  /// For each candidate, the collections that cannot take it, and why.
  func refusals(_ candidates: [Candidate]) -> [EntryIdentity: [Int: BlockedReason]] {
    var refusals: [EntryIdentity: [Int: BlockedReason]] = [:]
    for (index, collection) in manifest.collections.enumerated() {
      guard let budget = collection.budget else { continue }
      var tally = Tally(known.filter { $0.collections.contains(index) }.map(\.entry))
      let asked = candidates.filter { $0.collections.contains(index) }
      for candidate in asked.sorted(by: { budget.order.precedes($0.rank, $1.rank) }) {
        if let rule = tally.exceeded(budget, by: candidate) {
          refusals[candidate.entry.identity, default: [:]][index] = .budget(
            rule: rule.name, at: rule.place)
        } else {
          tally.add(candidate.entry, isFetched: !candidate.isStored)
        }
      }
    }
    // A content that is here anyway costs nothing, whoever has it.
    var here = Set(known.map(\.entry.digest))
    for candidate in candidates {
      let refusing = refusals[candidate.entry.identity] ?? [:]
      if candidate.collections.contains(where: { refusing[$0] == nil }) {
        here.insert(candidate.entry.digest)
      }
    }
    return refusals.filter { !here.contains($0.key.digest) }
  }

  /// Those that do not fit `policy.maxTotal`, which looks at all files together. The newest go
  /// first.
  func overTotal(_ candidates: [Candidate]) -> [EntryIdentity: BlockedReason] {
    guard let limit = manifest.policy.maxTotal else { return [:] }
    var tally = Tally(known.map(\.entry))
    var over: [EntryIdentity: BlockedReason] = [:]
    for candidate in candidates.sorted(by: { TakeOrder.newest.precedes($0.rank, $1.rank) }) {
      if tally.total + tally.cost(of: candidate.entry) > limit.value {
        over[candidate.entry.identity] = .policy(
          rule: "policy.maxTotal", at: limit.span.description)
      } else {
        tally.add(candidate.entry, isFetched: !candidate.isStored)
      }
    }
    for candidate in candidates where tally.cost(of: candidate.entry) == .zero {
      over[candidate.entry.identity] = nil
    }
    return over
  }
}

/// Bytes as they add up.
private struct Tally {
  private(set) var total = ByteCount.zero
  private var fetched = ByteCount.zero
  private var byUser: [String: ByteCount] = [:]
  /// A length may be told of one file with a content and not of another.
  private var counted: [Digest: ByteCount] = [:]

  init(_ known: [Entry]) {
    for entry in known { add(entry, isFetched: false) }
  }

  func cost(of entry: Entry) -> ByteCount {
    ByteCount(max(0, entry.file.bytes.bytes - (counted[entry.digest] ?? .zero).bytes))
  }

  mutating func add(_ entry: Entry, isFetched: Bool) {
    let cost = cost(of: entry)
    counted[entry.digest, default: .zero] += cost
    total += cost
    if isFetched { fetched += cost }
    if let user = entry.model.creator?.lowercased() { byUser[user, default: .zero] += cost }
  }

  /// The rule that would be broken; what costs nothing breaks none.
  func exceeded(_ budget: BudgetSpec, by candidate: Candidate) -> (name: String, place: String)? {
    let cost = cost(of: candidate.entry)
    guard cost > .zero else { return nil }
    if let limit = budget.total, total + cost > limit.value {
      return ("budget.total", limit.span.description)
    }
    if let limit = budget.perUser, let user = candidate.entry.model.creator?.lowercased(),
      byUser[user, default: .zero] + cost > limit.value
    {
      return ("budget.perUser", limit.span.description)
    }
    if let limit = budget.perRun, !candidate.isStored, fetched + cost > limit.value {
      return ("budget.perRun", limit.span.description)
    }
    return nil
  }
}
