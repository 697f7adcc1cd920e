import CatalogueModel
import Core
import Planning
import Testing
import Tree

@testable import Engine

struct `The title of a snapshot` {
  private func kept(_ step: SwitchStep, leavesOld: Bool = false) -> SwitchReport.Kept {
    SwitchReport.Kept(step: step, why: "new", leavesOld: leavesOld)
  }

  @Test(arguments: [
    "apply: 12 created, 1 removed", "rollback to HEAD~1: 1 created", "apply: records only",
    "rollback to a: b: 2 adopted, 3 moved, 4 repaired, 5 replaced, 6 released",
  ])
  func `is read as it was written`(text: String) {
    let title = RunTitle(text: text)
    #expect(title?.text == text || text.hasSuffix("records only") && title == nil)
  }

  @Test func `counts what was done`() {
    let planned = "apply: 2 created, 1 replaced, 1 removed"
    #expect(
      RunTitle.text(planned, without: [kept(.place(place("a"), digest(1)))])
        == "apply: 1 created, 1 replaced, 1 removed")
    let replace = SwitchStep.replace(
      place("new"), digest(9), previous: digest(1), from: place("old"))
    #expect(
      RunTitle.text(
        planned, without: [kept(replace), kept(.remove(place("b"), previous: digest(2)))])
        == "apply: 2 created")
    // The new one came: only the old one stayed.
    #expect(RunTitle.text(planned, without: [kept(replace, leavesOld: true)]) == planned)
    #expect(
      RunTitle.text("apply: 1 created", without: [kept(.place(place("a"), digest(1)))])
        == "apply: records only")
    for other in ["apply: companions only", "rollback: check `a, b` failed", "begun"] {
      #expect(RunTitle.text(other, without: [kept(.place(place("a"), digest(1)))]) == other)
    }
  }

  @Test func `says what a run is called`() {
    #expect(RunTitle.name("apply: 1 created") == ("an", "apply"))
    #expect(RunTitle.name("rollback to HEAD~1: 1 removed") == ("a", "rollback"))
    #expect(RunTitle.name("accept: 1 replaced") == ("a", "change"))
    #expect(RunTitle.name(nil) == ("a", "change"))
  }
}
