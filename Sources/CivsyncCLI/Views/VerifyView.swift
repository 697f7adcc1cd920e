import Core
package import Engine

/// What a verification found.
package enum VerifyView {
  /// Every damaged object by the places that show it, then what is not as it should be, then one line
  /// that says how it stands.
  package static func human(
    _ report: VerifyReport, offsetMinutes: Int, _ options: ViewOptions = ViewOptions()
  ) -> String {
    var page = Page(options)
    for kind in VerifyReport.Kind.allCases {
      let damaged = report.damaged.filter { $0.kind == kind }
      guard !damaged.isEmpty else { continue }
      page.heading("\(heading(kind)): \(Measures.count(damaged.count, "object"))", .removed)
      for damage in damaged { show(damage, &page) }
    }
    rest(report, offsetMinutes, &page)
    if !report.damaged.isEmpty {
      page.paragraph(
        "No command takes them for sound. `civsync verify --repair` restores what it can, and keeps what "
          + "they hold.")
    } else if !report.remarks.isEmpty {
      page.paragraph("`civsync verify --repair` sets that right.")
    }
    if let pending = report.pending {
      page.paragraph("Warning: \(pending)", hanging: 2, meaning: .attention)
    }
    return page.text
  }

  /// What is to be said beside the damaged objects.
  static func rest(_ report: VerifyReport, _ offsetMinutes: Int, _ page: inout Page) {
    remarks(report, &page)
    strays(report, &page)
    page.gap()
    page.paragraph(summary(report), meaning: .strong)
    for tree in report.leftOut {
      page.paragraph(
        "The tree `\(tree.tree)` at `\(tree.root)` was left out: \(tree.why)", hanging: 2,
        meaning: .attention)
    }
    coverage(report, offsetMinutes, &page)
  }

  static func heading(_ kind: VerifyReport.Kind) -> String {
    switch kind {
    case .rot: "Bit rot"
    case .edited: "Edited"
    case .truncated: "Cut off"
    case .unreadable: "Unreadable"
    case .notAFile: "No file"
    case .missing: "Missing"
    }
  }

  /// Says of a damaged object where it shows and how it differs.
  static func show(_ damage: VerifyReport.Damage, _ page: inout Page) {
    // Who meets the damage comes first.
    let places =
      damage.places.filter { $0.standing == .shared }
      + damage.places.filter { $0.standing != .shared }
    guard let first = places.first else {
      page.pathItem("!", "sha256 \(damage.digest.hex)", meaning: .removed)
      return page.paragraph(how(damage), indent: 4)
    }
    page.pathItem("!", first.place.description, meaning: .removed)
    if let text = standing(first.standing, damage.kind) { page.paragraph(text, indent: 4) }
    page.paragraph(how(damage), indent: 4)
    page.paragraph("sha256 \(damage.digest.hex)", indent: 4, meaning: .faint)
    for shown in places.dropFirst() {
      let text = standing(shown.standing, damage.kind).map { ": \($0)" } ?? ""
      page.pathItem("also", shown.place.description + text, indent: 4, meaning: .removed)
    }
  }

  private static func standing(
    _ standing: VerifyReport.Standing, _ kind: VerifyReport.Kind
  ) -> String? {
    switch standing {
    case .shared where kind == .missing: "a link to it, which leads nowhere"
    case .shared: nil
    case .own: "the place has bytes of its own, which look as they were placed"
    case .changed: "the place was changed since it was placed"
    case .absent: "nothing is at the place"
    }
  }

  private static func how(_ damage: VerifyReport.Damage) -> String {
    let size = damage.bytes.map { ByteCount($0).description } ?? "?"
    switch damage.kind {
    case .rot: return "other content; size and time are those that it was stored with"
    case .edited:
      guard let expected = damage.expectedBytes, expected != damage.bytes else {
        return "other content of the same size: it was written to"
      }
      return "\(size) in the place of \(ByteCount(expected)): it was written to"
    case .truncated:
      return damage.expectedBytes.map { "\(size) of \(ByteCount($0)) are there" } ?? "it is empty"
    case .unreadable: return damage.reason ?? "it cannot be read"
    case .notAFile: return "something that is no file stands at the object's name"
    case .missing: return "the store does not have it"
    }
  }

  private static func remarks(_ report: VerifyReport, _ page: inout Page) {
    let modes = report.remarks.filter { $0.kind == .permissions }
    let times = report.remarks.filter { $0.kind == .time }
    guard !modes.isEmpty || !times.isEmpty else { return }
    page.gap()
    if let first = modes.first?.mode {
      page.paragraph(
        "\(Measures.count(modes.count, "object")) \(modes.count == 1 ? "has" : "have") other "
          + "permissions than read-only for all (\(String(first, radix: 8))).", meaning: .attention)
    }
    if !times.isEmpty {
      page.paragraph(
        "\(Measures.count(times.count, "object")) \(times.count == 1 ? "is" : "are") sound, and "
          + "another time says otherwise: each look has to read \(times.count == 1 ? "it" : "them").",
        meaning: .attention)
    }
  }

  private static func strays(_ report: VerifyReport, _ page: inout Page) {
    guard !report.strays.isEmpty else { return }
    page.heading(
      "No part of the store: \(Measures.count(report.strays.count, "name"))", .attention)
    let elided = Elided(report.strays)
    for stray in elided.head { show(stray, &page) }
    if elided.hidden > 0 { page.paragraph(elided.notice, indent: 2) }
    for stray in elided.tail { show(stray, &page) }
  }

  private static func show(_ stray: VerifyReport.Stray, _ page: inout Page) {
    let size = stray.bytes.map { " (\(ByteCount($0)))" } ?? ""
    let what = stray.isTemporary ? ", left by a run that was ended" : ""
    page.pathItem("?", stray.path + size + what, meaning: .attention)
  }

  private static func summary(_ report: VerifyReport) -> String {
    if report.objects == 0, report.damaged.isEmpty { return "The store holds no object." }
    let took = "in \(Measures.duration(report.seconds))"
    let read =
      report.read == report.objects
      ? "\(Measures.count(report.objects, "object")), \(report.readBytes), \(took)"
      : "\(report.read) of \(Measures.count(report.objects, "object")), "
        + "\(Measures.part(report.readBytes, of: report.bytes)), \(took)"
    let counts = VerifyReport.Kind.allCases.compactMap { kind -> String? in
      let count = report.damaged.count { $0.kind == kind }
      return count > 0 ? "\(count) \(heading(kind).lowercased())" : nil
    }
    let begin = report.isStopped ? "Stopped: read " : "Read "
    guard !counts.isEmpty else {
      return begin + read + ": \(report.read == 1 ? "it is" : "all") sound."
    }
    return begin + read + ": \(report.sound) sound, \(counts.joined(separator: ", "))."
  }

  /// How far all runs together have come.
  private static func coverage(
    _ report: VerifyReport, _ offsetMinutes: Int, _ page: inout Page
  ) {
    if let sample = report.sample {
      page.paragraph("The sample was drawn with `--seed \(sample.seed)`.", meaning: .faint)
    }
    if report.isOutOfTime {
      page.paragraph("The time was over; the next run goes on with the rest.", meaning: .faint)
    }
    if report.neverRead > 0 {
      page.paragraph(
        "\(Measures.count(report.neverRead, "object")) "
          + "\(report.neverRead == 1 ? "was" : "were") never read since "
          + "\(report.neverRead == 1 ? "it" : "they") came.", meaning: .faint)
    } else if report.read < report.objects, let oldest = report.oldest {
      page.paragraph(
        "All were read since \(Measures.local(oldest, offsetMinutes)).", meaning: .faint)
    }
    if report.setAside > 0 {
      page.paragraph(
        "\(Measures.count(report.setAside, "object")) that "
          + "\(report.setAside == 1 ? "was" : "were") damaged before: `damaged/` of the store.",
        meaning: .faint)
    }
  }
}
