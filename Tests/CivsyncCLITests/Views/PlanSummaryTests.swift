import CatalogueModel
import CivsyncCLI
import Core
import Planning
import Resolution
import Testing

@Suite struct `The summary of a plan` {
  private func plan(_ kinds: [(ActionKind, Int)], kept: Int, blocked: Int = 0) throws -> Plan {
    var plan = Plan(kept: kept)
    for (kind, count) in kinds {
      plan.actions += try (0..<count).map { try Sample.action(kind, "\(kind)/\($0)") }
    }
    plan.blocked = (0..<blocked).map { Sample.blocked(Int64($0 + 1), "B", .gone) }
    return plan
  }

  @Test func `has the form that the product promises`() throws {
    var plan = try plan([(.create, 12), (.replace, 3), (.remove, 1)], kept: 240, blocked: 2)
    plan.space = SpaceNeed(
      fetch: ByteCount(18_200_000_000), inStore: ByteCount(9_100_000_000),
      needed: ByteCount(21_000_000_000), free: ByteCount(88_000_000_000))
    #expect(
      PlanSummary(plan).text
        == "Plan: 12 create, 3 replace, 1 remove, 240 keep, 2 blocked"
        + " · fetch 18.2 GB (9.1 GB already in the store) · needs 21 GB of 88 GB free"
        + " · removing frees no disk")
    #expect(PlanSummary(plan).spaceWarning == nil)
  }

  @Test func `leaves out what there is none of`() throws {
    var plan = try plan([(.remove, 1)], kept: 0)
    #expect(PlanSummary(plan).text == "Plan: 1 remove · removing frees no disk")
    plan.space = SpaceNeed(inStore: ByteCount(5))
    #expect(
      PlanSummary(plan).text
        == "Plan: 1 remove · nothing to fetch (5 B already in the store) · removing frees no disk")
    plan.space = SpaceNeed(fetch: ByteCount(5), needed: ByteCount(5))
    #expect(
      PlanSummary(plan).text == "Plan: 1 remove · fetch 5 B · needs 5 B · removing frees no disk")
  }

  @Test func `counts what needs the user's word`() throws {
    var plan = try plan([(.adopt, 1), (.move, 2), (.repair, 3), (.release, 4)], kept: 0)
    let replaced = ReplacedFile(
      key: FileKey(model: 1, version: 2, file: 3), title: "T", kept: try Sample.digest(1),
      offered: try Sample.digest(2))
    plan.replaced = [replaced, replaced]
    #expect(
      PlanSummary(plan).text
        == "Plan: 1 adopt, 2 move, 3 repair, 4 release, 2 need your word")
    plan.actions = []
    plan.kept = 3
    plan.blocked = [Sample.goneUser]
    #expect(
      PlanSummary(plan).text
        == "Nothing to do: 3 files are as the manifest wants them. 1 is blocked, 2 need your word.")
    plan.replaced.removeLast()
    plan.blocked = []
    #expect(
      PlanSummary(plan).text
        == "Nothing to do: 3 files are as the manifest wants them. 1 needs your word.")
  }

  @Test(arguments: [
    (PlanGoal.manifest, 240, "Nothing to do: 240 files are as the manifest wants them."),
    (.manifest, 1, "Nothing to do: 1 file is as the manifest wants it."),
    (.manifest, 0, "Nothing to do: no file is placed, and none is asked for."),
    (.snapshot("HEAD~1"), 1, "Nothing to do: 1 file is as `HEAD~1` has it."),
    (.snapshot("HEAD~1"), 2, "Nothing to do: 2 files are as `HEAD~1` has them."),
    (.snapshot("@empty"), 0, "Nothing to do: no file is placed, as `@empty` has it."),
  ])
  func `says that nothing is to be done`(goal: PlanGoal, kept: Int, text: String) {
    #expect(PlanSummary(Plan(kept: kept), goal: goal).text == text)
    #expect(PlanView.human(Plan(kept: kept), PlanViewOptions(goal: goal)) == text + "\n")
  }

  @Test func `warns when it will not fit`() throws {
    var plan = try plan([(.create, 1)], kept: 0)
    plan.space = SpaceNeed(
      fetch: ByteCount(21_000_000_000), needed: ByteCount(21_000_000_000),
      free: ByteCount(8_000_000_000))
    let text = PlanView.human(plan, PlanViewOptions(ViewOptions(width: 60)))
    #expect(
      text.hasSuffix(
        """
        Plan: 1 create · fetch 21 GB · needs 21 GB of 8 GB free
        Warning: this will not fit: it needs 21 GB and 8 GB are
          free; take what fits with `--fit`, make room, or put the
          store on a larger disk with `store:`

        """))
  }
}
