package import Diagnostics

/// Errors, warnings and notes, for people or for programs.
package enum ErrorView {
  /// A blank line between two; every line is ended. Empty for none.
  package static func human(
    _ diagnostics: [Diagnostic], _ options: ViewOptions = ViewOptions()
  ) -> String {
    guard !diagnostics.isEmpty else { return "" }
    let style = DiagnosticStyle(color: options.style.isOn, width: options.width)
    return diagnostics.rendered(style) + "\n"
  }

  /// - Parameter exit: the code that the command ends with.
  package static func json(_ diagnostics: [Diagnostic], exit: Int32) -> JSONNode {
    .object([
      ("version", .int(1)), ("exit", .int(Int64(exit))),
      ("diagnostics", .encoded(diagnostics.json)),
    ])
  }
}
