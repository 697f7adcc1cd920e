import CatalogueModel
import Core
import Planning
import Resolution
import Testing

/// Nothing has to be decided about entries that stand as they shall; a plan leaves them out early.
struct `Entries that are settled` {
  private struct Case {
    var desired: [Entry]
    var former: [Entry]
    var world: ObservedWorld
  }

  /// The same records with other facts of their models, which no decision asks for: nothing is settled.
  private static func unsettled(_ entries: [Entry]) -> [Entry] {
    entries.map { entry in
      var entry = entry
      entry.model.tags.append("seen before")
      return entry
    }
  }

  private static let seen: [Observed] = [
    .intact, .intact, .intact, .intact, .absent, .modified("content changed"),
    .foreignFile(bytes: ByteCount(1_000), digest: digest(3)), .foreignOther("a folder"),
    .unsafe("a link"),
  ]

  private static func entries(_ random: inout some RandomNumberGenerator) -> [Entry] {
    (1...Int64(8)).filter { _ in Int.random(in: 0..<4, using: &random) > 0 }.map { id in
      // Some share a place, and then the content.
      let number = Int64.random(in: 0..<6, using: &random) == 0 ? 1 : id
      var made = entry(
        id, at: "p\(number)", content: UInt8(number),
        state: Int.random(in: 0..<5, using: &random) == 0 ? .superseded : .current)
      if Int.random(in: 0..<6, using: &random) == 0 { made.file.places.append(place("q\(id)")) }
      if Int.random(in: 0..<8, using: &random) == 0 { made.file.isEditable = true }
      if Int.random(in: 0..<8, using: &random) == 0 { made.file.isProtected = true }
      return made
    }
  }

  private static func made(_ random: inout some RandomNumberGenerator) -> Case {
    let former = entries(&random)
    let other = entries(&random)
    // Mostly what was, and some of the other.
    let desired = (1...Int64(8)).compactMap { id in
      let source = Int.random(in: 0..<4, using: &random) == 0 ? other : former
      return source.first { $0.model.id == ModelID(id) }
    }
    var places: [String: Observed] = [:]
    for place in (former + desired).flatMap(\.file.places) {
      places[place.path.string] = seen.randomElement(using: &random)
    }
    let stored = (UInt8(1)...8).filter { _ in Int.random(in: 0..<5, using: &random) > 0 }
    var world = world(places, stored: Set(stored.map(digest)))
    world.shared = Set(places.keys.filter { _ in Bool.random(using: &random) }.map(place))
    return Case(desired: desired, former: former, world: world)
  }

  /// Without what ``unsettled(_:)`` added.
  private static func plain(_ entry: Entry?) -> Entry? {
    var entry = entry
    entry?.model.tags = []
    return entry
  }

  private static func same(_ one: Plan, _ other: Plan) -> Bool {
    one.lines == other.lines && one.actions.map(\.reason) == other.actions.map(\.reason)
      && one.actions.map(\.source) == other.actions.map(\.source)
      && one.actions.map { plain($0.entry) } == other.actions.map { plain($0.entry) }
      && one.blocked == other.blocked && one.notes == other.notes && one.kept == other.kept
      && one.marks.map(\.was) == other.marks.map(\.was)
      && one.result.map(plain) == other.result.map(plain)
      && one.space == other.space
  }

  @Test func `change nothing else, in plans`() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<3_000 {
      let one = Self.made(&random)
      let settled = plan(one.desired, former: one.former, world: one.world)
      let decided = plan(one.desired, former: Self.unsettled(one.former), world: one.world)
      let isSame = Self.same(settled, decided)
      #expect(isSame, "\(settled.lines) \(decided.lines)")
    }
  }

  @Test func `change nothing else, in ways back`() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<3_000 {
      let one = Self.made(&random)
      let settled = Planner.rollback(to: one.desired, from: one.former, world: one.world)
      let decided = Planner.rollback(
        to: one.desired, from: Self.unsettled(one.former), world: one.world)
      let isSame = Self.same(settled, decided)
      #expect(isSame, "\(settled.lines) \(decided.lines)")
    }
  }

  @Test func `of two that share a place one may leave, and its file stays`() {
    let (stays, leaves) = (entry(1, at: "a", content: 7), entry(2, at: "a", content: 7))
    let result = plan(
      [stays], former: [stays, leaves], world: world(["a": .intact]), deselected: [leaves])
    #expect(result.lines.isEmpty && result.kept == 1 && result.result == [stays])
  }
}
