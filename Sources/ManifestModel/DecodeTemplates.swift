internal import Diagnostics
internal import YAMLSource

extension Decoder {
  /// A preset's name, or a template for each file's path.
  func layout(_ node: YAMLNode) -> Layout? {
    let words = LayoutPreset.allCases.map(\.rawValue)
    guard let scalar = node.scalar, !node.isNull else {
      wrongType(
        node, "`layout`", expected: "a tool's name or a template",
        help: "one of \(words.map { "`\($0)`" }.joined(separator: ", ")), or `\"{type}/{file}\"`")
      return nil
    }
    if let preset = LayoutPreset(rawValue: scalar.text) { return .preset(preset) }
    guard scalar.text.contains(where: { "{}/".contains($0) }) else {
      badChoice(scalar.text, "`layout`", at: node.span, words: words)
      return nil
    }
    guard let template = template(node, "`layout`") else { return nil }
    if !template.namesFile {
      report(
        .layoutWithoutFile, "the layout gives many files one path", at: node.span,
        help: "let it hold `{file}`, `{stem}` or `{fileId}`, or end it with `/`")
      return nil
    }
    return .template(template)
  }

  /// A path below the root, with or without placeholders.
  func template(_ node: YAMLNode, _ what: String) -> PathTemplate? {
    if case .mapping = node.content {
      needsQuotes(node)
      return nil
    }
    guard let text = text(node, what, expected: "a path below the root") else { return nil }
    do {
      return try PathTemplate(parsing: text)
    } catch {
      report(error, what, node)
      return nil
    }
  }

  private func report(_ problem: PathTemplate.Problem, _ what: String, _ node: YAMLNode) {
    let span = part(problem.range, of: node)
    switch problem.reason {
    case .unknownPlaceholder(let name):
      let names = PathTemplate.Placeholder.allCases.map(\.rawValue)
      report(
        .badTemplate, "unknown placeholder \(quoted("{" + name + "}"))", at: span,
        help: nearest(name, among: names).map { "did you mean `{\($0)}`?" }
          ?? "known: \(names.map { "`{\($0)}`" }.joined(separator: ", "))")
    case .badFallback:
      report(
        .badTemplate, "a text between quotes comes last and is a part of one name", at: span,
        help: "for example `{precision|baseModel|'any'}`")
    case .badLimit(let text):
      report(
        .badTemplate, "\(quoted(text)) is no number of bytes", at: span,
        help: "at most 255: `{model:40}`")
    case .unbalancedBrace:
      report(
        .badTemplate, "a brace of \(what) has no partner", at: span,
        help: "placeholders look like `{creator}`; `{{` and `}}` are the braces themselves")
    case .absolute:
      report(
        .placeOutside, "\(what) must be a path below the root", at: span,
        help: "leave the root out: `loras/{file}`")
    case .climbs:
      report(
        .placeOutside, "\(what) climbs out of the root", at: span,
        help: "a place cannot have `..` in it")
    case .empty, .badComponent:
      report(
        .badTemplate, "\(what) is not a path below the root", at: span,
        help: "names of at most 255 bytes between single slashes, none of them `.`")
    }
  }

  /// `place: {file}` without quotes is a map to YAML.
  private func needsQuotes(_ node: YAMLNode) {
    report(
      .badTemplate, "a template that begins with `{` needs quotes", at: headSpan(node),
      help: "write `\"{type}/{file}\"`: without quotes the braces make a map")
  }
}
