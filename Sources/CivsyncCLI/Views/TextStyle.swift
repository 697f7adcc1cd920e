/// What a piece of text means to its reader. A style may paint it; the words and symbols round it
/// say the same without any paint.
package enum TextMeaning: Sendable, CaseIterable {
  case added, removed, changed
  /// The user is asked for a decision, or should look.
  case attention
  /// A heading or a result.
  case strong
  /// Beside the point.
  case faint

  /// The parameters of the ANSI sequence that paints it.
  fileprivate var parameters: String {
    switch self {
    case .added: "32"
    case .removed: "31"
    case .changed: "33"
    case .attention: "1;33"
    case .strong: "1"
    case .faint: "2"
    }
  }
}

/// Paints text by its meaning with ANSI sequences, or leaves it as it is.
package struct TextStyle: Sendable, Hashable {
  package var isOn: Bool

  package init(isOn: Bool) { self.isOn = isOn }

  package static let plain = TextStyle(isOn: false)
  package static let ansi = TextStyle(isOn: true)

  /// The text in its paint. Empty text stays empty.
  package func paint(_ text: String, _ meaning: TextMeaning?) -> String {
    guard isOn, let meaning, !text.isEmpty else { return text }
    return "\u{1B}[\(meaning.parameters)m\(text)\u{1B}[0m"
  }
}

/// How a view shall look: the same for all of them.
package struct ViewOptions: Sendable, Hashable {
  /// The terminal's columns; `nil` where there is none: then nothing is cut or wrapped.
  package var width: Int?
  package var style: TextStyle

  /// - Parameter width: fewer than 20 columns are taken as 20.
  package init(width: Int? = nil, style: TextStyle = .plain) {
    self.width = width.map { max(20, $0) }
    self.style = style
  }
}
