import CatalogueModel
import Core
import Planning
import Resolution
import Testing

@testable import Engine

struct `A run that could not have everything` {
  func ledger(
    _ desired: [Entry], former: [Entry] = [], succeeded: [Succession] = [],
    places: [String: Observed] = [:], missing: Set<Digest>
  ) -> RunLedger {
    let world = ObservedWorld(
      places: Dictionary(places.map { (place($0), $1) }, uniquingKeysWith: { $1 }),
      stored: Set((UInt8(1)...8).map(digest)))
    let plan = Planner.plan(
      Resolution(entries: desired, succeeded: succeeded), former: former, world: world)
    return RunLedger(plan, former: former, missing: missing)
  }

  @Test func `nothing missing changes nothing`() {
    let all = ledger([entry(1, at: "a")], missing: [])
    #expect(all.actions.count == 1)
    #expect(all.result.count == 1)
  }

  @Test func `a create that failed is not recorded, the others are`() {
    let rest = ledger([entry(1, at: "a"), entry(2, at: "b")], missing: [digest(1)])
    #expect(rest.actions.map(\.place) == [place("b")])
    #expect(rest.result.map(\.key.model) == [2])
  }

  @Test func `an entry that is placed elsewhere keeps that place`() {
    let old = entry(1, at: "a")
    let both = entry(1, at: "a", "b")
    let rest = ledger([both], former: [old], places: ["a": .intact], missing: [digest(1)])
    #expect(rest.actions.isEmpty)
    #expect(rest.result == [old])
  }

  @Test func `a replacement that failed leaves the old one, at the same place or another`() {
    let old = entry(1, at: "a", content: 1)
    for new in [entry(1, at: "a", content: 9), entry(1, at: "b", content: 9)] {
      let rest = ledger(
        [new], former: [old], succeeded: [Succession(old: old, successor: new.identity)],
        places: ["a": .intact], missing: [digest(9)])
      #expect(rest.actions.isEmpty)
      #expect(rest.result == [old])
    }
  }

  @Test func `a removal waits for its successor`() {
    let old = [entry(1, at: "a", content: 1), entry(2, at: "c", content: 2)]
    let new = entry(1, at: "b", content: 9)
    let rest = ledger(
      [new], former: old,
      succeeded: old.map { Succession(old: $0, successor: new.identity) },
      places: ["a": .intact, "c": .intact], missing: [digest(9)])
    #expect(rest.actions.isEmpty)
    #expect(rest.result == old)
  }

  @Test func `a repair that failed stays recorded`() {
    let one = entry(1, at: "a")
    let rest = ledger([one], former: [one], missing: [digest(1)])
    #expect(rest.actions.isEmpty)
    #expect(rest.result == [one])
  }

  @Test func `a place is given back to an entry that has another one still`() {
    var old = entry(1, at: "a", "b", content: 1)
    let new = entry(2, at: "a", content: 9)
    var kept = old
    kept.file.places = [place("b")]
    let rest = ledger(
      [new, kept], former: [old], places: ["a": .intact, "b": .intact], missing: [digest(9)])
    old.file.places.sort()
    #expect(rest.result == [old])
  }
}
