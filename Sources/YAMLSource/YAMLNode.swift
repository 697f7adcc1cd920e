package import Diagnostics

/// A piece of a YAML document that knows where it stands. Aliases are already replaced by what they
/// name (with the anchor's place), merges already merged.
package struct YAMLNode: Sendable {
  package enum Content: Sendable {
    case scalar(YAMLScalar)
    case sequence([YAMLNode])
    /// In the order of the file, without two pairs of one key.
    case mapping([YAMLPair])
  }

  package let content: Content
  package let span: Span
  /// How many nodes this one holds, itself included, with aliases expanded.
  package let weight: Int
  /// How many sequences and mappings stand inside one another here, with aliases expanded.
  package let height: Int

  package init(content: Content, span: Span) {
    let parts: [YAMLNode] =
      switch content {
      case .scalar: []
      case .sequence(let items): items
      case .mapping(let pairs): pairs.map(\.value)
      }
    self.content = content
    self.span = span
    weight = parts.reduce(1) { $0 + $1.weight }
    if case .scalar = content {
      height = 0
    } else {
      height = 1 + (parts.map(\.height).max() ?? 0)
    }
  }

  init(content: Content, span: Span, weight: Int, height: Int) {
    self.content = content
    self.span = span
    self.weight = weight
    self.height = height
  }

  package var scalar: YAMLScalar? {
    if case .scalar(let scalar) = content { scalar } else { nil }
  }

  /// Whether YAML reads it as nothing: an empty plain value, `~` or `null`. What a variable stands
  /// for is never nothing.
  package var isNull: Bool {
    guard let scalar, scalar.isPlain, !scalar.isExpanded else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(scalar.text)
  }
}

/// A single value, as text: what it means is for its reader to say.
package struct YAMLScalar: Hashable, Sendable {
  package enum Style: Hashable, Sendable {
    case plain, singleQuoted, doubleQuoted, literal, folded
  }

  package let text: String
  package let style: Style
  /// Whether it was tagged `!!str`.
  package let isTaggedText: Bool
  /// Whether its reader put something else in the place of what stands in the file.
  package let isExpanded: Bool

  init(text: String, style: Style, isTaggedText: Bool, isExpanded: Bool = false) {
    self.text = text
    self.style = style
    self.isTaggedText = isTaggedText
    self.isExpanded = isExpanded
  }

  /// The same scalar with another text in it.
  package func expanded(to text: String) -> YAMLScalar {
    YAMLScalar(text: text, style: style, isTaggedText: isTaggedText, isExpanded: true)
  }

  /// Whether it may be read as a number, a truth value or nothing, and not as text only.
  package var isPlain: Bool { style == .plain && !isTaggedText }
}

package struct YAMLPair: Sendable {
  /// The key's text.
  package let name: String
  package let keySpan: Span
  package let value: YAMLNode

  package init(name: String, keySpan: Span, value: YAMLNode) {
    self.name = name
    self.keySpan = keySpan
    self.value = value
  }
}

/// What a document may cost; more is refused with its place.
package struct YAMLLimits: Hashable, Sendable {
  /// Bytes of the file.
  package var bytes = 4 << 20
  /// Sequences and mappings inside one another, with aliases expanded.
  package var depth = 64
  /// Bytes of one scalar.
  package var scalar = 64 << 10
  /// Nodes, with aliases expanded.
  package var nodes = 500_000

  package init() {}
}

/// What is wrong with a YAML text. Each code stands in `Docs/Diagnostics.md`.
package enum YAMLCode: String, CaseIterable, Sendable {
  case tooLarge = "Y001"
  case notUTF8 = "Y002"
  case nul = "Y003"
  case control = "Y004"
  case tab = "Y005"
  case syntax = "Y006"
  case tooDeep = "Y007"
  case longScalar = "Y008"
  case tooManyNodes = "Y009"
  case unknownAlias = "Y010"
  case secondDocument = "Y011"
  case duplicateKey = "Y012"
  case tag = "Y013"
  case badMerge = "Y014"
  case keyNotText = "Y015"
}
