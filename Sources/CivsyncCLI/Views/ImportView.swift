import Core
import Diagnostics
import Engine

/// What an import wrote.
enum ImportView {
  static func human(
    _ plan: ImportPlan, _ project: Project, locked: Int?, adoption: AdoptionMethod?,
    _ options: ViewOptions
  ) -> String {
    let manifest = project.manifest
    var page = Page(options)
    let files =
      "\(Measures.count(plan.models, "file")) of the site's models and "
      + "\(Measures.count(plan.objects, "other file"))"
    if plan.isUnchanged {
      page.paragraph("`\(manifest.name)` declares it all already: \(files).")
    } else {
      page.paragraph(
        "Wrote `\(manifest.name)`: \(files), each at its place, layout \(plan.layout).")
    }
    if let locked {
      page.paragraph("Wrote `\(project.lockFile.name)`: \(Measures.count(locked, "file")).")
    }
    if !plan.omissions.isEmpty {
      page.heading("Left out: \(Measures.count(plan.omissions.count, "file"))", .attention)
      let shown = Elided(plan.omissions, limit: 20)
      for omission in shown.head + shown.tail {
        page.item("·", "\(omission.path): \(omission.why)", meaning: .faint)
      }
      if shown.hidden > 0 { page.paragraph(shown.notice, indent: 2, meaning: .faint) }
      page.gap()
    }
    if adoption == .link {
      page.paragraph(
        "By link each original becomes a name of the store's file: it gets read-only, and what "
          + "writes into it in place no longer can.", meaning: .attention)
    }
    if adoption != nil {
      page.gap()
    } else {
      page.paragraph(
        "Next: `civsync plan` shows what would be adopted; `civsync apply` takes the files into the "
          + "store, where they stay yours.")
    }
    return page.text
  }

  static func json(_ plan: ImportPlan, _ manifest: AbsolutePath, written: Bool) -> JSONNode {
    .object([
      ("version", .int(1)), ("exit", .int(0)), ("manifest", .string(manifest.string)),
      ("written", .bool(written)), ("layout", .string(plan.layout)),
      ("models", .int(plan.models)), ("objects", .int(plan.objects)),
      (
        "omitted",
        .array(
          plan.omissions.map {
            .object([("path", .string($0.path)), ("why", .string($0.why))])
          })
      ), ("text", .string(plan.text)),
    ])
  }
}
