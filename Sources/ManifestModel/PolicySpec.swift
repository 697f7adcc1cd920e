package import Core
package import Diagnostics

/// What is let in at all: rules over everything that the collections select. What does not meet one
/// is blocked with the rule's place; what is placed stays.
package struct PolicySpec: Sendable {
  /// The file's format must be one of these. The catalogue's words, compared without regard to case.
  package var formats: Located<[String]>?
  /// What the file's scan must have said, whatever the collections allow.
  package var scan: Located<ScanPolicy>?
  /// Uses that the model's creator must allow, each of them: `Image`, `Rent`, `RentCivit`, `Sell`.
  /// A model that does not tell allows none.
  package var commercialUse: Located<[String]>?
  package var baseModels: Located<[Pattern]>?
  /// The largest file.
  package var maxFile: Located<ByteCount>?
  /// All files together, each content once.
  package var maxTotal: Located<ByteCount>?

  package init() {}
}

/// Which snapshots keep everything that going back to them needs.
package struct KeepSpec: Hashable, Sendable {
  /// The last so many.
  package var last = 10
  /// Those of the last so many days.
  package var withinDays = 90
  /// Those that have a tag.
  package var tagged = true

  package init() {}
}

/// A command that is run after an apply, and whose failure takes the apply back.
package struct CheckSpec: Sendable {
  package var name: String
  /// For the shell, in the project's folder.
  package var command: String
  package var timeoutSeconds: Int
  package var span: Span

  package init(name: String, command: String, timeoutSeconds: Int, span: Span) {
    self.name = name
    self.command = command
    self.timeoutSeconds = timeoutSeconds
    self.span = span
  }
}
