import Core
package import Engine

/// What there is to say of the lock. Every line is ended.
package enum LockView {
  package static func human(
    _ standing: LockStanding, _ options: ViewOptions = ViewOptions()
  ) -> String {
    var page = Page(options)
    guard standing.isInStep else {
      page.paragraph(
        "The lock is not what the last snapshot has: \(differences(standing)).", meaning: .strong)
      page.paragraph(
        standing.files == nil
          ? "`civsync apply` writes it anew; `git checkout civsync.lock` brings an older one back."
          : "`civsync plan` shows what the manifest and the lock ask for beyond the snapshot.")
      return page.text
    }
    switch (standing.files, standing.recorded) {
    case (nil, nil): page.paragraph("There is no lock yet: the first `civsync apply` writes it.")
    case (let files?, _) where files > 0:
      page.paragraph("The lock is what the last snapshot has: \(Measures.count(files, "file")).")
    default: page.paragraph("The lock is what the last snapshot has: no file.")
    }
    return page.text
  }

  private static func differences(_ standing: LockStanding) -> String {
    if standing.files == nil { return "it is not there" }
    if standing.recorded == nil {
      return "it has \(Measures.count(standing.onlyInLock, "file")), and there is no snapshot yet"
    }
    let parts = [
      (standing.onlyInLock, "only in the lock"), (standing.onlyInSnapshot, "only in the snapshot"),
      (standing.different, "with other facts"),
    ]
    return parts.filter { $0.0 > 0 }.map { "\($0) \($1)" }.joined(separator: ", ")
  }

  package static func json(_ standing: LockStanding) -> JSONNode {
    .object([
      ("version", .int(1)),
      ("inStep", .bool(standing.isInStep)),
      ("files", .optional(standing.files, JSONNode.int)),
      ("recordedFiles", .optional(standing.recorded, JSONNode.int)),
      ("onlyInLock", .int(standing.onlyInLock)),
      ("onlyInSnapshot", .int(standing.onlyInSnapshot)),
      ("different", .int(standing.different)),
    ])
  }

  /// - Parameter settled: `nil` when there was no conflict.
  package static func human(
    _ settled: SettledLock?, _ options: ViewOptions = ViewOptions()
  ) -> String {
    var page = Page(options)
    guard let settled else {
      page.paragraph("Nothing to settle: the lock has no conflict.")
      return page.text
    }
    if !settled.disputed.isEmpty {
      page.heading(
        "In other places on each side: \(Measures.count(settled.disputed.count, "file"))",
        .attention)
      for item in settled.disputed {
        page.item("?", DisplayText.title(item.title), meaning: .attention)
        page.pathItem("kept  ", list(item.kept), indent: 4, meaning: .faint)
        page.pathItem("theirs", list(item.given), indent: 4, meaning: .faint)
      }
      page.gap()
    }
    page.paragraph(
      "Settled \(Measures.count(settled.conflicts, "conflict")) in the lock: "
        + "\(Measures.count(settled.entries.count, "file")), \(settled.onlyOurs) only ours, "
        + "\(settled.onlyTheirs) only theirs.", meaning: .strong)
    page.paragraph(
      "Next: `civsync plan` shows what the manifest makes of it: what it does not select goes.")
    return page.text
  }

  private static func list(_ places: [Place]) -> String {
    places.isEmpty ? "no place" : places.map(\.description).joined(separator: ", ")
  }

  package static func json(_ settled: SettledLock?) -> JSONNode {
    .object([
      ("version", .int(1)),
      ("conflicts", .int(settled?.conflicts ?? 0)),
      ("files", .optional(settled?.entries.count, JSONNode.int)),
      ("onlyOurs", .int(settled?.onlyOurs ?? 0)),
      ("onlyTheirs", .int(settled?.onlyTheirs ?? 0)),
      (
        "disputed",
        .array(
          (settled?.disputed ?? []).map { item in
            .object([
              ("title", .string(item.title)),
              ("kept", .array(item.kept.map(PlanJSON.place))),
              ("theirs", .array(item.given.map(PlanJSON.place))),
            ])
          })
      ),
    ])
  }
}
