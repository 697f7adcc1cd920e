import CatalogueModel
import CivsyncCLI
import Core
import FoundationEssentials
import Planning
import Resolution
import Testing

@Suite struct `The plan for programs` {
  @Test func `has every key in a fixed order`() throws {
    var plan = try Sample.richPlan()
    plan.actions = [plan.actions[7]]
    plan.blocked = try [
      plan.blocked[1], Sample.goneUser,
      Sample.blocked(5, "In the way · v1", .fileInTheWay(Sample.place("vae/x.pt"))),
    ]
    plan.marks = [plan.marks[0]]
    #expect(String(decoding: PlanJSON.encode(plan), as: UTF8.self) == PlanGolden.json)
  }

  @Test func `names the entry that must stand first`() throws {
    let entry = try Sample.entry(8, "Delta")
    var action = try Sample.action(.remove, "a", former: entry)
    action.requires = entry.identity
    let text = PlanJSON.node(Plan(actions: [action])).text
    #expect(
      text.contains(
        #""requires":{"model":8,"version":80,"file":800,"sha256":"\#(entry.digest.hex)"}"#))
  }

  @Test func `gives every note a word of its own`() {
    let notes: [ResolutionNote] = [
      .renamed(1, from: "a", to: "b"), .unknownFolder(type: "X", folder: "other/X"),
      .fallbackAnswered(selector: "user `a`", held: 2),
      .filteredOut(2, collection: "c", by: "types"), .olderOffered(3, kept: "v2", offered: "v1"),
      .unknownUser("a", collection: "c"),
    ]
    let text = PlanJSON.node(Plan(notes: notes)).text
    for (code, model) in [
      ("renamed", "1"), ("unknown-folder", "null"), ("fallback-answered", "null"),
      ("filtered-out", "2"), ("older-offered", "3"), ("unknown-user", "null"),
    ] {
      #expect(text.contains(#"{"code":"\#(code)","model":\#(model),"text":"#))
    }
  }

  private struct Read: Decodable {
    struct Action: Decodable {
      struct Place: Decodable { var path: String }
      struct Entry: Decodable { var modelName: String }
      var place: Place
      var entry: Entry
    }
    var version: Int
    var actions: [Action]
  }

  @Test func `gives hostile names back exactly and shows none of their controls`() throws {
    let name = "\u{1B}[2J\u{202E}\"\\\n\r\t\u{0}\u{7F}\u{9B}\u{FEFF} 日本 👩‍👩‍👧 \u{2028}"
    let path = "loras/\u{1B}[A \"quoted\".pt"
    let plan = Plan(
      actions: [try Sample.action(.create, path, Sample.entry(1, name), source: .network)])
    let bytes = PlanJSON.encode(plan)
    let read = try JSONDecoder().decode(Read.self, from: Data(bytes))
    #expect(read.version == 1)
    #expect(read.actions.first?.place.path == path)
    #expect(read.actions.first.map { Array($0.entry.modelName.utf8) } == Array(name.utf8))
    #expect(bytes.dropLast().allSatisfy { $0 >= 0x20 && $0 != 0x7F })
    #expect(bytes.last == UInt8(ascii: "\n"))
  }
}

@Suite struct `The JSON writer` {
  @Test func `writes each kind of value`() {
    let node = JSONNode.object([
      ("z", .null), ("a", .array([.bool(true), .bool(false), .int(-5), .int(Int.max)])),
      ("n", .array([.number(1.5), .number(.nan), .number(-.infinity)])), ("s", .string("é\u{1}/")),
      ("o", .object([])), ("e", .array([])), ("raw", .encoded("[1]")),
      ("some", .optional("x", JSONNode.string)),
      ("none", .optional(String?.none, JSONNode.string)),
    ])
    #expect(
      node.text
        == #"{"z":null,"a":[true,false,-5,9223372036854775807],"n":[1.5,null,null],"#
        + #""s":"é\u0001/","o":{},"e":[],"raw":[1],"some":"x","none":null}"# + "\n")
  }
}
