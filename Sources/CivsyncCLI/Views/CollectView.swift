import ContentStore
import Core
package import Engine
import GitStore
import ManifestModel

/// What a collection takes away, or would, why the rest stays, and what that costs.
package enum CollectView {
  /// The price and the result stand last, where they are read. Every line is ended.
  package static func human(
    _ report: CollectReport, offsetMinutes: Int, _ options: ViewOptions = ViewOptions()
  ) -> String {
    var page = Page(options)
    if let pending = report.pending {
      page.paragraph("Note: \(pending). What it needs stays.", meaning: .attention)
    }
    objects(report, &page)
    stays(report, &page)
    projects(report, &page)
    failures(report, &page)
    snapshots(report, offsetMinutes, &page)
    page.gap()
    page.paragraph(summary(report), meaning: .strong)
    for line in next(report) { page.paragraph(line) }
    return page.text
  }

  private static func objects(_ report: CollectReport, _ page: inout Page) {
    guard !report.freed.isEmpty || report.leftovers.count > 0 else { return }
    let bytes = report.freed.reduce(ByteCount.zero) { $0 + $1.bytes }
    let what =
      report.freed.isEmpty
      ? "what downloads left" : "\(Measures.count(report.freed.count, "object")), \(bytes)"
    page.heading("\(report.isDone ? "Freed" : "Free") \(what)", .removed)
    let sorted = report.freed.sorted { ($1.bytes, $0.digest) < ($0.bytes, $1.digest) }
    let elided = Elided(sorted)
    for object in elided.head { show(object, &page) }
    if elided.hidden > 0 { page.item(" ", elided.notice, meaning: .faint) }
    for object in elided.tail { show(object, &page) }
    if report.leftovers.count > 0 {
      let count = Measures.count(report.leftovers.count, "download")
      page.item(
        "-", "\(count) that nobody went on with for a week, \(report.leftovers.bytes)",
        meaning: .removed)
    }
  }

  private static func show(_ object: CollectReport.Object, _ page: inout Page) {
    let title = object.title.map { "\($0)  " } ?? ""
    page.item(
      "-", "\(title)\(object.bytes)  sha256 \(object.digest.short)", meaning: .removed)
  }

  private static func stays(_ report: CollectReport, _ page: inout Page) {
    guard !report.stays.isEmpty else { return }
    let count = report.stays.reduce(0) { $0 + $1.count }
    page.heading("Stays: \(Measures.count(count, "object"))")
    for stay in report.stays {
      let bytes = stay.bytes.map { ", \($0)" } ?? ""
      page.item(
        stay.reason.isIrreplaceable ? "!" : "=",
        "\(stay.count)\(bytes): \(words(stay.reason, report))",
        meaning: stay.reason.isIrreplaceable ? .attention : .faint)
    }
  }

  private static func words(_ reason: StayReason, _ report: CollectReport) -> String {
    switch reason {
    case .placed: return "the last snapshot needs them"
    case .snapshot: return "snapshots need them that are kept (\(keep(report)))"
    case .pending: return "an interrupted apply needs them"
    case .lock: return "`civsync.lock` names them"
    case .plan:
      return "a saved plan needs them: " + report.plans.map { "`\($0)`" }.joined(separator: ", ")
    case .project: return "other projects need them that use this store"
    case .linked: return "something outside the store is a name of the same file"
    case .young: return "published, or given another name, within the last \(span(report.grace))"
    case .adopted: return "they were your own files"
    case .local: return "declared by their digest, without an address"
    case .gone: return "the site has them no more, or not for everybody"
    case .unknown: return "no snapshot knows them"
    case .unanswered:
      return "the site did not say whether it still has them"
        + (report.unanswered.map { " (\($0))" } ?? "")
    }
  }

  private static func keep(_ report: CollectReport) -> String {
    var parts = ["the last \(max(1, report.keep.last))"]
    if report.keep.withinDays > 0 {
      parts.append("those of \(Measures.count(report.keep.withinDays, "day"))")
    }
    if report.keep.tagged { parts.append("those with a tag") }
    return parts.joined(separator: ", ")
  }

  private static func span(_ seconds: Int64) -> String {
    let units: [(Int64, String)] = [(86_400, "day"), (3_600, "hour"), (60, "minute")]
    let (unit, name) = units.first { seconds >= $0.0 && seconds % $0.0 == 0 } ?? (1, "second")
    return seconds == unit ? name : Measures.count(Int(seconds / unit), name)
  }

  private static func projects(_ report: CollectReport, _ page: inout Page) {
    let all = report.projects.map { ($0, false) } + report.forgotten.map { ($0, true) }
    guard !all.isEmpty else { return }
    page.heading("Other projects that use this store")
    for (project, isForgotten) in all {
      let objects = Measures.count(project.objects, "object")
      let folder = "`\(project.folder)`: \(objects)"
      if isForgotten {
        page.item("-", "\(folder), forgotten", meaning: .removed)
        continue
      }
      switch project.state {
      case .there: page.item("=", folder, meaning: .faint)
      case .gone, .elsewhere:
        let why = project.state == .gone ? "it is not there" : "it has another store now"
        page.item(
          "!",
          "\(folder); \(why). What it needs stays until `civsync gc --forget \(project.id)`",
          meaning: .attention)
      }
    }
  }

  private static func failures(_ report: CollectReport, _ page: inout Page) {
    guard !report.failures.isEmpty else { return }
    page.heading(
      "Could not be taken away: \(Measures.count(report.failures.count, "object"))", .attention)
    for failure in report.failures {
      page.item("x", "\(failure.digest.short): \(failure.message)", meaning: .attention)
    }
  }

  private static func snapshots(
    _ report: CollectReport, _ offsetMinutes: Int, _ page: inout Page
  ) {
    guard !report.losing.isEmpty else { return }
    let count = Measures.count(report.losing.count, "snapshot")
    page.heading(
      "\(report.isDone ? "No longer" : "Could no longer be") gone back to offline: \(count)",
      .removed)
    let elided = Elided(report.losing)
    for snapshot in elided.head { show(snapshot, offsetMinutes, &page) }
    if elided.hidden > 0 { page.item(" ", elided.notice, meaning: .faint) }
    for snapshot in elided.tail { show(snapshot, offsetMinutes, &page) }
  }

  private static func show(_ snapshot: SnapshotInfo, _ offsetMinutes: Int, _ page: inout Page) {
    let time = Measures.local(snapshot.time.seconds, offsetMinutes)
    page.item("-", "\(snapshot.id.short)  \(time)  \(snapshot.title)", meaning: .removed)
  }

  private static func summary(_ report: CollectReport) -> String {
    let bytes = report.freedBytes
    let stays = report.objects - report.freed.count
    guard !report.freed.isEmpty || report.leftovers.count > 0 else {
      return "Nothing \(report.isDone ? "was" : "to be") freed: all of "
        + "\(Measures.count(report.objects, "object")) \(report.objects == 1 ? "stays" : "stay")."
    }
    let verb = report.isDone ? "Freed" : "Would free"
    return "\(verb) \(bytes): \(report.freed.count) of \(Measures.count(report.objects, "object"))"
      + " · \(stays) \(stays == 1 ? "stays" : "stay")"
      + " · \(report.keptSnapshots) of \(Measures.count(report.snapshots, "snapshot")) kept"
  }

  /// What to do now.
  private static func next(_ report: CollectReport) -> [String] {
    var lines: [String] = []
    if report.isStopped { lines.append("Stopped: `civsync gc --yes` goes on.") }
    let mayFree = !report.freed.isEmpty || report.leftovers.count > 0 || !report.forgotten.isEmpty
    if !report.isDone, mayFree { lines.append("`civsync gc --yes` does it.") }
    if !report.losing.isEmpty, !report.isDone {
      lines.append(
        "To keep a snapshot give it a name (`civsync tag NAME REV`), or keep more: `keep:` in the "
          + "manifest.")
    }
    let irreplaceable = report.stays.filter(\.reason.isIrreplaceable)
    if !irreplaceable.isEmpty {
      let bytes = irreplaceable.compactMap(\.bytes).reduce(ByteCount.zero, +)
      lines.append(
        "What cannot be had again (\(bytes)) goes with `--irreplaceable` alone, for good.")
    }
    if report.stays.contains(where: { $0.reason == .unanswered }) {
      lines.append("Try again when the site answers; with `--offline` what is on record decides.")
    }
    if report.incomplete > 0 {
      let count = Measures.count(report.incomplete, "snapshot")
      lines.append("\(count) could not be gone back to offline before.")
    }
    return lines
  }
}
