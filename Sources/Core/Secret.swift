/// A value that must never be printed, logged or stored, such as an API token.
///
/// Every way Swift has of turning a value into text gives `<secret>`.
package struct Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{
  private let value: String

  package init(_ value: String) { self.value = value }

  package var isEmpty: Bool { value.isEmpty }
  package var description: String { "<secret>" }
  package var debugDescription: String { "<secret>" }
  package var customMirror: Mirror { Mirror(self, children: []) }

  /// The value itself, only for the header that carries it.
  package func reveal() -> String { value }
}
