/// Something in the site's answers that this civsync does not know. Decoding goes on without it.
package struct SiteNews: Hashable, Sendable, Comparable {
  package enum Kind: String, Sendable, Codable {
    /// A field that no answer had before.
    case field
    /// A known field with a value of another kind.
    case type
    /// A word that is not in the list of those that are known.
    case word
  }

  package var kind: Kind
  /// `page`, `model`, `version`, `file`, …
  package var place: String
  /// The field.
  package var name: String
  /// The word, or the kind of value; empty for a field.
  package var value: String

  package init(_ kind: Kind, _ place: String, _ name: String, _ value: String = "") {
    self.kind = kind
    self.place = place
    self.name = name
    self.value = value
  }

  package static func < (left: SiteNews, right: SiteNews) -> Bool {
    (left.kind.rawValue, left.place, left.name, left.value)
      < (right.kind.rawValue, right.place, right.name, right.value)
  }
}

/// How often it was seen, and where first.
package struct NewsCount: Sendable, Equatable {
  package var count: Int
  package var example: String

  package init(count: Int, example: String) {
    self.count = count
    self.example = example
  }
}
