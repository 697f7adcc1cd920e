import Core
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
      (manifest.objects, "object"),
    ]
    parts += selected.filter { $0.0 > 0 }.map { Measures.count($0.0, $0.1) }
    let warnings = manifest.warnings.count { $0.severity == .warning }
    let but = warnings > 0 ? ", with \(Measures.count(warnings, "warning"))" : ""
    var page = Page(options)
    page.paragraph("\(manifest.name) is valid\(but): \(parts.joined(separator: ", "))")
    if manifest.files.count > 1 {
      let names = manifest.files.map { file in
        switch file.role {
        case .manifest: "`\(file.name)`"
        case .include: "`\(file.name)` (included)"
        case .overlay: "`\(file.name)` (overlay)"
        }
      }
      page.paragraph("read: " + names.joined(separator: ", "))
    }
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
          ("objects", .int(manifest.objects)),
          (
            "files",
            .array(
              manifest.files.map {
                .object([("file", .string($0.name)), ("role", .string($0.role.rawValue))])
              })
          ),
        ])
      ),
    ])
  }
}
