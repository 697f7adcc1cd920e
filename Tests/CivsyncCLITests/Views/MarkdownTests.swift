import CatalogueModel
import CivsyncCLI
import Core
import Planning
import Resolution
import Testing

@Suite struct `The plan as markdown` {
  @Test func `has the risk first and folds what is harmless`() throws {
    let options = PlanViewOptions(previouslyBlocked: try Sample.knownKeys(), estimate: 246)
    #expect(PlanMarkdown.text(try Sample.richPlan(), options) == MarkdownGolden.rich)
  }

  @Test func `of nothing is two lines`() {
    #expect(
      PlanMarkdown.text(Plan(kept: 240)) == """
        ### civsync plan

        **Nothing to do: 240 files are as the manifest wants them.**

        """)
    #expect(
      PlanMarkdown.text(Plan(kept: 1), PlanViewOptions(goal: .snapshot("HEAD~1"))) == """
        ### civsync plan

        **Nothing to do: 1 file is as `HEAD~1` has it.**

        """)
  }

  @Test func `says that it will not fit`() throws {
    var plan = Plan(actions: [
      try Sample.action(.create, "a.pt", Sample.entry(1, "M", bytes: 21_000), source: .network)
    ])
    plan.space = SpaceNeed(
      fetch: ByteCount(21_000), needed: ByteCount(21_000), free: ByteCount(8_000))
    #expect(
      PlanMarkdown.text(plan) == """
        ### civsync plan

        **Plan: 1 create · fetch 21 kB · needs 21 kB of 8 kB free**

        ⚠️ Warning: this will not fit: it needs 21 kB and 8 kB are free; take what fits with \
        `--fit`, make room, or put the store on a larger disk with `store:`

        <details><summary>Create 1 file, 21 kB</summary>

        - `a.pt` · `M · v1` · 21 kB

        </details>

        """)
  }

  @Test func `tells companions, and those that the user changed apart`() throws {
    var plan = Plan(kept: 1)
    let entry = try Sample.entry(1, "M")
    let slot = CompanionSlot(entry: entry.identity, kind: .preview)
    let file = try Sample.place("loras/a.pt")
    plan.companions = try [
      CompanionAction(
        .create, slot, title: entry.title, at: Sample.place("loras/a.png"), beside: file,
        source: .generated),
      CompanionAction(
        .remove, slot, title: entry.title, at: Sample.place("loras/b.png"), beside: file,
        movesAside: true),
    ]
    let text = PlanMarkdown.text(plan)
    #expect(
      text.hasSuffix(
        """
        #### Companions that you changed go to `.civsync/aside/`: 1 file

        - remove `loras/b.png` · `M · v1`

        <details><summary>Beside the files: 1 companion</summary>

        - create `loras/a.png` · `M · v1`

        </details>

        """), "\(text)")
  }

  @Test func `names every removal and cuts long lists of creations`() throws {
    var plan = Plan()
    plan.actions = try (0..<300).map { number in
      try Sample.action(.remove, "loras/\(number).pt", former: Sample.entry(1, "M"))
    }
    let removals = PlanMarkdown.text(plan)
    #expect(removals.split(separator: "\n").count { $0.hasPrefix("- `loras/") } == 300)
    #expect(!removals.contains("<details>"))
    plan.actions = try (0..<300).map { number in
      try Sample.action(.create, "loras/\(number).pt", Sample.entry(1, "M"), source: .network)
    }
    let creations = PlanMarkdown.text(plan)
    #expect(creations.split(separator: "\n").count { $0.hasPrefix("- `loras/") } == 200)
    #expect(creations.contains("\n\n… and 100 more (`--format json` lists all)\n\n</details>"))
  }

  /// As markdown reads it: a run of back-ticks opens a span that the next run of that length closes.
  private func withoutCode(_ line: Substring) -> String {
    var bare = ""
    var rest = line
    while let start = rest.firstIndex(of: "`") {
      bare += rest[..<start]
      let fence = rest[start...].prefix { $0 == "`" }
      var next = rest[fence.endIndex...]
      while let mark = next.firstIndex(of: "`") {
        let run = next[mark...].prefix { $0 == "`" }
        next = next[run.endIndex...]
        if run.count == fence.count { break }
      }
      rest = next
    }
    return bare + rest
  }

  @Test func `lets nothing that comes from the site out of its code span`() throws {
    let name = "</summary>``x`` @everyone #1 | [a](https://b) <img src=x>\n- [ ] done"
    let path = "loras/`| @me.pt"
    var plan = Plan(actions: [
      try Sample.action(.create, path, Sample.entry(1, name), source: .store),
      try Sample.action(
        .remove, path, former: Sample.entry(2, name), reason: "said `\(name)` to @someone, #2"),
    ])
    plan.blocked = [Sample.blocked(3, name, .policy(rule: name, at: "civsync.yaml:3:1"))]
    plan.unanswered = [UnansweredSelector(selector: "user `\(name)`", reason: "@team said no")]
    plan.notes = [.renamed(4, from: name, to: "#5 www.example.org GH-3")]
    let text = PlanMarkdown.text(plan)
    for line in text.split(separator: "\n") where line.hasPrefix("- ") || line.hasPrefix("*") {
      // What is left when code spans are taken out is this side's own.
      let bare = withoutCode(line)
      for hazard in ["<img", "</summary", "](", " @e", "@some", "@team", "@me", "#1", "#2", "| ["] {
        #expect(!bare.contains(hazard), "`\(hazard)` stands open in: \(line)")
      }
    }
    #expect(text.split(separator: "\n").count { $0 == "<details><summary>1 note</summary>" } == 1)
    #expect(!text.contains("\n- [ ]"))
  }
}

@Suite struct `Text in markdown` {
  @Test(arguments: [
    ("a b", "`a b`"), ("a`b", "``a`b``"), ("`a", "`` `a ``"), ("a``b`", "``` a``b` ```"),
    (" a", "`  a `"), ("  ", "`  `"), ("", "(no name)"), ("a\nb", "`a\\u{a}b`"),
    ("`\u{301}", "`` `\u{301} ``"), ("@a #1 <b> | \\", "`@a #1 <b> | \\`"),
  ])
  func `is code that shows exactly it`(text: String, code: String) {
    #expect(MarkdownText.code(text) == code)
  }

  @Test(arguments: [
    ("plain, with `code`: (so)", "plain, with `code`: (so)"),
    ("ask @me or #12", "ask @<!-- -->me or \\#<!-- -->12"),
    ("<b>x</b> *y* [z](w)", "\\<b\\>x\\</<!-- -->b\\> \\*y\\* \\[z\\](w)"),
    ("https://x.org www.y.org GH-7", "https:\\//<!-- -->x.org www<!-- -->.y.org GH-<!-- -->7"),
    ("- a - b :tada:", "\\- a - b :<!-- -->tada:"),
    ("one ` alone", "one \\` alone"), ("``", "\\`\\`"), ("50 % of 3", "50 % of 3"),
    ("a\nb", "a\\\\u{a}b"),
  ])
  func `is prose that links to nothing`(text: String, prose: String) {
    #expect(MarkdownText.prose(text) == prose)
  }
}
