import Core
import Planning
import Resolution
import Testing

@testable import CatalogueModel

struct `Wanted places` {
  @Test func `a free place is created, from the network or from the store`() {
    let fresh = plan(
      [entry(1, at: "a"), entry(2, at: "b")], world: world([:], stored: [digest(2)]))
    #expect(fresh.lines == ["+ a", "+ b"])
    #expect(fresh.actions.map(\.source) == [.network, .store])
    #expect(fresh.fetches.map(\.key.model) == [1])
    #expect(fresh.hasChanges)
  }

  @Test func `what stands as recorded is kept`() {
    let one = entry(1, at: "a")
    let same = plan([one], former: [one], world: world(["a": .intact]))
    #expect(same.actions.isEmpty)
    #expect(same.kept == 1)
    #expect(same.result == [one])
    // Not a second one of the same content.
    #expect(same.result.first?.sharedFile === one.sharedFile)
  }

  @Test func `a placed file whose object is gone goes back into the store`() {
    let (kept, leaving) = (entry(1, at: "a"), entry(2, at: "b"))
    let result = plan(
      [kept], former: [kept, leaving], world: world(["a": .intact, "b": .intact], stored: []),
      deselected: [leaving])
    #expect(result.lines == ["! a", "- b"])
    #expect(result.actions.map(\.source) == [.place, .place])
    #expect(result.actions.first?.reason == "gone from the store")
  }

  @Test func `missing and modified files are repaired, what the user changed goes aside`() {
    let both = [entry(1, at: "a"), entry(2, at: "b"), entry(3, at: "c")]
    let repaired = plan(
      both, former: both,
      world: world(
        ["a": .absent, "b": .modified("content changed"), "c": .foreignOther("a folder")],
        stored: [digest(1), digest(2), digest(3)]))
    #expect(repaired.lines == ["! a", "! b aside", "! c aside"])
    #expect(
      repaired.actions.map(\.reason) == [
        "missing", "content changed", "something else stands there now",
      ])
  }

  @Test func `other content at a known place replaces it`() {
    let old = entry(1, at: "a", content: 1)
    let new = entry(1, at: "a", content: 9)
    let intact = plan(
      [new], former: [old], world: world(["a": .intact]),
      succeeded: [Succession(old: old, successor: new.identity)])
    #expect(intact.lines == ["~ a"])
    #expect(intact.actions.first?.reason == "replaced inside its version")
    let changed = plan(
      [new], former: [old], world: world(["a": .modified("content changed")]),
      succeeded: [Succession(old: old, successor: new.identity)])
    #expect(changed.lines == ["~ a aside"])
  }

  @Test func `a foreign file is adopted only when its content is the wanted one`() {
    let wanted = [entry(1, at: "a"), entry(2, at: "b"), entry(3, at: "c"), entry(4, at: "d")]
    let result = plan(
      wanted,
      world: world([
        "a": .foreignFile(bytes: ByteCount(5), digest: digest(1)),
        "b": .foreignFile(bytes: ByteCount(5), digest: nil),
        "c": .foreignOther("a folder"), "d": .unsafe("`d` is a link out of the root"),
      ]))
    #expect(result.lines == ["= a"])
    #expect(
      result.blocked.map(\.reason) == [
        .fileInTheWay(place("b")), .fileInTheWay(place("c")),
        .pathUnsafe(place("d"), why: "`d` is a link out of the root"),
      ])
    #expect(result.result.map(\.key.model) == [1])
    #expect(result.result.map(\.file.origin) == [.adopted])
  }

  @Test func `a file placed by civsync that the records forgot is adopted`() {
    #expect(plan([entry(1, at: "a")], world: world(["a": .intact])).lines == ["= a"])
  }

  @Test func `an unsafe way to a known place blocks and touches nothing`() {
    let one = entry(1, at: "a")
    let result = plan([one], former: [one], world: world(["a": .unsafe("a link")]))
    #expect(result.actions.isEmpty)
    #expect(result.blocked.map(\.reason) == [.pathUnsafe(place("a"), why: "a link")])
  }

  @Test func `two owners of one place make one action`() {
    let result = plan([entry(1, at: "a", content: 7), entry(2, at: "a", content: 7)])
    #expect(result.lines == ["+ a"])
    #expect(result.result.count == 2)
    #expect(result.fetches.count == 1)
  }
}

struct `Places that are left` {
  let old = entry(1, at: "old")
  let new = entry(1, at: "new")

  @Test func `the same content moves`() {
    let moved = plan([new], former: [old], world: world(["old": .intact]))
    #expect(moved.lines == ["> new < old"])
    #expect(moved.fetches.isEmpty)
  }

  @Test func `a modified file is not moved but kept aside`() {
    let result = plan(
      [new], former: [old], world: world(["old": .modified("x")], stored: [digest(1)]))
    #expect(result.lines == ["+ new", "- old aside"])
    #expect(result.actions.last?.reason == "no longer wanted at this place")
  }

  @Test func `what cannot take its new place keeps the old one`() {
    let result = plan(
      [new], former: [old],
      world: world(["old": .intact, "new": .foreignFile(bytes: ByteCount(1), digest: nil)]))
    #expect(result.actions.isEmpty)
    #expect(result.result.map(\.file.places) == [[place("old")]])
    let unsafe = plan(
      [new], former: [old], world: world(["old": .intact, "new": .unsafe("a link")]))
    #expect(unsafe.result.map(\.file.places) == [[place("old")]])
  }

  @Test func `only a deselected entry is removed, and never an adopted one`() {
    let mine = entry(2, at: "mine", origin: .adopted)
    let result = plan(
      [], former: [old, mine], world: world(["old": .intact, "mine": .intact]),
      deselected: [old, mine])
    #expect(result.lines == ["- old", "< mine"])
    #expect(
      result.actions.map(\.reason)
        == Array(repeating: "no longer selected by the manifest", count: 2))
    #expect(result.result.isEmpty)
  }

  @Test func `an entry that nobody said should leave stays`() {
    let result = plan([], former: [old], world: world(["old": .intact]))
    #expect(result.actions.isEmpty)
    #expect(result.result == [old])
  }

  @Test func `a removal says what it will not find or not reach`() {
    let gone = plan([], former: [old], deselected: [old])
    #expect(gone.actions.map(\.reason) == ["no longer selected by the manifest; already gone"])
    let unsafe = plan(
      [], former: [old], world: world(["old": .unsafe("a link")]), deselected: [old])
    #expect(
      unsafe.actions.map(\.reason)
        == ["no longer selected by the manifest; left where it is: a link"])
  }

  @Test func `a successor replaces its predecessor in one action`() {
    let next = entry(1, at: "v2", version: 2)
    let succession = Succession(old: old, successor: next.identity)
    let result = plan(
      [next], former: [old], world: world(["old": .intact]), succeeded: [succession])
    #expect(result.lines == ["~ v2 < old"])
    #expect(result.actions.first?.reason == "version v1 → v2")
    let changed = plan(
      [next], former: [old], world: world(["old": .modified("x")]), succeeded: [succession])
    #expect(changed.lines == ["~ v2 < old aside"])
    let placed = plan(
      [next], former: [old, next], world: world(["old": .intact, "v2": .intact]),
      succeeded: [succession])
    #expect(placed.lines == ["- old"])
    #expect(placed.actions.first?.requires == next.identity)
    #expect(placed.actions.first?.reason == "superseded by version 2")
  }

  @Test func `another entry that takes a place over says so`() {
    let result = plan(
      [entry(2, at: "old")], former: [old], world: world(["old": .intact]), deselected: [old])
    #expect(result.lines == ["~ old"])
    #expect(result.actions.first?.reason == "another file takes this place")
  }
}

struct `The plan as a whole` {
  @Test func `departures come last and the order is by place`() {
    let leaving = entry(3, at: "c")
    let result = plan(
      [entry(2, at: "b"), entry(1, at: "a")], former: [leaving], world: world(["c": .intact]),
      deselected: [leaving])
    #expect(result.lines == ["+ a", "+ b", "- c"])
    #expect(result.count(.create) == 2)
  }

  @Test func `a change of state alone is a mark`() {
    var now = entry(1, at: "a")
    let before = now
    now.file.state = .withdrawn
    let result = plan([now], former: [before], world: world(["a": .intact]))
    #expect(result.marks == [Mark(entry: now, was: .current)])
    #expect(!result.hasChanges)
  }

  @Test func `space counts each object once, what is there not at all, and copies again`() {
    let wanted = [
      entry(1, at: "a", content: 1, bytes: 100), entry(2, at: "b", content: 1, bytes: 100),
      entry(3, at: "c", content: 3, bytes: 50), entry(4, at: "d", content: 4, bytes: 10),
    ]
    var seen = world(
      ["d": .foreignFile(bytes: ByteCount(10), digest: digest(4))], stored: [digest(3)])
    seen.free = ByteCount(80)
    seen.partial = [digest(1): ByteCount(30)]
    let linked = plan(wanted, world: seen).space
    #expect(
      linked
        == SpaceNeed(
          fetch: ByteCount(70), inStore: ByteCount(50), needed: ByteCount(80), free: ByteCount(80)))
    #expect(linked.fits)
    seen.linking.copying = [.main]
    let copied = plan(wanted, world: seen).space
    #expect(copied.needed == ByteCount(330))
    #expect(!copied.fits)
  }

  @Test func `rollback brings back, takes away and releases`() {
    let target = [entry(1, at: "a"), entry(2, at: "b")]
    let now = [entry(2, at: "b"), entry(3, at: "c"), entry(4, at: "d", origin: .adopted)]
    let result = Planner.rollback(
      to: target, from: now,
      world: world(["b": .intact, "c": .intact, "d": .intact]))
    #expect(result.lines == ["+ a", "- c", "< d"])
    #expect(result.actions.last?.reason == "not in that snapshot")
    #expect(result.result == target)
  }
}
