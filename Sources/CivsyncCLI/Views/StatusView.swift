package import Core

/// A placed file that is not as it was placed.
package struct Drift: Sendable, Hashable {
  package enum Kind: String, Sendable, CaseIterable {
    case missing
    case modified
    /// A link that leads elsewhere than into the store.
    case wrongLink = "wrong-link"
  }

  package var kind: Kind
  package var place: Place
  /// How it differs, where there is more to say.
  package var detail: String?

  package init(kind: Kind, place: Place, detail: String? = nil) {
    self.kind = kind
    self.place = place
    self.detail = detail
  }
}

/// How the trees stand to the last snapshot.
package struct StatusReport: Sendable {
  /// The last snapshot's short id; `nil` before the first apply.
  package var snapshot: String?
  /// Placed files that are as they shall be.
  package var intact: Int
  package var drift: [Drift]
  /// Sidecars and previews that the user has changed.
  package var edited = 0
  /// Placed files that tools may write to, and have.
  package var editedFiles = 0
  /// Files in the trees that civsync has nothing to do with.
  package var foreign: Int
  /// What an interrupted run left to be finished, in words.
  package var pending: String?
  /// Some of the drift shows to nobody who does not read the files.
  package var needsVerify: Bool

  package init(
    snapshot: String?, intact: Int, drift: [Drift] = [], foreign: Int = 0, pending: String? = nil,
    needsVerify: Bool = false
  ) {
    self.needsVerify = needsVerify
    self.snapshot = snapshot
    self.intact = intact
    self.drift = drift
    self.foreign = foreign
    self.pending = pending
  }
}

package enum StatusView {
  /// Every drifted file by name, then one line that says how it stands. Every line is ended.
  package static func human(
    _ report: StatusReport, _ options: ViewOptions = ViewOptions()
  ) -> String {
    var page = Page(options)
    for kind in Drift.Kind.allCases {
      let drift = report.drift.filter { $0.kind == kind }
      guard !drift.isEmpty else { continue }
      page.heading("\(name(kind)): \(Measures.count(drift.count, "file"))", .changed)
      for item in drift {
        page.pathItem(symbol(kind), item.place.description, meaning: meaning(kind))
        if let detail = item.detail { page.paragraph(detail, indent: 4) }
      }
    }
    page.gap()
    page.paragraph(summary(report), meaning: .strong)
    if report.editedFiles > 0 {
      let count = Measures.count(report.editedFiles, "editable file")
      page.paragraph("\(count) edited: kept as your tools left them.", meaning: .faint)
    }
    if report.edited > 0 {
      let count = Measures.count(report.edited, "sidecar or preview", "sidecars or previews")
      page.paragraph("\(count) changed by you: kept as you left them.", meaning: .faint)
    }
    if report.foreign > 0 {
      let count = Measures.count(report.foreign, "other file")
      page.paragraph(
        "\(count) in the trees \(report.foreign == 1 ? "is" : "are") not civsync's.",
        meaning: .faint)
    }
    if !report.drift.isEmpty {
      page.paragraph("`civsync plan` shows what would repair it, `civsync apply` does it.")
      if report.needsVerify {
        page.paragraph("With `--verify` they find what only reading tells.")
      }
    }
    if let pending = report.pending {
      page.paragraph("Warning: \(pending)", hanging: 2, meaning: .attention)
    }
    return page.text
  }

  private static func summary(_ report: StatusReport) -> String {
    guard let snapshot = report.snapshot else {
      return "Nothing is placed yet: the first `civsync apply` does that."
    }
    guard !report.drift.isEmpty else {
      if report.pending != nil {
        let files = Measures.count(report.intact, "file")
        return "Interrupted: \(files) as snapshot \(snapshot) placed "
          + "\(report.intact == 1 ? "it" : "them"), and a change is to be brought to its end."
      }
      return report.intact == 0
        ? "Clean: snapshot \(snapshot) places no file."
        : "Clean: \(Measures.count(report.intact, "file")) as snapshot \(snapshot) placed "
          + "\(report.intact == 1 ? "it" : "them")."
    }
    let counts = Drift.Kind.allCases.compactMap { kind -> String? in
      let count = report.drift.count { $0.kind == kind }
      return count > 0 ? "\(count) \(name(kind).lowercased())" : nil
    }
    return "Drift: \(counts.joined(separator: ", ")); \(report.intact) as snapshot \(snapshot) "
      + "placed \(report.intact == 1 ? "it" : "them")."
  }

  private static func name(_ kind: Drift.Kind) -> String {
    switch kind {
    case .missing: "Missing"
    case .modified: "Modified"
    case .wrongLink: "Wrong link"
    }
  }

  private static func symbol(_ kind: Drift.Kind) -> String {
    switch kind {
    case .missing: "-"
    case .modified: "~"
    case .wrongLink: "@"
    }
  }

  private static func meaning(_ kind: Drift.Kind) -> TextMeaning {
    kind == .missing ? .removed : .changed
  }

  package static func json(_ report: StatusReport) -> JSONNode {
    .object([
      ("version", .int(1)),
      ("snapshot", .optional(report.snapshot, JSONNode.string)),
      ("clean", .bool(report.drift.isEmpty && report.pending == nil)),
      ("intact", .int(report.intact)),
      (
        "drift",
        .array(
          report.drift.map { item in
            .object([
              ("kind", .string(item.kind.rawValue)),
              ("place", PlanJSON.place(item.place)),
              ("detail", .optional(item.detail, JSONNode.string)),
            ])
          })
      ),
      ("edited", .int(report.edited)),
      ("editedFiles", .int(report.editedFiles)),
      ("foreign", .int(report.foreign)),
      ("pending", .optional(report.pending, JSONNode.string)),
    ])
  }
}
