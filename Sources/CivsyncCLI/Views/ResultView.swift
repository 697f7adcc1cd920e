import Core
import Engine
import Planning

/// What a run came to, for people and for programs.
package enum ResultView {
  /// What went wrong or aside first, the result last. Every line is ended.
  package static func human(
    _ report: ApplyReport, _ options: ViewOptions = ViewOptions()
  ) -> String {
    var page = Page(options)
    if !report.aside.isEmpty {
      let count = Measures.count(report.aside.count, "file")
      page.heading("Kept aside: \(count) that you had changed", .attention)
      for path in report.aside { page.pathItem(">", path, meaning: .changed) }
    }
    if !report.left.isEmpty {
      let count = Measures.count(report.left.count, "place")
      page.heading("Left as they are: \(count) that changed meanwhile", .attention)
      for place in report.left { page.item("x", place, meaning: .attention) }
    }
    BlockedSection(report.blocked, known: []).write(to: &page)
    if !report.failures.isEmpty {
      page.heading("Failed: \(Measures.count(report.failures.count, "file"))", .removed)
      for failure in report.failures {
        page.item("x", DisplayText.title(failure.title), meaning: .removed)
        page.paragraph(failure.message, indent: 4)
      }
    }
    if !report.untried.isEmpty {
      let count = Measures.count(report.untried.count, "file")
      page.heading("Not tried: \(count), because the run stopped in safe mode", .attention)
    }
    if !report.manifests.isEmpty {
      page.heading("Put back \(Measures.count(report.manifests.count, "manifest"))", .changed)
      for manifest in report.manifests { ManifestsView.write(manifest, &page) }
    }
    checks(report, &page)
    page.gap()
    if let target = report.rolledBackTo {
      page.paragraph(
        "\(name(report.run)) taken back to `\(target)`: a check failed\(snapshot(report)).",
        meaning: .strong)
      page.paragraph(
        "What was fetched stays in the store. Mend the cause and run `civsync apply` again; "
          + "`--no-checks` leaves the checks out.")
    } else {
      conclusion(report, &page)
    }
    return page.text
  }

  /// What failed with all that it said; what passed in one line.
  private static func checks(_ report: ApplyReport, _ page: inout Page) {
    let passed = report.checks.filter(\.passed)
    if !passed.isEmpty {
      page.heading("Checks passed: " + passed.map(\.name).joined(separator: ", "))
    }
    for check in report.checks where !check.passed {
      page.heading("Check `\(check.name)` failed: \(check.verdict)", .removed)
      if check.isCut { page.paragraph("…", indent: 4, meaning: .faint) }
      for line in check.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast(
        check.output.hasSuffix("\n") || check.output.isEmpty ? 1 : 0)
      {
        page.line(line.isEmpty ? "" : "    " + DisplayText.harmless(String(line)))
      }
    }
  }

  private static func conclusion(_ report: ApplyReport, _ page: inout Page) {
    let name = name(report.run)
    switch (report.failures.isEmpty, report.changed) {
    case (false, false):
      page.paragraph(
        "\(name) failed: nothing was changed"
          + (report.isAfterRecovery ? " after the recovery" : "")
          + "\(fetched(report, kept: true)).", meaning: .strong)
      page.paragraph(
        "Run it again: what was fetched stays in the store, and it goes on from there.")
      return
    case (true, false):
      page.paragraph(
        "\(name) complete: no file changed\(fetched(report))\(snapshot(report)).", meaning: .strong)
    case (true, true):
      page.paragraph(
        "\(name) complete: \(done(report))\(fetched(report))\(snapshot(report)).", meaning: .strong)
    case (false, true):
      let failed = Measures.count(report.failures.count, "file") + " failed"
      let untried = report.untried.isEmpty ? "" : ", \(report.untried.count) not tried"
      page.paragraph(
        "\(name) partial: \(done(report)), \(failed)\(untried)\(fetched(report))\(snapshot(report)).",
        meaning: .strong)
      page.paragraph("What failed keeps what it had; run it again to try once more.")
    }
    advice(report, &page)
  }

  private static func advice(_ report: ApplyReport, _ page: inout Page) {
    if report.removed + report.replaced > 0 {
      page.paragraph("What was taken out of the trees stays in the store.")
    }
    guard report.snapshot != nil else { return }
    switch report.run {
    case .apply, .word:
      // A repair puts back what the last snapshot has: going back would change nothing.
      guard
        !report.changed || report.counts.contains(where: { $0 != "repaired" && $1 > 0 })
          || report.companions.contains(where: { $0.kind != .repair })
      else { return }
      page.paragraph("`civsync rollback \(report.undo)` undoes it.")
    case .rollback(_, let further):
      page.paragraph(
        "`civsync rollback HEAD~1` undoes this rollback"
          + (further.map { "; `civsync rollback \($0)` goes further back." } ?? "."))
    }
  }

  private static func name(_ run: ApplyReport.Run) -> String {
    switch run {
    case .apply: "Apply"
    case .rollback(let to, _): "Rollback to `\(to)`"
    case .word(let name): name.prefix(1).uppercased() + name.dropFirst()
    }
  }

  private static func done(_ report: ApplyReport) -> String {
    let files = report.counts.filter { $0.count > 0 }.map { "\($0.count) \($0.name)" }
    return (files + CompanionCount.done(report.companions)).joined(separator: ", ")
  }

  private static func fetched(_ report: ApplyReport, kept: Bool = false) -> String {
    guard report.fetchedBytes > .zero else { return "" }
    let verb = kept ? "fetched and kept" : "fetched"
    return " · \(verb) \(report.fetchedBytes) in \(Measures.duration(report.seconds))"
  }

  private static func snapshot(_ report: ApplyReport) -> String {
    report.snapshot.map { " · snapshot \($0)" } ?? ""
  }

  package static func json(_ report: ApplyReport) -> JSONNode {
    var run = "apply"
    var target: String?
    switch report.run {
    case .apply: break
    case .rollback(let to, _): (run, target) = ("rollback", to)
    case .word(let name): run = name
    }
    return .object([
      ("version", .int(1)),
      ("run", .string(run)),
      ("target", .optional(target, JSONNode.string)),
      ("done", .object(report.counts.map { ($0.name, .int($0.count)) })),
      (
        "companions",
        .object(
          CompanionAction.Kind.allCases.map { kind in
            (kind.rawValue, .int(Int64(report.companions.count { $0.kind == kind })))
          })
      ),
      (
        "failures",
        .array(
          report.failures.map {
            .object([("title", .string($0.title)), ("message", .string($0.message))])
          })
      ),
      ("untried", .array(report.untried.map(JSONNode.string))),
      ("aside", .array(report.aside.map(JSONNode.string))),
      ("left", .array(report.left.map(JSONNode.string))),
      ("blocked", .array(report.blocked.map(PlanJSON.blocked))),
      ("snapshot", .optional(report.snapshot, JSONNode.string)),
      ("fetchedFiles", .int(report.fetchedFiles)),
      ("fetchedBytes", .int(report.fetchedBytes.bytes)),
      ("seconds", .number(report.seconds)),
      ("manifests", .array(report.manifests.map(ManifestsView.node))),
      ("checks", .array(report.checks.map(check))),
      ("rolledBackTo", .optional(report.rolledBackTo, JSONNode.string)),
    ])
  }

  private static func check(_ check: CheckResult) -> JSONNode {
    .object([
      ("name", .string(check.name)), ("run", .string(check.command)),
      ("passed", .bool(check.passed)), ("verdict", .string(check.verdict)),
      ("output", .string(check.output)), ("cut", .bool(check.isCut)),
      ("seconds", .number(check.seconds)),
    ])
  }
}
