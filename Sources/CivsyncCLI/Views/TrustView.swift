import Core
package import Engine
import ManifestModel

/// The commands of a manifest, before somebody agrees to them. Every line is ended.
package enum TrustView {
  package static func human(
    _ inquiry: TrustInquiry, _ options: ViewOptions = ViewOptions()
  ) -> String {
    var page = Page(options)
    guard !inquiry.checks.isEmpty else {
      page.paragraph("The manifest has no commands: there is nothing to trust.")
      return page.text
    }
    page.heading("Commands of `\(inquiry.manifest)`")
    for check in inquiry.checks {
      page.paragraph("\(check.name), for at most \(check.timeoutSeconds) s", indent: 2)
      // A command is shown whole, however long it is.
      for line in check.command.split(separator: "\n", omittingEmptySubsequences: false) {
        page.pathItem("$", String(line), indent: 4, meaning: .attention)
      }
    }
    page.gap()
    page.paragraph(
      inquiry.isTrusted
        ? "They are trusted on this machine."
        : "They run by `/bin/sh` as you, in the project's folder, after each apply that changes "
          + "something.")
    return page.text
  }

  package static func json(_ inquiry: TrustInquiry) -> JSONNode {
    .object([
      ("version", .int(1)),
      ("manifest", .string(inquiry.manifest.string)),
      ("sha256", .string(inquiry.digest.hex)),
      ("trusted", .bool(inquiry.isTrusted)),
      (
        "checks",
        .array(
          inquiry.checks.map {
            .object([
              ("name", .string($0.name)), ("run", .string($0.command)),
              ("timeoutSeconds", .int($0.timeoutSeconds)),
            ])
          })
      ),
    ])
  }
}
