import CatalogueModel
import CivsyncCLI
import Core
import Planning
import Resolution
import Testing

@Suite struct `The plan for people` {
  @Test func `is ordered by risk and ends with the summary`() throws {
    let options = PlanViewOptions(
      ViewOptions(width: 100), previouslyBlocked: try Sample.knownKeys())
    #expect(PlanView.human(try Sample.richPlan(), options) == PlanGolden.wide)
  }

  @Test func `fits forty columns`() throws {
    let options = PlanViewOptions(
      ViewOptions(width: 40), previouslyBlocked: try Sample.knownKeys())
    let text = PlanView.human(try Sample.richPlan(), options)
    #expect(text == PlanGolden.narrow)
    #expect(text.split(separator: "\n").allSatisfy { DisplayText.width($0) <= 40 })
  }

  @Test func `is the same in words with and without paint`() throws {
    let plan = try Sample.richPlan()
    let painted = PlanView.human(plan, PlanViewOptions(ViewOptions(style: .ansi)))
    #expect(painted.contains("\n  \u{1B}[31m-\u{1B}[0m embeddings/easynegative.safetensors\n"))
    var bare = painted
    for meaning in TextMeaning.allCases {
      let marks = TextStyle.ansi.paint("x", meaning).split(separator: "x")
      for mark in marks { bare = bare.replacing(mark, with: "") }
    }
    #expect(bare == PlanView.human(plan))
  }

  @Test func `leaves out the middle of many creations only`() throws {
    var plan = Plan()
    plan.actions = try (0..<252).map { number in
      try Sample.action(
        .create, "loras/\(1000 + number).safetensors", Sample.entry(1, "M"), source: .network)
    }
    let lines = PlanView.human(plan).split(separator: "\n")
    #expect(lines.count { $0.hasPrefix("    + ") } == 40)
    #expect(lines.count { $0 == "  loras/" } == 1)
    #expect(lines[22] == "    … and 212 more (`--json` lists all)")
    plan.actions = try (0..<252).map { number in
      try Sample.action(.remove, "loras/\(number).safetensors", former: Sample.entry(1, "M"))
    }
    let removals = PlanView.human(plan).split(separator: "\n")
    #expect(removals.count { $0.hasPrefix("  - loras/") } == 252)
  }

  @Test func `leaves out the middle of other long lists`() throws {
    var plan = Plan()
    for number in 0..<50 {
      let path = "loras/\(number).safetensors"
      plan.actions += try [
        Sample.action(.adopt, path, Sample.entry(1, "M"), source: .place),
        Sample.action(.move, path, Sample.entry(1, "M"), from: "old/\(number).safetensors"),
        Sample.action(.repair, path, Sample.entry(1, "M"), reason: "missing"),
      ]
      plan.notes.append(.unknownUser("user\(number)", collection: "follow"))
      plan.marks.append(
        Mark(entry: try Sample.entry(1, "M\(number)", state: .withdrawn), was: .current))
    }
    let text = PlanView.human(plan)
    #expect(text.split(separator: "\n").count { $0 == "  … and 10 more (`--json` lists all)" } == 4)
    #expect(
      text.contains(
        "  50 withdrawn upstream: M0 · v1, M1 · v1, M2 · v1, M3 · v1, M4 · v1 and 45 more\n"))
  }

  @Test func `never cuts the path of what is replaced or removed`() throws {
    let path = "loras/" + String(repeating: "very long ", count: 12) + "name.safetensors"
    var plan = Plan(kept: 1)
    plan.actions = try [
      Sample.action(
        .replace, path, Sample.entry(1, "M", version: "v2"), former: Sample.entry(1, "M"))
    ]
    let text = PlanView.human(plan, PlanViewOptions(ViewOptions(width: 40)))
    let lines = text.split(separator: "\n")
    #expect(lines.allSatisfy { DisplayText.width($0) <= 40 })
    let start = try #require(lines.firstIndex { $0.hasPrefix("  ~ ") })
    let end = try #require(lines.firstIndex { $0.hasSuffix("safetensors") })
    #expect(lines[start...end].map { $0.dropFirst(4) }.joined() == path)
  }

  @Test func `is not steered by names from the site`() throws {
    let name = "\u{1B}[2J\u{202E}evil\nPlan: 0 remove"
    var plan = Plan()
    plan.actions = try [
      Sample.action(.create, "loras/\u{1B}[A.pt", Sample.entry(1, name), source: .network),
      Sample.action(.remove, "vae/\u{9B}1A.pt", former: Sample.entry(1, name), reason: "\u{7}"),
    ]
    plan.blocked = [Sample.blocked(1, name, .pathUnsafe(try Sample.place("a\u{1B}b"), why: "\r"))]
    plan.notes = [.renamed(1, from: name, to: name)]
    plan.unanswered = [UnansweredSelector(selector: name, reason: name)]
    for width in [nil, 40, 100] {
      let text = PlanView.human(plan, PlanViewOptions(ViewOptions(width: width)))
      let controls = text.unicodeScalars.filter {
        ($0.value < 0x20 && $0 != "\n") || (0x7F..<0xA0).contains($0.value) || $0 == "\u{202E}"
      }
      #expect(controls.isEmpty)
      #expect(!text.contains("\nPlan: 0 remove"))
    }
  }

  @Test func `is not flooded by endless names from the site`() throws {
    let name = String(repeating: "endless ", count: 20_000)
    var plan = try Sample.richPlan()
    plan.actions.append(try Sample.action(.remove, "a.pt", former: Sample.entry(1, name)))
    plan.blocked.append(Sample.blocked(1, name, .gone))
    plan.marks.append(Mark(entry: try Sample.entry(1, name), was: .withdrawn))
    plan.notes.append(.renamed(1, from: name, to: name))
    plan.unanswered.append(UnansweredSelector(selector: name, reason: name))
    for width in [nil, 40] {
      let text = PlanView.human(plan, PlanViewOptions(ViewOptions(width: width)))
      #expect(text.utf8.count < 6_000)
    }
  }

  @Test func `aligns wide letters`() throws {
    var plan = Plan()
    plan.actions = try [
      Sample.action(.create, "日本語.pt", Sample.entry(1, "一"), source: .network),
      Sample.action(.create, "latin.pt", Sample.entry(2, "B", bytes: 5), source: .network),
    ]
    #expect(
      PlanView.human(plan).hasPrefix(
        """
        Create 2 files, 151 MB
          ./
            + 日本語.pt  151 MB  一 · v1
            + latin.pt      5 B  B · v1

        """))
  }

  @Test func `names the tree where it is not the main one`() throws {
    var plan = Plan()
    plan.actions = [
      Action(
        kind: .create, place: try Sample.place("vae/x.pt", tree: TreeName("gpu")),
        entry: try Sample.entry(1, "X"), source: .network)
    ]
    #expect(PlanView.human(plan).contains("\n  gpu:vae/\n    + x.pt"))
  }
}

@Suite struct `Blocked entries` {
  @Test func `are known again by ids and reason, not by the end of a gate`() {
    let before = Sample.blocked(1, "A · v1", .gated(until: nil))
    let after = Sample.blocked(1, "A · v1 renamed", .gated(until: Timestamp("2027-01-01")))
    #expect(BlockedKey(before) == BlockedKey(after))
    #expect(BlockedKey(before) != BlockedKey(Sample.blocked(1, "A · v1", .gone)))
    #expect(
      BlockedKey(Sample.goneUser) != BlockedKey(BlockedEntry(title: "user `b`", reason: .gone)))
  }

  @Test func `that are known are counted by reason, ours first`() throws {
    let place = try Sample.place("a")
    let reasons: [BlockedReason] = [
      .loginRequired, .quota, .region, .fileInTheWay(place), .pathUnsafe(place, why: "x"),
      .gated(until: nil), .noGrant, .downloadsDisabled, .archived, .takenDown, .gone, .gone,
      .scanFailed(.danger), .scanPending, .noDigest, .noMatchingFile,
    ]
    let blocked = reasons.enumerated().map { Sample.blocked(Int64($0 + 1), "T\($0)", $1) }
    let options = PlanViewOptions(previouslyBlocked: Set(blocked.map(BlockedKey.init)))
    #expect(
      PlanView.human(Plan(blocked: blocked), options) == """
        Still blocked: 16 entries
          1 with a file in the way, 1 login needed, 1 with an unsafe path, 1 over the site's quota, \
        1 not in this region, 2 gone, 1 archived, 1 downloads disabled, 1 early access, \
        1 no digest, 1 not granted, 1 no matching file, 1 failed the scan, 1 scan pending, \
        1 taken down

        Nothing to do: no file is placed, and none can be. 16 are blocked.

        """)
  }
}
