internal import Core
internal import Diagnostics
internal import YAMLSource

extension Decoder {
  static let fileKeys = [
    "types", "formats", "precision", "size", "quantType", "only", "all", "primary", "maxSize",
  ]
  static let onlyKeys = ["precision", "size", "quantType"]

  /// `files:` laid over what was said before: each key that stands here replaces its namesake.
  func files(_ node: YAMLNode?, over base: FilePolicy) -> FilePolicy {
    guard let node,
      let fields = fields(
        node, of: "`files`", known: Self.fileKeys,
        example: "`files: { types: [Model, VAE], formats: [SafeTensor] }`")
    else { return base }
    var policy = base
    if let node = fields["types"] {
      policy.types = words(node, "`types`", of: "file types", known: SiteWords.fileTypes)
    }
    if let node = fields["formats"] {
      policy.formats = words(node, "`formats`", of: "formats", known: SiteWords.formats)
    }
    if let node = fields["precision"] {
      policy.precision = texts(node, "`precision`", of: "precisions").map(\.value)
    }
    if let node = fields["size"] { policy.size = choice(node, "`size`") ?? policy.size }
    if let node = fields["quantType"] {
      policy.quantType = texts(node, "`quantType`", of: "quantisations").map(\.value)
    }
    if let node = fields["only"] { policy.only = only(node, over: base.only) }
    if let node = fields["all"] { policy.all = boolean(node, "`all`") ?? policy.all }
    if let node = fields["primary"] {
      policy.primary = boolean(node, "`primary`") ?? policy.primary
    }
    if let node = fields["maxSize"] { policy.maxSize = size(node, "`maxSize`") ?? policy.maxSize }
    return policy
  }

  private func only(_ node: YAMLNode, over base: FileFilter) -> FileFilter {
    guard
      let fields = fields(
        node, of: "`only`", known: Self.onlyKeys, example: "`only: { precision: fp8 }`")
    else { return base }
    var filter = base
    if let node = fields["precision"] {
      filter.precision = texts(node, "`precision`", of: "precisions").map(\.value)
    }
    if let node = fields["size"] { filter.size = choice(node, "`size`") ?? filter.size }
    if let node = fields["quantType"] {
      filter.quantType = texts(node, "`quantType`", of: "quantisations").map(\.value)
    }
    return filter
  }

  /// Words of an open set.
  func words(_ node: YAMLNode, _ what: String, of things: String, known: [String])
    -> [String]
  {
    texts(node, what, of: things).map { word in
      ask(about: word, known: known)
      return word.value
    }
  }

  /// Patterns over an open set of words; `known` may be empty.
  func patterns(_ node: YAMLNode, _ what: String, of things: String, known: [String] = [])
    -> [Located<Pattern>]
  {
    texts(node, what, of: things).map { word in
      let pattern = Pattern(word.value)
      if pattern.isLiteral { ask(about: word, known: known) }
      return Located(pattern, at: word.span)
    }
  }

  /// A word that civsync does not know is taken as it is: the catalogue grows. One letter beside a
  /// known one is worth a question.
  private func ask(about word: Located<String>, known: [String]) {
    let lower = word.value.lowercased()
    guard !known.contains(where: { $0.lowercased() == lower }),
      let near = nearest(word.value, among: known)
    else { return }
    report(
      .unknownWord, "\(quoted(word.value)) is no word of the catalogue that civsync knows",
      at: word.span, help: "did you mean `\(near)`? it is taken as it stands", severity: .warning)
  }
}
