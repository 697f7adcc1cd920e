internal import Core
internal import Diagnostics
internal import YAMLSource

/// The trees of a manifest while it is read.
struct Trees {
  /// Those that the manifest names, in its order; `nil` when it names none that can be used.
  var named: [TreeSpec]?
  /// What a root of its own in a collection is laid out by.
  var layout = Layout.preset(.comfyui)
  /// Those that only a collection's `root:` makes.
  var own: [TreeSpec] = []

  var all: [TreeSpec] { (named ?? []) + own }

  /// The tree at a root. One that the manifest does not name is named by its path: names stand in
  /// snapshots, and the path says what it is, whichever collection asks for it and however that is
  /// called.
  mutating func tree(at root: AbsolutePath, span: Span) -> TreeName {
    if let known = all.first(where: { $0.root == root }) { return known.name }
    let tree = TreeSpec(name: TreeName(root.string), root: root, layout: layout, span: span)
    own.append(tree)
    return tree.name
  }
}

extension Decoder {
  static let treeKeys = ["root", "layout", "link"]
  /// Bytes of a tree's name.
  private static let treeNameLimit = 60

  /// `trees:`, or the one tree that `root:` and `layout:` make.
  func trees(_ fields: Fields, _ start: Span) -> Trees {
    var trees = Trees()
    if let pair = fields.pairs["trees"] {
      for other in ["root", "layout"].compactMap({ fields.pairs[$0] }) {
        twoForms("`\(other.name)` and `trees` both say where the files go", other, pair)
      }
      trees.named = treeMap(pair.value)
      return trees
    }
    let layout = fields["layout"].map { self.layout($0) } ?? .preset(.comfyui)
    guard let node = fields["root"] else {
      report(
        .noRoot, "the manifest has no `root`", at: start,
        help: "name the folder that your tool reads: `root: ~/ComfyUI/models`")
      return trees
    }
    guard let root = path(node, "`root`"), let layout else { return trees }
    trees.layout = layout
    trees.named = [TreeSpec(name: .main, root: root, layout: layout, span: node.span)]
    return trees
  }

  private func treeMap(_ node: YAMLNode) -> [TreeSpec]? {
    let example = "`trees: { comfy: { root: ~/ComfyUI/models, layout: comfyui } }`"
    guard let fields = fields(node, of: "`trees`", known: nil, example: example) else { return nil }
    if fields.inOrder.isEmpty {
      report(
        .noRoot, "`trees` names no tree", at: node.span, help: "for example: \(example)")
    }
    var trees: [TreeSpec] = []
    for pair in fields.inOrder {
      guard let tree = tree(pair) else { continue }
      if let other = trees.first(where: { $0.root == tree.root }) {
        report(
          .sameRoot, "the trees `\(other.name)` and `\(tree.name)` have one root", at: tree.span,
          secondary: [Diagnostic.Label(span: other.span, text: "the other one")],
          help: "one folder is one tree: give each a root of its own, or remove one")
      }
      trees.append(tree)
    }
    return trees
  }

  private func tree(_ pair: YAMLPair) -> TreeSpec? {
    let name = pair.name
    let isFit =
      !name.isEmpty && name.utf8.count <= Self.treeNameLimit && !name.hasPrefix(".")
      && name.utf8.allSatisfy(Self.isTreeNameByte)
    if !isFit {
      report(
        .badName, "\(quoted(name)) cannot name a tree", at: pair.keySpan,
        help: "up to \(Self.treeNameLimit) letters of `a`-`z`, digits, `-`, `_` and `.`, "
          + "not beginning with `.`")
    }
    guard
      let fields = fields(
        pair.value, of: "the tree \(quoted(name))", known: Self.treeKeys,
        example: "`{ root: ~/ComfyUI/models, layout: comfyui }`")
    else { return nil }
    let layout = fields["layout"].map { self.layout($0) } ?? .preset(.comfyui)
    let link = fields["link"].flatMap { choice($0, "`link`", as: LinkPreference.self) }
    guard let node = fields["root"] else {
      report(
        .noRoot, "the tree \(quoted(name)) has no `root`", at: pair.keySpan,
        help: "name the folder that your tool reads: `root: ~/ComfyUI/models`")
      return nil
    }
    guard let root = path(node, "`root`"), let layout, isFit else { return nil }
    return TreeSpec(
      name: TreeName(name), root: root, layout: layout, link: link, span: node.span)
  }

  private static func isTreeNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
      UInt8(ascii: "."):
      true
    default: false
    }
  }

  /// Where a collection goes: to the trees it names, to a root of its own, or to every tree.
  func choose(_ fields: Fields, _ trees: inout Trees) -> [TreeName] {
    let named = (trees.named ?? []).map(\.name)
    if let root = fields.pairs["root"] {
      if let pair = fields.pairs["trees"] {
        twoForms("`root` and `trees` both say where this collection goes", root, pair)
      }
      return path(root.value, "`root`").map { [trees.tree(at: $0, span: root.value.span)] } ?? []
    }
    guard let node = fields["trees"] else { return named }
    if case .sequence(let items) = node.content, items.isEmpty {
      report(
        .emptyFilter, "`trees` is an empty list, so the files go nowhere", at: node.span,
        help: "name a tree, or remove the key: then the files go to all of them")
    }
    var chosen: [TreeName] = []
    for text in texts(node, "`trees`", of: "names of trees") {
      let name = TreeName(text.value)
      if !named.contains(name) {
        // Without any tree, that alone is the mistake.
        if trees.named != nil { unknownTree(text, named) }
      } else if !chosen.contains(name) {
        chosen.append(name)
      }
    }
    return chosen
  }

  private func unknownTree(_ text: Located<String>, _ named: [TreeName]) {
    report(
      .unknownTree, "there is no tree \(quoted(text.value))", at: text.span,
      help: nearest(text.value, among: named.map(\.name)).map { "did you mean `\($0)`?" }
        ?? "known: \(named.map { "`\($0)`" }.joined(separator: ", "))")
  }

  private func twoForms(_ message: String, _ pair: YAMLPair, _ other: YAMLPair) {
    report(
      .twoForms, message, at: pair.keySpan,
      secondary: [Diagnostic.Label(span: other.keySpan, text: "the other one")],
      help: "remove one of them")
  }
}
