import CatalogueModel
import CivsyncCLI
import Core
import Planning
import Resolution
import Testing

/// Values that the views' tests show.
enum Sample {
  static func place(_ path: String, tree: TreeName = .main) throws -> Place {
    Place(tree: tree, path: try #require(TreePath(path)))
  }

  /// A digest that begins with the number's hexadecimal digits.
  static func digest(_ number: Int) throws -> Digest {
    let digits = String(number, radix: 16)
    return try #require(Digest(hex: digits + String(repeating: "0", count: 64 - digits.count)))
  }

  static func entry(
    _ id: Int64, _ name: String, version: String = "v1", bytes: Int64 = 151_000_000,
    digest: Int = 0xabc, state: RecordedState = .current
  ) throws -> Entry {
    Entry(
      model: RecordedModel(id: ModelID(id), name: name, type: "LORA", creator: "some_creator"),
      version: RecordedVersion(id: VersionID(id * 10), name: version, baseModel: "SDXL 1.0"),
      file: RecordedFile(
        id: FileID(id * 100), name: "\(name).safetensors", digest: try Self.digest(digest),
        bytes: ByteCount(bytes), collections: ["base"], state: state))
  }

  static func action(
    _ kind: ActionKind, _ path: String, _ entry: Entry? = nil, from: String? = nil,
    former: Entry? = nil, source: ByteSource = .none, aside: Bool = false, reason: String? = nil
  ) throws -> Action {
    Action(
      kind: kind, place: try place(path), from: try from.map { try place($0) }, entry: entry,
      former: former, source: source, movesAside: aside, reason: reason)
  }

  static func blocked(_ id: Int64, _ title: String, _ reason: BlockedReason) -> BlockedEntry {
    BlockedEntry(
      model: ModelID(id), version: VersionID(id * 10), file: FileID(id * 100), title: title,
      reason: reason, collections: ["base"])
  }

  static let goneUser = BlockedEntry(title: "user `nobody`", reason: .gone)

  /// A plan with something of every kind.
  static func richPlan() throws -> Plan {
    var plan = Plan(kept: 240)
    plan.actions = try [
      action(
        .create, "checkpoints/dreamshaperXL_v21TurboDPMSDE.safetensors",
        entry(1, "DreamShaper XL", version: "v2.1 Turbo", bytes: 6_938_000_000), source: .network),
      action(.create, "loras/detail.safetensors", entry(2, "Detail"), source: .network),
      action(.create, "loras/portrait.safetensors", entry(3, "Portrait"), source: .store),
      action(.adopt, "vae/mine.safetensors", entry(4, "Sharp VAE"), source: .place),
      action(.move, "loras/new/a.safetensors", entry(5, "Alpha"), from: "loras/a.safetensors"),
      action(.repair, "loras/b.safetensors", entry(6, "Beta"), reason: "missing"),
      action(
        .repair, "loras/c.safetensors", entry(7, "Gamma"), aside: true, reason: "size changed"),
      action(
        .replace, "loras/d_v2.safetensors",
        entry(8, "Delta", version: "v2", bytes: 160_000_000, digest: 0xdef),
        from: "loras/d_v1.safetensors", former: entry(8, "Delta"), source: .network, aside: true,
        reason: "version v1 → v2"),
      action(
        .remove, "embeddings/easynegative.safetensors", former: entry(9, "EasyNegative"),
        reason: "no longer selected by the manifest"),
      action(
        .release, "vae/old.safetensors", former: entry(10, "Old VAE"),
        reason: "no longer selected by the manifest"),
    ]
    plan.blocked = [
      blocked(20, "Realistic · v6", .loginRequired),
      blocked(21, "Painter · v2", .gated(until: Timestamp("2026-12-24"))),
      blocked(22, "Painter II · v2", .gated(until: Timestamp("2026-12-24"))),
      blocked(23, "Known one · v1", .noDigest), goneUser,
      blocked(24, "Known two · v1", .gone),
      blocked(25, "Known three · v1", .quota),
    ]
    plan.replaced = [
      ReplacedFile(
        key: FileKey(model: 30, version: 300, file: 3_000), title: "Swapped · v1",
        kept: try digest(0x111), offered: try digest(0x222))
    ]
    plan.marks = try [
      Mark(entry: entry(40, "Older", state: .superseded), was: .current),
      Mark(entry: entry(41, "Hidden", state: .withdrawn), was: .current),
      Mark(entry: entry(42, "Back", state: .current), was: .withdrawn),
    ]
    plan.notes = [.renamed(2, from: "Detail", to: "Detail Tweaker")]
    plan.unanswered = [UnansweredSelector(selector: "user `x`", reason: "timed out after 10 s")]
    plan.space = SpaceNeed(
      fetch: ByteCount(7_249_000_000), inStore: ByteCount(151_000_000),
      needed: ByteCount(7_400_000_000), free: ByteCount(88_000_000_000))
    return plan
  }

  /// The keys of the entries of `richPlan` that an earlier plan showed.
  static func knownKeys() throws -> Set<BlockedKey> {
    Set(try richPlan().blocked.filter { ($0.model?.rawValue ?? 24) > 22 }.map(BlockedKey.init))
  }
}
