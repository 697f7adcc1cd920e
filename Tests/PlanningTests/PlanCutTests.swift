import CatalogueModel
import Core
import Planning
import Resolution
import Testing

struct `A part of a plan` {
  private let old = entry(1, at: "a", content: 1)
  private let new = entry(1, at: "b", content: 9)

  @Test func `without anything left out is the plan`() {
    let whole = plan([entry(1, at: "a"), entry(2, at: "b")])
    let cut = PlanCut(whole, former: []) { _ in false }
    #expect(cut.actions == whole.actions)
    #expect(cut.result == whole.result)
  }

  @Test func `leaves a removal that waits for what is left out`() {
    let others = entry(2, at: "c", content: 2)
    let seen = world(["a": .intact, "c": .intact])
    let whole = plan(
      [new], former: [old, others], world: seen,
      succeeded: [old, others].map { Succession(old: $0, successor: new.identity) })
    let cut = whole.cut(former: [old, others], world: seen) { $0.place == place("b") }
    #expect(cut.lines == [])
    #expect(cut.result == [old, others])
  }

  @Test func `keeps what a move left out would have moved`() {
    let moved = entry(1, at: "b", content: 1)
    let seen = world(["a": .intact])
    let whole = plan([moved], former: [old], world: seen)
    #expect(whole.lines == ["> b < a"])
    let cut = whole.cut(former: [old], world: seen) { _ in true }
    #expect(cut.result == [old])
  }

  @Test func `of one entry with two places keeps the other`() {
    let both = entry(1, at: "a", "b", content: 1)
    let whole = plan([both])
    let cut = whole.cut(former: [], world: world([:])) { $0.place == place("b") }
    #expect(cut.lines == ["+ a"])
    #expect(cut.result == [entry(1, at: "a", content: 1)])
  }

  @Test func `counts the space of what is left`() {
    let empty = ObservedWorld(free: ByteCount(1_500))
    let whole = plan([entry(1, at: "a"), entry(2, at: "b")], world: empty)
    #expect(!whole.space.fits)
    let cut = whole.cut(former: [], world: empty) { $0.place == place("b") }
    #expect(cut.space.needed == ByteCount(1_000))
    #expect(cut.space.fits)
  }

  @Test func `for some entries leaves the records of all others as they were`() {
    var superseded = entry(2, at: "c", content: 2)
    superseded.file.state = .superseded
    let before = entry(2, at: "c", content: 2)
    let seen = world(["a": .intact, "c": .intact])
    let whole = plan(
      [superseded, entry(3, at: "d")], former: [old, before], world: seen, deselected: [old])
    #expect(whole.marks.count == 1)
    let part = whole.narrowed(
      to: { $0.key.model == 3 }, former: [old, before], world: seen)
    #expect(part.lines == ["+ d"])
    #expect(part.marks.isEmpty)
    #expect(part.result == [old, before, entry(3, at: "d")])
    let rest = whole.narrowed(
      to: { $0.key.model != 3 }, former: [old, before], world: seen)
    #expect(rest.lines == ["- a"])
    #expect(rest.result == [superseded])
  }
}
