import CatalogueModel
import Core
import GitStore
import Planning
import Resolution
import SystemIO
import Testing
import Tree

@testable import Engine

struct `What is kept of a snapshot` {
  let commit: CommitID
  let trees: [TreeRoot]

  init() throws {
    commit = try #require(CommitID(hex: String(repeating: "ab", count: 20)))
    trees = [
      TreeRoot(name: .main, root: try #require(AbsolutePath("/models"))),
      TreeRoot(name: TreeName("zoo"), root: try #require(AbsolutePath("/zoo with spaces"))),
    ]
  }

  func list(_ entries: [Entry]) -> PlacedList {
    PlacedList(commit: commit, trees: trees, entries: entries)
  }

  @Test func `comes back from its bytes`() throws {
    var adopted = entry(3, at: "loras/ä·星空.safetensors", "loras/ä·星.safetensors")
    adopted.file.origin = .adopted
    var other = entry(4, at: "b")
    other.file.places.append(Place(tree: TreeName("zoo"), path: try #require(TreePath("x/y"))))
    other.file.bytes = ByteCount(1 << 50)
    for entries in [[], [adopted], [adopted, other, entry(5, at: "loras/a", "loras")]] {
      let list = list(entries)
      #expect(list.spots.count == entries.reduce(0) { $0 + $1.file.places.count })
      #expect(PlacedList(bytes: list.bytes) == list)
    }
  }

  @Test func `is sorted by place, and has each place once`() {
    let list = list([entry(2, at: "b", "a"), entry(1, at: "c"), entry(2, at: "a", content: 2)])
    #expect(list.spots.map(\.place.path.string) == ["a", "b", "c"])
  }

  @Test func `is nothing when the bytes are cut, longer or other ones`() {
    let bytes = list([entry(1, at: "loras/a"), entry(2, at: "loras/b")]).bytes
    for count in bytes.indices { #expect(PlacedList(bytes: Array(bytes[..<count])) == nil) }
    #expect(PlacedList(bytes: bytes + [0]) == nil)
    // A tree that is not there, a path that leaves its tree, a number without an end.
    let text = Array("civsync-placed 2\n".utf8)
    #expect(PlacedList(bytes: text + [UInt8](repeating: 0xff, count: 40)) == nil)
    #expect(PlacedList(bytes: list([entry(1, at: "a")]).bytes.dropLast() + [0x2f]) == nil)
  }

  @Test func `a quiet plan comes back from its bytes, and one with something to say is none`() {
    let blocked = BlockedEntry(
      model: ModelID(7), version: VersionID(-3), title: "model 7", reason: .offline,
      collections: ["a", "b"])
    var plan = Plan(
      blocked: [blocked, BlockedEntry(title: "", reason: .offline)],
      notes: [
        .unknownFolder(type: "HoloScene", folder: "holoscene"),
        .filteredOut(ModelID(7), collection: "c", by: "tags"),
      ], kept: 20_000)
    let memo = QuietMemo(plan, origin: digest(9))
    #expect(memo?.kept == 20_000)
    #expect(memo?.notes.map(\.text) == plan.notes.map(\.text))
    #expect(memo?.notes.map(\.coded.code) == plan.notes.map(\.coded.code))
    #expect(memo?.notes.map(\.coded.model) == plan.notes.map(\.coded.model))
    #expect(memo.flatMap { QuietMemo(bytes: $0.bytes) } == memo)
    if let memo {
      for count in memo.bytes.indices {
        #expect(QuietMemo(bytes: Array(memo.bytes[..<count])) == nil)
      }
    }
    plan.notes = [.unknownUser("x", collection: "y")]
    #expect(QuietMemo(plan, origin: digest(9)) == nil)
    plan = Plan(blocked: [BlockedEntry(title: "x", reason: .gone)])
    #expect(QuietMemo(plan, origin: digest(9)) == nil)
    plan = Plan(unanswered: [UnansweredSelector(selector: "user", reason: "away")])
    #expect(QuietMemo(plan, origin: digest(9)) == nil)
    plan = Plan(actions: [Action(kind: .remove, place: place("a"))])
    #expect(QuietMemo(plan, origin: digest(9)) == nil)
  }

  @Test func `civsync's own files are no place for a model`() throws {
    let root = try #require(AbsolutePath("/models"))
    let own = ReservedPaths(
      ["/models/.git", "/models/deep/.civsync", "/elsewhere"].compactMap { AbsolutePath($0) },
      others: [TreeName("inner"): root.appending("vae")], in: root)
    func owner(_ path: String) -> String? { TreePath(path).flatMap { own.objection(to: $0) } }
    #expect(owner(".git") == "`.git` is civsync's own")
    #expect(owner("deep/.civsync/store/x") == "`.civsync` is civsync's own")
    #expect(owner(".gitignore") == nil)
    #expect(owner("deep") == nil)
    #expect(owner("elsewhere") == nil)
    #expect(owner("vae/a") == "it is in tree `inner`")
    let around = ReservedPaths([root], in: root.appending("below"))
    #expect(TreePath("any").flatMap { around.objection(to: $0) } == "`models` is civsync's own")
  }
}
