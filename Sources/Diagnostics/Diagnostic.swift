/// One thing that a person should know: what happened, where, and what to do about it.
///
/// Messages start in lower case and put names and paths between back-ticks (see `quoted`).
package struct Diagnostic: Hashable, Sendable {
  package enum Severity: String, Hashable, Sendable, CaseIterable {
    case error, warning, note
  }

  /// A further place that belongs to the story, and what it has to do with it.
  package struct Label: Hashable, Sendable {
    package var span: Span
    package var text: String

    package init(span: Span, text: String) {
      self.span = span
      self.text = text
    }
  }

  /// Letter and number, such as `M003`; each stands once in `Docs/Diagnostics.md`.
  package var code: String
  package var severity: Severity
  package var message: String
  /// Where it is, when it is in a file.
  package var span: Span?
  /// A few words beside the caret.
  package var label: String?
  package var secondary: [Label]
  package var notes: [String]
  /// What to do.
  package var help: String?

  package init(
    code: String, severity: Severity = .error, message: String, span: Span? = nil,
    label: String? = nil, secondary: [Label] = [], notes: [String] = [], help: String? = nil
  ) {
    self.code = code
    self.severity = severity
    self.message = message
    self.span = span
    self.label = label
    self.secondary = secondary
    self.notes = notes
    self.help = help
  }
}

extension Sequence<Diagnostic> {
  /// Whether one of them is an error.
  package var hasErrors: Bool { contains { $0.severity == .error } }
}
