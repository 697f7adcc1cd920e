import Diagnostics
package import Engine

/// A manifest without an error.
package enum ValidView {
  /// One line: what it is called and what it declares.
  package static func human(
    _ manifest: ValidManifest, _ options: ViewOptions = ViewOptions()
  ) -> String {
    var parts = [Measures.count(manifest.collections, "collection")]
    let selected = [
      (manifest.users, "user"), (manifest.models, "model"), (manifest.versions, "version"),
    ]
    parts += selected.filter { $0.0 > 0 }.map { Measures.count($0.0, $0.1) }
    let warnings = manifest.warnings.count { $0.severity == .warning }
    let but = warnings > 0 ? ", with \(Measures.count(warnings, "warning"))" : ""
    var page = Page(options)
    page.paragraph("\(manifest.name) is valid\(but): \(parts.joined(separator: ", "))")
    return page.text
  }

  /// As ``ErrorView/json(_:exit:)`` has it, and what the manifest declares.
  package static func json(_ manifest: ValidManifest) -> JSONNode {
    .object([
      ("version", .int(1)), ("exit", .int(0)),
      ("diagnostics", .encoded(manifest.warnings.json)),
      (
        "manifest",
        .object([
          ("file", .string(manifest.name)),
          ("collections", .int(manifest.collections)),
          ("users", .int(manifest.users)),
          ("models", .int(manifest.models)),
          ("versions", .int(manifest.versions)),
        ])
      ),
    ])
  }
}
