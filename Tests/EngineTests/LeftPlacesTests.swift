import CatalogueModel
import Core
import Testing
import Tree

@testable import Engine

struct `Records after a switch that had to leave something` {
  func kept(_ step: SwitchStep) -> SwitchReport.Kept { SwitchReport.Kept(step: step, why: "new") }

  @Test func `a place that was not taken is not recorded`() {
    let entries = [entry(1, at: "a", "b"), entry(2, at: "c")]
    let result = LeftPlaces.corrected(
      entries,
      kept: [kept(.place(place("b"), digest(1))), kept(.place(place("c"), digest(2)))], before: [])
    #expect(result == [entry(1, at: "a")])
  }

  @Test func `a move that was not made leaves the file where it was`() {
    let result = LeftPlaces.corrected(
      [entry(1, at: "new")],
      kept: [kept(.move(from: place("old"), to: place("new"), digest(1)))],
      before: [entry(1, at: "old")])
    #expect(result == [entry(1, at: "old")])
  }

  @Test func `a successor that was placed beside the older one is recorded with it`() {
    let (old, new) = (entry(1, at: "old", content: 1), entry(2, at: "new", content: 9))
    let step = SwitchStep.replace(
      place("new"), digest(9), previous: digest(1), from: place("old"))
    let result = LeftPlaces.corrected(
      [new], kept: [SwitchReport.Kept(step: step, why: "a link", leavesOld: true)], before: [old])
    #expect(result == [old, new])
  }

  @Test func `a successor that was not placed leaves the older one`() {
    let old = entry(1, at: "old", content: 1)
    let step = SwitchStep.replace(
      place("new"), digest(9), previous: digest(1), from: place("old"))
    let result = LeftPlaces.corrected(
      [entry(2, at: "new", content: 9), entry(3, at: "x")], kept: [kept(step)], before: [old])
    #expect(result == [old, entry(3, at: "x")])
  }
}
